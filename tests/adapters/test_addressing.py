"""What is meant for the bot, and what people say to each other."""

from collections.abc import Mapping

import pytest

from adapters.addressing import Addressing, Call, nothing_chosen
from bot.messages import Channel
from bot.preferences import Talk

ROOM = Channel("discord", "room", "village")
LOUD = Channel("discord", "loud", "village")
QUIET = Channel("discord", "quiet", "village")
PRIVATE = Channel("discord", "dm", "private:1", is_private=True)


class Choices:
    """What moderators chose, by channel."""

    def __init__(self, chosen: Mapping[str, Talk]) -> None:
        self._chosen = chosen

    async def talk(self, channel: Channel) -> Talk | None:
        return self._chosen.get(channel.id)


def addressing(
    *,
    names: tuple[str, ...] = ("Hearth", "小炉"),
    prefix: str = "!",
    chosen: Mapping[str, Talk] | None = None,
) -> Addressing:
    return Addressing(
        names=names,
        prefix=prefix,
        talk_channels=["loud", "quiet"],
        talk_of=Choices(chosen or {"quiet": Talk.NEVER}).talk,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Hello everybody",
        "The hearth is warm",
        "Hearthstone, what a game",
        "What do you think, Hearth?",
        "",
        "oh! no",
    ],
)
async def test_what_people_say_to_each_other_is_left_alone(text: str) -> None:
    call = await addressing().read(ROOM, text, is_direct=False)
    assert call == Call(text, is_to_bot=False)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Hearth, what is warm?", "what is warm?"),
        ("hearth what is warm?", "what is warm?"),
        ("Hey Hearth: what is warm?", "what is warm?"),
        ("HEARTH … what?", "what?"),
        ("小炉，你好", "你好"),
        ("!what is warm?", "what is warm?"),
        ("Hearth!", "Hearth!"),
        ("hello hearth", "hello hearth"),
    ],
)
async def test_a_name_or_sign_at_the_start_calls_it(text: str, meant: str) -> None:
    call = await addressing().read(ROOM, text, is_direct=False)
    assert call == Call(meant, is_to_bot=True)


async def test_without_names_and_sign_only_a_mention_calls_it() -> None:
    silent = addressing(names=("", " "), prefix="")
    assert not (await silent.read(ROOM, "!Hearth, hello", is_direct=False)).is_to_bot
    assert (await silent.read(ROOM, "hello", is_direct=True)).is_to_bot


@pytest.mark.parametrize(
    ("channel", "chosen", "is_direct", "is_to_bot"),
    [
        (LOUD, {}, False, True),
        (LOUD, {"loud": Talk.MENTION}, False, False),
        (LOUD, {"loud": Talk.MENTION}, True, True),
        (ROOM, {"room": Talk.ALWAYS}, False, True),
        (ROOM, {}, True, True),
        (ROOM, {"room": Talk.NEVER}, True, False),
        (PRIVATE, {"dm": Talk.NEVER}, False, True),
    ],
)
async def test_what_moderators_chose_wins_over_the_settings(
    channel: Channel, chosen: dict[str, Talk], is_direct: bool, is_to_bot: bool
) -> None:
    reading = addressing(chosen=chosen)
    call = await reading.read(channel, "Hello", is_direct=is_direct)
    assert call.is_to_bot is is_to_bot


async def test_commands_are_for_it_even_where_it_never_talks() -> None:
    assert (await addressing().read(QUIET, "/help", is_direct=False)).is_to_bot
    assert not (await addressing().read(QUIET, "Hearth?", is_direct=True)).is_to_bot


async def test_channel_is_known_by_its_other_id_too() -> None:
    reading = Addressing(
        names=(), prefix="", talk_channels=["-1007"], talk_of=nothing_chosen
    )
    here = Channel("telegram", "-7", "-7")
    for other, is_to_bot in (("-1007", True), ("-7", False)):
        call = await reading.read(here, "hello", is_direct=False, also_known_as=other)
        assert call.is_to_bot is is_to_bot
