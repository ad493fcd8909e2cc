import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import pytest

from adapters.fake.adapter import FakeAdapter
from adapters.fake.inbox import RecordingInbox
from bot.clock import FakeClock
from bot.config import Config, ScheduleConfig
from bot.generation.requests import TextParams
from bot.safety.filter import FilterChain
from bot.store.store import Store
from bot.words import Words
from content.content import Content
from content.fake_desk import FakeDesk
from content.gate import AreHeld, nothing_is_held
from content.grammar import grammar_part
from content.illustrating import CoverMaker, PictureMaker
from content.sources.choosing import Sources
from content.text_maker import FakeTextMaker, TextMaker
from tests.stores import new_store

R = TypeVar("R")

SENTENCES = (Path(__file__).parent / "tomatoes.txt").read_text("utf-8").splitlines()
"""What a model could write about tomatoes in summer: an article passes with it."""


FRAMES = (
    "The {0} tomatoes {1} in summer when {2} and {3} pots.",
    "Give {0} water to tomatoes, for {1} summer brings {2} beside {3} leaves.",
    "No {0} garden forgets its tomatoes while {1} heat of summer dries {2} {3} soil.",
    "Old {0} gardeners shade tomatoes with {1} cloth until {2} summer ends {3} days.",
)


@pytest.fixture(autouse=True, scope="session")
def grammar_is_loaded() -> None:
    """Load the grammar checker: while it loads, hours would pass on the fake clock."""
    asyncio.run(grammar_part("It is warm.", "en"))


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 7, 1, 6, tzinfo=UTC))


@pytest.fixture
async def store(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Store]:
    async with new_store(tmp_path / "bot.sqlite3", clock=clock) as opened:
        yield opened


@pytest.fixture
def adapter(clock: FakeClock) -> FakeAdapter:
    return FakeAdapter(RecordingInbox(), clock=clock)


@pytest.fixture
def good_maker() -> FakeTextMaker:
    """Write good sentences, three at a time, others each time."""
    numbers = count()

    def answer(prompt: str, params: TextParams) -> str:
        start = 3 * next(numbers)
        chosen = [SENTENCES[(start + i) % len(SENTENCES)] for i in range(3)]
        return " ".join(chosen)

    return FakeTextMaker(answer)


@pytest.fixture
def fresh_maker() -> FakeTextMaker:
    """Write sentences that are never like an earlier one, three at a time."""
    numbers = count()

    def sentence() -> str:
        number = next(numbers)
        four = [f"{'bdfgklmnprst'[n % 12]}{tail}" for n, tail in _digits(number)]
        return FRAMES[number % len(FRAMES)].format(*four)

    def answer(prompt: str, params: TextParams) -> str:
        return " ".join(sentence() for _ in range(3))

    return FakeTextMaker(answer)


def _digits(number: int) -> list[tuple[int, str]]:
    """Return a number as four beginnings and ends of words, all others each time."""
    tails = ("arro", "ello", "issu", "orna")
    return [(number // 12, f"{tail}{'abcdefghijkl'[number % 12]}o") for tail in tails]


@pytest.fixture
def make_config() -> Callable[..., Config]:
    def make(**changes: object) -> Config:
        values = {
            "id": "daily",
            "channels": ["fake:announcements"],
            "topics": ["Watering tomatoes in summer", "Tomatoes in pots"],
            "cron": "0 9 * * *",
            **changes,
        }
        return Config(schedule=(ScheduleConfig.model_validate(values),))

    return make


@pytest.fixture
def make_content(
    store: Store,
    clock: FakeClock,
    adapter: FakeAdapter,
    good_maker: FakeTextMaker,
    desk: FakeDesk,
    tmp_path: Path,
) -> Callable[..., Content]:
    def make(
        config: Config,
        *,
        maker: TextMaker = good_maker,
        chain: FilterChain | None = None,
        adapter: FakeAdapter = adapter,
        others: Mapping[str, FakeAdapter] = MappingProxyType({}),
        sources: Sources | None = None,
        covers: CoverMaker | None = None,
        drawer: PictureMaker | None = None,
        are_held: AreHeld = nothing_is_held,
    ) -> Content:
        return Content(
            config=config,
            store=store,
            maker=maker,
            chain=chain or FilterChain([]),
            adapters={"fake": adapter, **others},
            words=Words({}),
            desk=desk,
            clock=clock,
            sources=sources or Sources(store, config_path=tmp_path / "config.toml"),
            covers=covers,
            drawer=drawer,
            are_held=are_held,
        )

    return make


@pytest.fixture
def passing(clock: FakeClock) -> Callable[[Coroutine[object, object, R]], object]:
    """Wait for something while time passes, whenever all wait for a later time."""

    async def wait(work: Coroutine[object, object, R]) -> R:
        task = asyncio.create_task(work)
        async with asyncio.timeout(30):
            while not task.done():
                if clock.num_sleepers:
                    await clock.advance(20)
                # The store answers from its own thread.
                await asyncio.wait([task], timeout=0.002)
        return await task

    return wait
