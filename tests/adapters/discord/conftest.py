"""A server in memory with the bot on it."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.discord.simulated import World, open_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened
