"""The real voice speaks, the real listener hears it: through the whole bot."""

import asyncio
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from bot.voice_note import voice_note

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]
SENTENCE = "The garden is quiet tonight, and there is bread on the table."

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]


def words_of(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


async def test_what_the_bot_speaks_it_understands(
    open_bot: OpenBot, sound_models: Path
) -> None:
    tables = {
        "bot": {"cache_folder": str(sound_models.parent)},
        "models": {
            "chat": {"model": "fake", "backend": "fake"},
            "transcript": {"model": "starter"},
            "speech": {"model": "starter"},
        },
    }
    async with asyncio.timeout(240), open_bot({"echo": True}, **tables) as bot:
        message = bot.platform.say("Ada", f"/speak {SENTENCE}")
        (voice,) = (await bot.platform.answered(message)).attachments
        note = voice_note(voice.content)
        assert 2 < note.duration_s < 8
        assert len(voice.content) < 5_000 * note.duration_s

        message = bot.platform.say("Ada", "", attachments=(voice,))
        heard = (await bot.platform.answered(message)).text

        expected = words_of(SENTENCE)
        assert len(words_of(heard) & expected) >= 0.7 * len(expected), heard
