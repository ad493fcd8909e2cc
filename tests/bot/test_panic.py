"""People and a bot that rests: they are told once, and moderators steer on."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from bot.messages import Author, Role
from bot.store.audit import AuditRepository

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]
MODERATOR = Author("Mo", "Mo", Role.MODERATOR)
OWNER = Author("Olga", "Olga", Role.OWNER)
NUM_ASKERS = 50
WITHIN_S = 1.0


def said(bot: Any, reader: str, channel: str = "general") -> list[str]:
    posted = bot.platform.platform.visible(bot.platform.channel(channel), reader)
    return [one.message.text for one in posted if one.author is None]


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 - the reader's view has no event
            await asyncio.sleep(0.01)


async def test_panic_ends_all_running_answers_and_nothing_follows(
    open_bot: OpenBot,
) -> None:
    slow = {"tokens": 2000, "delay_s": 0.02}
    chat = {"model": "fake", "backend": "fake", "max_tokens": 2000}
    async with open_bot(slow, models={"chat": chat}) as bot:
        for number in range(NUM_ASKERS):
            bot.platform.say(f"asker {number}", "Tell me much.")
        await until(lambda: len(said(bot, "Ada")) == NUM_ASKERS)
        place = bot.platform.channel("general")
        posted = bot.platform.platform.visible(place)
        answers = {one.id for one in posted if one.author is None}
        begun_s = bot.app.clock.monotonic()
        bot.platform.say(MODERATOR, "/panic")
        bot.platform.say("late", "Me too.")
        async with asyncio.timeout(20):
            await bot.app.responder.idle()
        changes = [
            change
            for change in bot.platform.platform.changes
            if change.at_s > begun_s and change.message_id in answers
        ]
        assert {change.text[-9:] for change in changes} == {"(stopped)"}
        # At once; a busy machine may take longer to show it.
        assert changes[-1].at_s - begun_s < WITHIN_S + 4
        shown = said(bot, "Ada")
        stopped = [text for text in shown if text.endswith("(stopped)")]
        assert len(stopped) >= NUM_ASKERS
        await until(lambda: bot.app.engine.status().running == 0)
        assert bot.app.engine.status().waiting == 0
        assert said(bot, "Ada") == shown
        bot.platform.say("Ada", "Hello?")
        bot.platform.say("Bob", "Anybody?")
        await bot.app.responder.idle()
        assert sum("taking a break" in text for text in said(bot, "Ada")) <= 1


async def test_questions_rest_and_commands_of_moderators_do_not(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "Fine."}) as bot:
        assert "I rest until" in await bot.ask(
            "/pause chat here for 2h tea", who=MODERATOR
        )
        told = await bot.ask("How are you?")
        assert told.startswith("I am taking a break here until ")
        assert told.endswith("The moderators say: tea")
        bot.platform.say("Bob", "And you?")
        await bot.app.responder.idle()
        assert sum("break" in text for text in said(bot, "Bob")) == 1
        assert await bot.ask("Hello", where="announcements") == "Fine."
        assert "I am back" in await bot.ask("/resume chat here", who=MODERATOR)
        assert await bot.ask("And now?") == "Fine."
        rows = await AuditRepository(bot.app.store).latest(9)
        kept = [(row.entry.what, row.entry.subject) for row in rows]
        assert ("command.done", "/pause chat here …") in kept
        assert all("tea" not in str(row) for row in rows)


async def test_only_the_owner_ends_what_panic_stopped(open_bot: OpenBot) -> None:
    async with open_bot({"reply": "Fine."}) as bot:
        await bot.ask("/panic", who=MODERATOR)
        assert "Only the owner" in await bot.ask("/resume", who=MODERATOR)
        assert "taking a break" in await bot.ask("Hello?", where="announcements")
        assert "I am back" in await bot.ask("/resume", who=OWNER)
        assert await bot.ask("Hello?", where="announcements") == "Fine."
