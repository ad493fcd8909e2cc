"""What needs a person is told once, until it is well again."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import FakeClock
from bot.generation.status import EngineStatus
from bot.generation.supervisor import WorkerState
from bot.store.copies import stamped_name
from bot.watch import (
    EVERY_S,
    LOW_BYTES,
    MODEL_S,
    WELL_S,
    Concern,
    Watch,
    disk_concern,
    model_concern,
    overdue_concern,
)
from bot.words import T, Text

TROUBLE = T("The roof leaks.")


class Person:
    """Listens, and may be away."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.is_there = True

    async def tell(self, text: Text) -> bool:
        if self.is_there:
            self.told.append(str(text))
        return self.is_there


class Roof:
    """Leaks or not; `error` is raised instead."""

    def __init__(self) -> None:
        self.leaks = True
        self.error: OSError | None = None

    async def look(self) -> Text | None:
        if self.error is not None:
            raise self.error
        return TROUBLE if self.leaks else None


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def person() -> Person:
    return Person()


@pytest.fixture
def roof() -> Roof:
    return Roof()


async def test_it_is_told_once_and_anew_only_after_it_was_well(
    clock: FakeClock, person: Person, roof: Roof
) -> None:
    watch = Watch([Concern("roof", roof.look)], person.tell, clock=clock)
    for _ in range(3):
        await watch.look()
        await clock.advance(EVERY_S)
    assert person.told == [str(TROUBLE)]
    roof.leaks = False
    await watch.look()
    roof.leaks = True  # it dripped on before it was dry
    await watch.look()
    assert len(person.told) == 1
    roof.leaks = False
    await watch.look()
    await clock.advance(WELL_S)
    await watch.look()
    roof.leaks = True
    await watch.look()
    assert len(person.told) == 2


async def test_who_was_not_reached_is_told_later(
    clock: FakeClock, person: Person, roof: Roof
) -> None:
    person.is_there = False
    watch = Watch([Concern("roof", roof.look)], person.tell, clock=clock)
    await watch.look()
    person.is_there = True
    await watch.look()
    assert len(person.told) == 1


async def test_short_trouble_is_not_told(
    clock: FakeClock, person: Person, roof: Roof
) -> None:
    concern = Concern("roof", roof.look, patience_s=100)
    watch = Watch([concern], person.tell, clock=clock)
    await watch.look()
    await clock.advance(99)
    await watch.look()
    roof.leaks = False
    await watch.look()
    roof.leaks = True
    await clock.advance(99)
    await watch.look()
    assert person.told == []
    await clock.advance(100)
    await watch.look()
    assert len(person.told) == 1


async def test_what_cannot_be_looked_at_stops_nothing(
    clock: FakeClock, person: Person, roof: Roof
) -> None:
    gone = Roof()
    gone.error = OSError("the disk is gone")
    concerns = [Concern("gone", gone.look), Concern("roof", roof.look)]
    await Watch(concerns, person.tell, clock=clock).look()
    assert len(person.told) == 1


async def test_it_ends_with_its_block(
    clock: FakeClock, person: Person, roof: Roof
) -> None:
    watch = Watch([Concern("roof", roof.look)], person.tell, clock=clock)
    async with asyncio.timeout(20), watch:
        await clock.advance(EVERY_S)
    assert len(person.told) == 1
    roof.leaks = False
    await clock.advance(WELL_S * 2)
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize(
    ("free_bytes", "is_told"), [(LOW_BYTES, False), (LOW_BYTES - 1, True), (0, True)]
)
async def test_little_room_is_a_concern(
    tmp_path: Path, free_bytes: int, *, is_told: bool
) -> None:
    concern = disk_concern(tmp_path, free_bytes=lambda folder: free_bytes)
    wrong = await concern.look()
    assert (wrong is not None) is is_told
    if wrong is not None:
        assert f"{free_bytes // 1_000_000} MB" in str(wrong)


@pytest.mark.parametrize("state", WorkerState)
async def test_model_that_does_not_run_is_a_concern(state: WorkerState) -> None:
    status = EngineStatus(0, 0, state, None, 0, 0, (), 0.0, False)
    concern = model_concern(lambda: status)
    assert (await concern.look() is None) is (state is WorkerState.READY)
    assert concern.patience_s == MODEL_S


async def test_backups_that_stopped_are_a_concern(
    clock: FakeClock, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    watched = overdue_concern(folder, max_hours=24, clock=clock)
    assert "There is no backup" in str(await watched.look())
    folder.mkdir()
    (folder / "hearthbot-by-hand.sqlite3").touch()
    assert await watched.look() is not None
    made_utc = clock.now_utc()
    (folder / stamped_name(made_utc - timedelta(days=3))).touch()
    (folder / stamped_name(made_utc)).touch()
    await clock.advance(24 * 3600)
    assert await watched.look() is None
    await clock.advance(3600)
    assert "25 hours" in str(await watched.look())
    unwatched = overdue_concern(folder, max_hours=0, clock=clock)
    assert await unwatched.look() is None
