import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.speakable import speakable


def said(text: str) -> str:
    return speakable(text, str)


@pytest.mark.parametrize(
    "text", ["", "   ", "🎉🎉", "---", "***", "\u200b", "```\n```"]
)
def test_what_has_no_sound_is_nothing_or_named(text: str) -> None:
    assert said(text) in {"", "Here stands code, which I leave out."}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is **warm** and _quiet_.", "It is warm and quiet."),
        ("# Tonight\n\nBread.", "Tonight.\nBread."),
        ("- one\n- two!\n1. three", "one.\ntwo!\nthree."),
        ("> quoted\n> twice", "quoted\ntwice."),
        ("a ~~b~~ c", "a b c."),
        ("Use `ls` now.", "Use ls now."),
        ("Use `" + "x" * 50 + "` now.", "Use (code) now."),
        (
            "Before\n\n```py\nsecret()\n```\n\nAfter",
            "Before.\nHere stands code, which I leave out.\nAfter.",
        ),
        ("[the page](https://www.a.org/x?y=1)", "the page, a link to a.org."),
        ("See https://a.org/very/long?x=1 now.", "See a link to a.org now."),
        ("<https://a.org/x>", "a link to a.org."),
        ("![a cat](cat.png)", "a picture: a cat."),
        ("Nice 🎉 day", "Nice day."),
        ("你好。", "你好。"),
        ("a <b>c</b>", "a <b>c</b>."),
        ("tab\tand  spaces", "tab and spaces."),
    ],
)
def test_text_is_written_as_it_sounds(text: str, expected: str) -> None:
    assert said(text) == expected


def test_marks_of_sounds_are_taken_out() -> None:
    """Piper would speak what stands between [[ and ]], which nobody has judged."""
    assert said("[[ h@l'oU ]]") == "[ h@l'oU ]."
    assert "[[" not in said("[[[[ x ]]]] [[[ y ]]]")


@given(st.text(st.sampled_from("ab *_`[]()#>-\n!<https://x.y1.|~🎉"), max_size=60))
def test_no_text_breaks_it_and_no_signs_of_sounds_are_left(text: str) -> None:
    heard = said(text)

    assert "[[" not in heard
    assert "]]" not in heard
    assert "```" not in heard
