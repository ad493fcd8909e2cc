"""A small Telegram with the bot on it."""

from collections.abc import AsyncIterator

import pytest

from adapters.telegram.adapter import TelegramAdapter
from tests.adapters.telegram.rig import Rig, open_rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with open_rig() as rig:
        yield rig


@pytest.fixture
async def bot(rig: Rig) -> AsyncIterator[TelegramAdapter]:
    async with rig.adapter() as adapter:
        yield adapter
