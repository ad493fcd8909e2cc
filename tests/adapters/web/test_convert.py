import pytest

from adapters.web.convert import clean_name, is_addressed, message_event, name_key
from bot.clock import FakeClock
from bot.store.rooms import RoomMessage


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("good morning", False),
        ("Hearthstone is a game", False),
        ("", False),
        ("hearth, good morning", True),
        ("Hearth", True),
        ("what do you think, @HEARTH?", True),
        ("/help", True),
        ("7/8 of it", False),
    ],
)
def test_message_is_for_the_bot_when_it_says_so(text: str, expected: bool) -> None:
    assert is_addressed(text, "Hearth") is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("  Ann \n  Lee ", "Ann Lee"),
        ("A\u202enn\u200b", "Ann"),
        ("小明", "小明"),
        ("\x00\x07", ""),
        ("x" * 99, "x" * 32),
    ],
)
def test_name_is_one_visible_line(name: str, expected: str) -> None:
    assert clean_name(name) == expected


@pytest.mark.parametrize("name", ["hearth", "H e a r t h", "Ｈｅａｒｔｈ", "Héarth!"])
def test_names_that_look_alike_have_one_key(name: str) -> None:
    assert name_key(name) == name_key("Hearth")


@pytest.mark.parametrize("length", [10, 5_000, 50_000])
async def test_html_is_safe_at_any_length(length: int) -> None:
    message = RoomMessage(
        "m", "general", "p", "Ann", "<b>x" * length, FakeClock().now_utc()
    )
    event = await message_event(message)
    assert "<b>" not in event["html"]
    assert event["text"] == message.text
