"""The picture of a persona: drawn behind everything else, once, and kept."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]
CHAT = {"model": "fake", "backend": "fake"}
UNSEEN = {"pictures": {"enabled": False}}
"""What judges pictures takes seconds to load, and is no part of this."""


async def asked(bot: Any) -> Any:
    message = bot.platform.say("Ada", "/persona")
    reply = await bot.platform.answered(message)
    await bot.app.responder.idle()
    return reply


async def test_persona_has_no_picture_where_nothing_draws(open_bot: OpenBot) -> None:
    async with asyncio.timeout(60), open_bot(safety=UNSEEN) as bot:
        for _ in range(2):
            assert (await asked(bot)).attachments == ()


async def test_failed_picture_is_tried_again(open_bot: OpenBot) -> None:
    image = {"model": "none", "backend": "fake", "deadline_s": 1e-6}
    async with (
        asyncio.timeout(60),
        open_bot(models={"chat": CHAT, "image": image}) as bot,
    ):
        for _ in range(2):
            assert (await asked(bot)).attachments == ()


async def test_persona_is_drawn_once_and_kept(open_bot: OpenBot) -> None:
    image = {"model": "painter", "backend": "fake"}
    models = {"chat": CHAT, "image": image}
    async with asyncio.timeout(60), open_bot(models=models, safety=UNSEEN) as bot:
        assert (await asked(bot)).attachments == ()
        (first,) = (await asked(bot)).attachments
        assert first.description == "hearth"
        assert b"Made by AI" in first.content
    async with (
        asyncio.timeout(60),
        open_bot(models={"chat": CHAT}, safety=UNSEEN) as bot,
    ):
        for _ in range(9):  # what has the number of an earlier message is not new
            bot.platform.say("Ada", "hm", is_to_bot=False)
        (kept,) = (await asked(bot)).attachments
        assert kept.content == first.content
