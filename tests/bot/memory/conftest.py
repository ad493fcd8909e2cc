from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.clock import FakeClock
from bot.config import Config
from bot.memory.memories import Memories
from bot.safety.filter import Filter, FilterChain
from bot.safety.personal_data import PersonalData
from bot.safety.refuser import Refuser
from bot.safety.secrets import Secrets
from bot.safety.word_list import WordList
from bot.store.links import LinkRepository
from bot.store.memories import MemoryRepository
from bot.store.store import Store
from bot.words import Words
from tests.stores import new_store

MakeMemories = Callable[..., Memories]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with new_store(tmp_path / "store.sqlite3", clock=FakeClock()) as opened:
        yield opened


@pytest.fixture
def repository(store: Store) -> MemoryRepository:
    return MemoryRepository(store)


@pytest.fixture
def links(store: Store) -> LinkRepository:
    return LinkRepository(store)


@pytest.fixture
def make_memories(repository: MemoryRepository, links: LinkRepository) -> MakeMemories:
    """Return a function that makes them; its keywords are settings."""

    def make(**settings: int) -> Memories:
        config = Config.model_validate({"memory": settings})
        filters: tuple[Filter, ...] = (
            Secrets(),
            PersonalData(action="flag"),
            WordList(("rude",)),
        )
        return Memories(
            repository,
            links.identities,
            chain=FilterChain(filters),
            refuser=Refuser(config.safety.care, Words({})),
            config=config.memory,
        )

    return make
