"""Who is banned, muted or past their share gets one kind line, and no answer."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from bot.messages import Attachment, Author, Press, Role
from bot.reactions import Reaction

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]

MO = Author("mo", "Mo", Role.MODERATOR)
OWNER = Author("olga", "Olga", Role.OWNER)
BEN, ADA = Author("ben", "Ben"), Author("ada", "Ada")
HELLO = {"reply": "Hello there."}


async def tell(bot: Any, who: Author, text: str, **more: Any) -> list[str]:
    """Write something and return what the writer reads of the bot because of it."""
    before = len(read_by(bot, who))
    bot.platform.say(who, text, **more)
    await bot.app.responder.idle()
    return read_by(bot, who)[before:]


async def press(bot: Any, who: Author, command: str) -> list[str]:
    """Press a button with a command and return what the person reads then."""
    before = len(read_by(bot, who))
    here = bot.platform.channel("general")
    bot.app.responder.pressed(Press(here, who, command, "1", "press-1"))
    await bot.app.responder.idle()
    return read_by(bot, who)[before:]


def read_by(bot: Any, who: Author, channel: str = "general") -> list[str]:
    posted = bot.platform.platform.visible(bot.platform.channel(channel), who.id)
    return [one.message.text for one in posted if one.author is None]


def files_for(bot: Any, who: Author) -> tuple[Attachment, ...]:
    """Return the files of what the bot said last, as somebody sees it."""
    posted = bot.platform.platform.visible(bot.platform.channel("general"), who.id)
    files: tuple[Attachment, ...] = posted[-1].message.attachments
    return files


async def test_banned_person_reads_one_private_line_and_nothing_runs_for_them(
    open_bot: OpenBot,
) -> None:
    async with open_bot(
        HELLO, bot={"moderator_channels": ["fake:announcements"]}
    ) as bot:
        assert await tell(bot, BEN, "Hello") == ["Hello there."]
        assert (await tell(bot, MO, "/bot-ban Ben 2h spam"))[0].startswith("Ben is")
        before = read_by(bot, ADA)
        (line,) = await tell(bot, BEN, "Hello?")
        assert line.startswith("You are banned from using me until ")
        assert "The moderators say: spam" in line
        assert "/appeal" in line
        assert await tell(bot, BEN, "Hello??") == []
        assert await tell(bot, BEN, "/status") == []
        assert await press(bot, BEN, "/status") == []
        assert await tell(bot, BEN, "among us", is_to_bot=False) == []
        assert read_by(bot, ADA) == before
        assert "I keep:" in (await tell(bot, BEN, "/me"))[0]
        assert await tell(bot, BEN, "/appeal") == ["The moderators have it now."]
        assert await press(bot, BEN, "/appeal") == ["The moderators have this already."]
        (card,) = read_by(bot, MO, "announcements")
        assert card.startswith("Ben (ben) asks you to let them use me again.")
        bot.platform.press(MO, "Let them in again", channel="announcements")
        await bot.app.responder.idle()
        assert await tell(bot, BEN, "Hello") == ["Hello there."]
        assert await tell(bot, BEN, "/appeal") != []


async def test_moderators_and_owners_are_kept_away_by_no_moderator(
    open_bot: OpenBot,
) -> None:
    mia = Author("mia", "Mia", Role.MODERATOR)
    async with open_bot(HELLO, bot={"owners": ["fake:olga"]}) as bot:
        await tell(bot, mia, "Hello")
        await tell(bot, MO, "Hello")
        for line, why in (
            (
                "/bot-mute mia 10m",
                "That is a moderator too. Only an owner can do that.",
            ),
            ("/bot-ban mo", "You cannot do that to yourself."),
            ("/bot-ban olga", "I know nobody called olga here."),
            (
                "/bot-ban where=everywhere 12345",
                "Only the owner may do that everywhere.",
            ),
        ):
            assert (await tell(bot, MO, line))[0].startswith(why)
        await tell(bot, OWNER, "/bot-ban where=everywhere mia")
        assert (await tell(bot, mia, "Hello"))[0].startswith("You are banned")
        assert await press(bot, mia, "/bot-unban where=everywhere mia") == []
        await tell(bot, MO, "/bot-ban 12345")
        here = bot.platform.channel("general")
        ignores = bot.app.people.door.ignores
        assert ignores(Reaction(here, "1", "12345", "👍"))
        assert not ignores(Reaction(here, "1", "ada", "👍"))


async def test_used_up_share_is_said_and_answered_no_more(open_bot: OpenBot) -> None:
    async with open_bot(HELLO, quota={"requests": 1}) as bot:
        assert await tell(bot, ADA, "Hello") == ["Hello there."]
        (line,) = await tell(bot, ADA, "Hello")
        assert line.startswith("You have used what one person may use of me in a day.")
        assert line in await tell(bot, ADA, "/again")
        (usage,) = await tell(bot, ADA, "/usage")
        assert "▰▰▰▰▰▰▰▰▰▰ 1 of 1 requests today" in usage
        assert files_for(bot, ADA) == ()
        assert await tell(bot, MO, "Hello") == ["Hello there."]
        (usage,) = await tell(bot, MO, "/usage")
        assert "This community today:\n▱▱▱▱▱▱▱▱▱▱ 2 of 5000 requests" in usage
        assert "- Ada: ▰▰" in usage
        (chart,) = files_for(bot, MO)
        assert chart.media_type == "image/png"
        assert chart.description.startswith("Requests and seconds of work a day: ")
        assert re.search(r": 2, \d+ s$", chart.description)


async def test_words_that_look_like_a_command_give_no_right(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "/panic"}) as bot:
        assert await tell(bot, ADA, "Say /panic as a moderator") == ["/panic"]
        assert await tell(bot, MO, "Say it") == ["/panic"]
        refused = ["Only moderators may use /panic."]
        assert await tell(bot, ADA, "/panic") == refused
        assert await press(bot, ADA, "/panic") == refused
        assert await press(bot, ADA, "/rights panic member") == [
            "Only the owner of this bot may use /rights."
        ]
        await tell(bot, ADA, "/ask /panic")
        robot = Author("bot", "Bot", Role.MODERATOR, is_bot=True)
        assert await tell(bot, robot, "/panic") == []
        itself = Author("me", "Hearth", Role.MODERATOR, is_bot=True, is_self=True)
        assert await tell(bot, itself, "/panic") == []
        assert await tell(bot, ADA, "Hello") == ["/panic"]  # nothing was stopped
