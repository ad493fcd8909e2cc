"""A community that steers its bot, through the whole bot."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from bot.messages import Author, Role
from bot.store.audit import AuditRepository

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]
MO = Author("Mo", "Mo", Role.MODERATOR)


async def test_words_count_at_once_and_moderators_may_name_them(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "I like figs."}) as bot:
        assert await bot.ask("What do you like?") == "I like figs."
        assert "Blocked here" in await bot.ask("/words add fig*", who=MO)
        assert "word" in await bot.ask("I eat figs.")
        assert "figs" not in await bot.ask("What do you like?")
        assert "“fig*”" in await bot.ask("/words test I eat figs.", who=MO)
        assert "may be written" in await bot.ask("/words remove fig*", who=MO)
        assert await bot.ask("And figs?") == "I like figs."
        assert "Only moderators" in await bot.ask("/words test plum")


async def test_a_persona_of_the_community_talks_and_the_audit_has_no_word_of_it(
    open_bot: OpenBot,
) -> None:
    # The model fails where it is told of parrots: so one sees that it is told.
    async with open_bot({"reply": "Arr.", "fail_on": "parrots"}) as bot:
        await bot.ask("/persona add pirate You love parrots.", who=MO)
        assert await bot.ask("Hello") == "Arr."
        assert "“pirate”" in await bot.ask("/persona pirate", who=MO)
        assert await bot.ask("Hello") != "Arr."
        assert await bot.ask("Hello", where="announcements") == "Arr."
        await bot.ask("/persona remove pirate", who=MO)
        assert await bot.ask("Hello") == "Arr."
        kept = (await AuditRepository(bot.app.store).export()).decode()
        assert "/persona add pirate …" in kept
        assert "personas" in kept
        assert "parrots" not in kept
