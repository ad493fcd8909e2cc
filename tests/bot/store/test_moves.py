from datetime import UTC, datetime, timedelta

from bot.store.holds import HoldRepository
from bot.store.moves import MoveRepository, SlotMove
from bot.store.posts import PostRepository, StoredPost
from bot.store.runs import RunRepository, RunState
from bot.store.store import Store
from bot.words import T

NINE = datetime(2026, 7, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def test_slot_with_a_run_stays(store: Store) -> None:
    moves, runs = MoveRepository(store), RunRepository(store)
    await runs.plan("daily", NINE)
    for to_utc in (NINE + HOUR, None):
        assert not await moves.move(
            "daily", NINE, from_utc=NINE, to_utc=to_utc, by_name="Mo"
        )
    assert await moves.of("daily") == ()


async def test_slot_that_is_elsewhere_by_now_stays_there(store: Store) -> None:
    moves = MoveRepository(store)
    ten, noon = NINE + HOUR, NINE + 3 * HOUR
    assert await moves.move("daily", NINE, from_utc=NINE, to_utc=ten, by_name="Mo")
    assert not await moves.move("daily", NINE, from_utc=NINE, to_utc=noon, by_name="X")
    assert await moves.of("daily") == (SlotMove("daily", NINE, ten, "Mo"),)
    # Nor does another one come to where it is.
    assert not await moves.move("daily", noon, from_utc=noon, to_utc=ten, by_name="X")
    assert await moves.move("other", noon, from_utc=noon, to_utc=ten, by_name="X")
    assert list(await moves.by_schedule()) == ["daily", "other"]


async def test_run_is_planned_only_where_its_slot_is(store: Store) -> None:
    moves, runs = MoveRepository(store), RunRepository(store)
    ten = NINE + HOUR
    await moves.move("daily", NINE, from_utc=NINE, to_utc=ten, by_name="Mo")
    old = ("daily", NINE, RunState.PLANNED, None, NINE)
    new = ("daily", ten, RunState.PLANNED, None, NINE)
    assert [run.due_utc for run in await runs.plan_all([old, new])] == [ten]
    await moves.forget("daily")
    assert [run.due_utc for run in await runs.plan_all([old])] == [NINE]


async def test_slot_has_its_run_in_the_same_breath(store: Store) -> None:
    moves, runs = MoveRepository(store), RunRepository(store)
    now_utc = store.clock.now_utc()
    assert await moves.move(
        "daily", NINE, from_utc=NINE, to_utc=now_utc, by_name="Mo", begin=T("asked for")
    )
    run = await runs.get("daily", now_utc)
    assert run is not None
    assert (run.state, str(run.reason)) == (RunState.PLANNED, "asked for")


async def test_only_what_waits_is_held(store: Store) -> None:
    holds, posts = HoldRepository(store), PostRepository(store)
    for status in ("approved", "published"):
        post = StoredPost(status, "article", "x", status, "en", "p", NINE, NINE)
        await posts.create(post, actor="test")
    assert await holds.put("approved", NINE)
    assert await holds.get("approved") == NINE
    assert not await holds.put("published", NINE)
    assert not await holds.put("nowhere", NINE)
    assert await holds.get("published") is None
