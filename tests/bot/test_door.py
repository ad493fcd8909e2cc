"""Who is banned or muted gets no answer but one kind line a day."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

import pytest

from bot.messages import Author, Press, Role

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]

MO = Author("mo", "Mo", Role.MODERATOR)
MIA = Author("mia", "Mia", Role.MODERATOR)
OWNER = Author("owner", "Olga", Role.OWNER)
BEN = Author("ben", "Ben")
REPLY = {"reply": "Hello there."}


async def tell(bot: Any, who: Author, text: str, **more: Any) -> list[str]:
    """Write something and return what the writer reads of the bot because of it."""
    before = len(read_by(bot, who))
    bot.platform.say(who, text, **more)
    await bot.app.responder.idle()
    return read_by(bot, who)[before:]


def read_by(bot: Any, who: Author, channel: str = "general") -> list[str]:
    posted = bot.platform.platform.visible(bot.platform.channel(channel), who.id)
    return [one.message.text for one in posted if one.author is None]


async def test_banned_person_reads_one_private_line_and_no_answer(
    open_bot: OpenBot,
) -> None:
    async with open_bot(REPLY) as bot:
        assert await tell(bot, BEN, "Hello") == ["Hello there."]
        assert await tell(bot, MO, "/bot-ban Ben 2h spam") != []
        before = len(read_by(bot, MIA))
        (line,) = await tell(bot, BEN, "Hello?")
        assert line.startswith("You are banned from using me until ")
        assert "The moderators say: spam" in line
        assert "/appeal" in line
        assert await tell(bot, BEN, "Hello??") == []
        assert await tell(bot, BEN, "/status") == []
        assert read_by(bot, MIA)[before:] == []


async def test_press_of_a_banned_person_runs_nothing(open_bot: OpenBot) -> None:
    async with open_bot(REPLY) as bot:
        await tell(bot, MO, "/bot-ban ben", reply_to_id=None)
