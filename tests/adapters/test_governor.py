"""Every call to a platform is made once, in its turn, and no faster than allowed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.governor import Governor, GovernorStatus, Lane
from adapters.invalid_budget import InvalidBudget
from adapters.pace import MARGIN_S, ROUNDING_S, Rate
from bot.clock import FakeClock
from bot.errors import ForbiddenError, NetworkError, PlatformError, RateLimitedError
from bot.words import T

RATES = {"all": (Rate(2, 1.0),), "chat": (Rate(1, 1.0),), "group": ()}
REFUSED = ForbiddenError(T("no right"))
WHO: ContextVar[str] = ContextVar("WHO", default="nobody")


@dataclass(frozen=True, slots=True)
class Made:
    """A call that reached the platform."""

    at_s: float
    name: str


class Platform:
    """Notes each call; raises what is in `faults` under its name, one a call."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.made: list[Made] = []
        self.ended: list[str] = []
        self.faults: dict[str, list[BaseException]] = {}
        self.latency_s = 0.0

    def call(self, name: str) -> Callable[[], Awaitable[str]]:
        async def make() -> str:
            self.made.append(Made(self.clock.monotonic(), name))
            if self.latency_s:
                await self.clock.sleep(self.latency_s)
            self.ended.append(name)
            if self.faults.get(name):
                raise self.faults[name].pop(0)
            return f"{name} done"

        return make

    def names(self) -> list[str]:
        return [made.name for made in self.made]

    def times_s(self, name: str) -> list[float]:
        return [made.at_s for made in self.made if made.name == name]


class Stage:
    """A governor in front of a platform, and who calls."""

    def __init__(
        self,
        *,
        rates: dict[str, tuple[Rate, ...]] | None = None,
        invalid: InvalidBudget | None = None,
        close_s: float = 5.0,
    ) -> None:
        self.clock = FakeClock()
        self.platform = Platform(self.clock)
        self.governor = Governor(
            clock=self.clock, rates=rates or RATES, invalid=invalid, close_s=close_s
        )

    def go(
        self,
        name: str,
        chat: str = "a",
        *,
        lane: Lane = Lane.CHAT,
        attempts: int = 1,
        deadline_s: float | None = None,
        merge: str | None = None,
    ) -> asyncio.Task[str]:
        return asyncio.create_task(
            self.governor.run(
                self.platform.call(name),
                keys=("all", f"chat:{chat}"),
                lane=lane,
                attempts=attempts,
                deadline_s=deadline_s,
                merge=merge,
            )
        )

    async def advance(self, delay_s: float = 0.0) -> None:
        await self.clock.advance(delay_s)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    async with asyncio.timeout(20), stage.governor:
        yield stage
    await stage.advance()
    assert asyncio.all_tasks() == {asyncio.current_task()}, "a task is left"
    assert stage.clock.num_sleepers == 0


def seconds(error: BaseException | None) -> float:
    assert isinstance(error, RateLimitedError)
    return error.retry_after_s


# What a caller gets


async def test_call_is_refused_before_the_governor_is_open() -> None:
    stage = Stage()
    with pytest.raises(PlatformError, match="was closed"):
        await stage.go("early")
    assert stage.platform.made == []


async def test_key_without_a_rate_is_a_mistake(stage: Stage) -> None:
    with pytest.raises(ValueError, match="no rates for keys like 'planet:1'"):
        await stage.governor.run(stage.platform.call("x"), keys=("all", "planet:1"))
    with pytest.raises(ValueError, match="one key"):
        await stage.governor.run(stage.platform.call("x"), keys=())


@pytest.mark.parametrize(
    "error", [REFUSED, NetworkError(T("no answer")), OSError("odd")]
)
async def test_error_of_the_call_reaches_its_caller(
    stage: Stage, error: Exception
) -> None:
    stage.platform.faults["x"] = [error]
    with pytest.raises(type(error)) as caught:
        await stage.go("x", attempts=3)
    assert caught.value is error
    assert stage.platform.names() == ["x"]


async def test_call_that_cancels_itself_cancels_its_caller(stage: Stage) -> None:
    stage.platform.faults["x"] = [asyncio.CancelledError()]
    with pytest.raises(asyncio.CancelledError):
        await stage.go("x")


async def test_result_reaches_the_caller_at_once_where_nothing_waits(
    stage: Stage,
) -> None:
    assert await stage.go("x") == "x done"
    assert stage.platform.made == [Made(0.0, "x")]


async def test_call_is_made_in_the_context_of_its_caller(stage: Stage) -> None:
    seen = []

    async def look() -> None:
        seen.append(WHO.get())

    for who in ("ada", "grace", "edsger"):
        token = WHO.set(who)
        asyncio.create_task(self_run(stage, look))  # noqa: RUF006 - ends below
        WHO.reset(token)
    await stage.advance(5)
    assert seen == ["ada", "grace", "edsger"]


async def self_run(stage: Stage, call: Callable[[], Awaitable[None]]) -> None:
    await stage.governor.run(call, keys=("all",))


# Pace and order


async def test_calls_keep_to_every_rate_of_their_keys(stage: Stage) -> None:
    for number in range(3):
        stage.go(f"a{number}", "a")
        stage.go(f"b{number}", "b")
        stage.go(f"c{number}", "c")
    await stage.advance(10)
    times_s = [made.at_s for made in stage.platform.made]
    assert times_s == [0, 0, 1, 1, 2, 2, 3, 3, 4]
    assert [len(stage.platform.times_s(f"a{n}")) for n in range(3)] == [1, 1, 1]


async def test_higher_lanes_go_first(stage: Stage) -> None:
    stage.go("first", "x")
    stage.go("second", "y")
    await stage.advance()
    for lane in reversed(Lane):
        stage.go(lane.name, lane.name, lane=lane)
    await stage.advance(3)
    assert stage.platform.names()[2:] == [lane.name for lane in Lane]


async def test_call_that_comes_just_when_a_slot_frees_does_not_jump_the_queue(
    stage: Stage,
) -> None:
    for name in ("a", "b", "waits"):
        stage.go(name, name)
    await stage.advance(0.5)

    async def come_in_time() -> None:
        await stage.clock.sleep(0.5)
        stage.go("late 1", "c")
        stage.go("late 2", "d")

    late = asyncio.create_task(come_in_time())
    await stage.advance(0.5)
    await late
    assert stage.platform.names()[:3] == ["a", "b", "waits"]
    await stage.advance(1)


async def test_ten_thousand_waiting_calls_need_one_alarm() -> None:
    stage = Stage(rates={"all": (Rate(30, 1.0),), "chat": (Rate(3, 3.0),)})
    async with stage.governor:
        tasks = [stage.go(f"{n}", f"{n % 1000}") for n in range(10_000)]
        await stage.advance()
        assert stage.clock.num_sleepers == 1
        assert stage.governor.status().num_waiting == 10_000 - 30
        await stage.advance(333)
        assert [made.at_s for made in stage.platform.made[:10_000]] == pytest.approx(
            [n // 30 for n in range(10_000)]
        )
        assert {await task for task in tasks} == {f"{n} done" for n in range(10_000)}


# Being asked to wait


async def test_chat_that_is_asked_to_wait_blocks_no_other(stage: Stage) -> None:
    stage.platform.faults["a1"] = [RateLimitedError(7.0)]
    limited, later, other = stage.go("a1"), stage.go("a2"), stage.go("b1", "b")
    await stage.advance(20)
    assert seconds(limited.exception()) == 7.0
    assert later.result() == "a2 done"
    assert other.result() == "b1 done"
    assert stage.platform.times_s("b1") == [0.0]
    assert stage.platform.times_s("a2") == [7.0 + MARGIN_S]


async def test_whole_bot_waits_where_the_platform_says_so(stage: Stage) -> None:
    stage.platform.faults["a"] = [RateLimitedError(4.0, is_global=True)]
    limited = stage.go("a")
    await stage.advance()
    stage.go("b", "b", lane=Lane.MODERATION)
    await stage.advance(10)
    assert seconds(limited.exception()) == 4.0
    assert stage.platform.times_s("b") == [4.0 + MARGIN_S]


async def test_call_with_attempts_is_made_again_before_those_behind_it(
    stage: Stage,
) -> None:
    stage.platform.faults["x"] = [RateLimitedError(2.0)] * 2
    retried, behind = stage.go("x", attempts=3), stage.go("y")
    await stage.advance(20)
    assert retried.result() == "x done"
    assert behind.result() == "y done"
    assert stage.platform.names() == ["x", "x", "x", "y"]
    assert stage.platform.times_s("x") == pytest.approx([0, 2.1, 4.2])


async def test_last_attempt_tells_the_caller(stage: Stage) -> None:
    stage.platform.faults["x"] = [RateLimitedError(2.0), RateLimitedError(3.0)]
    limited = stage.go("x", attempts=2)
    await stage.advance(20)
    assert seconds(limited.exception()) == 3.0
    assert len(stage.platform.made) == 2


async def test_chat_that_is_asked_again_and_again_slows_down_and_recovers(
    stage: Stage,
) -> None:
    stage.platform.faults["x"] = [RateLimitedError(1.0)] * 4
    stage.go("x", attempts=5)
    await stage.advance(60)
    begun_s = stage.platform.times_s("x")
    gaps_s = [b - a for a, b in pairwise(begun_s)]
    assert gaps_s == pytest.approx([1.1, 2, 4, 8])  # its rate is one a second
    await stage.advance(600)
    for name in ("y", "z"):
        stage.go(name)
    await stage.advance(1)
    assert stage.platform.times_s("z")[0] - stage.platform.times_s("y")[0] == 1


async def test_storm_of_limits_pauses_once_and_loses_nothing() -> None:
    stage = Stage(rates={"all": (), "chat": ()})
    async with stage.governor:
        stage.platform.latency_s = 0.2
        tasks = []
        for number in range(50):
            stage.platform.faults[f"{number}"] = [RateLimitedError(5.0)]
            tasks.append(stage.go(f"{number}", attempts=2))
        await stage.advance(6)
        assert sorted(await asyncio.gather(*tasks)) == sorted(
            f"{n} done" for n in range(50)
        )
        second = [made.at_s for made in stage.platform.made[50:]]
        assert second == pytest.approx([5.2 + MARGIN_S] * 50)


async def test_pause_that_the_adapter_learned_of_holds_calls(stage: Stage) -> None:
    stage.governor.pause("chat:a", 3.0)
    stage.go("x")
    await stage.advance(5)
    assert stage.platform.times_s("x") == [3.0 + MARGIN_S]


async def test_busy_tells_how_long_a_new_call_would_wait(stage: Stage) -> None:
    assert stage.governor.busy("all", "chat:a") == 0
    for number in range(3):
        stage.go(f"{number}")
    await stage.advance()
    assert stage.governor.busy("all", "chat:a") == 3
    assert stage.governor.busy("all", "chat:b") == 1
    stage.governor.pause("group:1", 9.0)
    assert stage.governor.busy("group:1") == pytest.approx(9 + MARGIN_S)
    await stage.advance(2.5)
    assert stage.governor.busy("chat:a") == 0.5


# Leaving


async def test_call_that_is_cancelled_while_it_waits_takes_no_slot(
    stage: Stage,
) -> None:
    stage.go("first")
    gone, next_ = stage.go("gone"), stage.go("next")
    await stage.advance(0.5)
    gone.cancel()
    await stage.advance(0.5)
    assert gone.cancelled()
    assert next_.result() == "next done"
    assert stage.platform.made == [Made(0, "first"), Made(1, "next")]


async def test_no_alarm_is_left_once_the_last_waiting_call_is_cancelled(
    stage: Stage,
) -> None:
    stage.go("first")
    gone = stage.go("gone")
    await stage.advance(0.5)
    gone.cancel()
    await stage.advance()
    assert stage.clock.num_sleepers == 0
    assert stage.governor.status() == GovernorStatus(0, 0, 0)


async def test_call_that_is_cancelled_on_its_way_is_cancelled_itself(
    stage: Stage,
) -> None:
    stage.platform.latency_s = 3.0
    gone = stage.go("gone")
    await stage.advance(1)
    gone.cancel()
    await stage.advance(5)
    assert gone.cancelled()
    assert stage.platform.names() == ["gone"]
    assert stage.platform.ended == []


async def test_call_that_is_cancelled_between_two_attempts_is_not_made_again(
    stage: Stage,
) -> None:
    stage.platform.faults["x"] = [RateLimitedError(3.0)]
    gone = stage.go("x", attempts=2)
    await stage.advance(1)
    gone.cancel()
    await stage.advance(10)
    assert gone.cancelled()
    assert stage.platform.names() == ["x"]


async def test_deadline_that_cannot_be_met_is_told_at_once(stage: Stage) -> None:
    stage.governor.pause("chat:a", 9.0)
    late = stage.go("late", deadline_s=3.0)
    await stage.advance()
    assert seconds(late.exception()) == pytest.approx(9 + MARGIN_S)


async def test_call_that_waits_past_its_deadline_is_not_made(stage: Stage) -> None:
    tasks = [stage.go(f"{n}", deadline_s=2.5) for n in range(5)]
    await stage.advance(10)
    assert stage.platform.names() == ["0", "1", "2"]
    assert [seconds(task.exception()) for task in tasks[3:]] == [1.5, 0.5]


async def test_deadline_is_for_the_beginning_only(stage: Stage) -> None:
    stage.platform.latency_s = 5.0
    slow = stage.go("slow", deadline_s=1.0)
    await stage.advance(5)
    assert slow.result() == "slow done"


async def test_attempt_past_the_deadline_is_not_made(stage: Stage) -> None:
    stage.platform.latency_s = 2.0
    stage.platform.faults["x"] = [RateLimitedError(0.5)]
    late = stage.go("x", attempts=3, deadline_s=1.0)
    await stage.advance(10)
    assert seconds(late.exception()) == 0.5
    assert len(stage.platform.made) == 1


# Merging


async def test_newer_call_takes_the_place_of_an_older_one(stage: Stage) -> None:
    stage.go("first")
    tasks = [stage.go(f"edit {n}", merge="edit:a:1") for n in range(3)]
    await stage.advance(5)
    assert stage.platform.made == [Made(0, "first"), Made(1, "edit 2")]
    assert [task.result() for task in tasks] == ["edit 2 done"] * 3


async def test_error_of_the_newer_call_reaches_the_older_caller(stage: Stage) -> None:
    stage.platform.faults["new"] = [REFUSED]
    stage.go("first")
    tasks = [stage.go("old", merge="m"), stage.go("new", merge="m")]
    await stage.advance(5)
    assert [task.exception() for task in tasks] == [REFUSED, REFUSED]


async def test_calls_for_different_things_are_never_merged(stage: Stage) -> None:
    stage.go("first")
    stage.go("edit 1", merge="edit:a:1")
    stage.go("edit 2", merge="edit:a:2")
    stage.go("other chat", "b", merge="edit:a:1")
    await stage.advance(5)
    assert sorted(stage.platform.names()) == ["edit 1", "edit 2", "first", "other chat"]


async def test_newer_call_is_not_begun_while_the_older_is_on_its_way() -> None:
    stage = Stage(rates={"all": (), "chat": ()})
    async with stage.governor:
        stage.platform.latency_s = 2.0
        stage.go("old", merge="m")
        await stage.advance(0.5)
        tasks = [stage.go("new", merge="m"), stage.go("newest", merge="m")]
        await stage.advance(1)
        assert stage.platform.names() == ["old"]
        assert stage.governor.status() == GovernorStatus(1, 1, 0)
        await stage.advance(3)
        assert stage.platform.made == [Made(0, "old"), Made(2, "newest")]
        assert [task.result() for task in tasks] == ["newest done"] * 2


async def test_older_call_is_made_where_the_newer_was_cancelled(stage: Stage) -> None:
    stage.go("first")
    old, new = stage.go("old", merge="m"), stage.go("new", merge="m")
    await stage.advance()
    new.cancel()
    await stage.advance(2)
    assert old.result() == "old done"
    assert stage.platform.names() == ["first", "old"]


async def test_merged_call_goes_on_while_one_of_its_callers_is_there(
    stage: Stage,
) -> None:
    stage.platform.latency_s = 1.0
    stage.go("first")
    old, new = stage.go("old", merge="m"), stage.go("new", merge="m")
    await stage.advance(1.5)
    new.cancel()
    await stage.advance(1)
    assert old.result() == "new done"
    assert stage.platform.names() == ["first", "new"]


async def test_held_back_call_can_be_cancelled(stage: Stage) -> None:
    stage.platform.latency_s = 2.0
    old = stage.go("old", merge="m")
    await stage.advance(1.5)
    held = stage.go("held", merge="m")
    await stage.advance()
    held.cancel()
    await stage.advance(5)
    assert old.result() == "old done"
    assert stage.platform.names() == ["old"]


async def test_newer_call_in_a_faster_lane_takes_the_older_with_it(
    stage: Stage,
) -> None:
    for name in ("x", "y"):
        stage.go(name, name)
    slow = stage.go("slow", lane=Lane.POST, merge="m")
    stage.go("chat", "b")
    stage.go("chat", "c")
    await stage.advance(0.5)
    fast = stage.go("fast", lane=Lane.MODERATION, merge="m")
    await stage.advance(0.5)
    assert stage.platform.names()[2] == "fast"
    assert slow.result() == fast.result() == "fast done"
    await stage.advance(1)


async def test_attempt_gives_way_to_a_newer_call(stage: Stage) -> None:
    stage.platform.latency_s = 1.0
    stage.platform.faults["old"] = [RateLimitedError(2.0)]
    old = stage.go("old", attempts=3, merge="m")
    await stage.advance(0.5)
    new = stage.go("new", merge="m")
    await stage.advance(10)
    assert stage.platform.names() == ["old", "new"]
    assert old.result() == new.result() == "new done"


async def test_newer_call_joins_one_that_waits_for_another_attempt(
    stage: Stage,
) -> None:
    stage.platform.faults["old"] = [RateLimitedError(2.0)]
    old = stage.go("old", attempts=3, merge="m")
    await stage.advance(0.5)
    new = stage.go("new", merge="m")
    await stage.advance(10)
    assert stage.platform.names() == ["old", "new"]
    assert old.result() == new.result() == "new done"


# Being refused


async def test_many_refusals_slow_answers_but_not_moderation() -> None:
    stage = Stage(rates={"all": (), "chat": ()}, invalid=InvalidBudget(20, 60.0))
    async with stage.governor:
        for number in range(5):
            stage.platform.faults[f"{number}"] = [REFUSED]
            with pytest.raises(ForbiddenError):
                await stage.go(f"{number}")
        stage.go("chat 1")
        stage.go("chat 2")
        stage.go("ban", lane=Lane.MODERATION)
        await stage.advance()
        assert stage.platform.names()[5:] == ["ban"]
        assert stage.governor.status() == GovernorStatus(
            2, 0, 0, num_invalid=5, invalid_limit=20, is_slowed=True
        )
        assert stage.governor.busy("chat:a") == 15
        await stage.advance(10)
        assert stage.platform.times_s("chat 1") == [5.0]
        assert stage.platform.times_s("chat 2") == [10.0]


async def test_too_many_refusals_stop_all_calls_until_the_window_has_moved() -> None:
    stage = Stage(rates={"all": (), "chat": ()}, invalid=InvalidBudget(20, 60.0))
    async with stage.governor:
        stage.platform.latency_s = 1.0
        for number in range(10):
            stage.platform.faults[f"{number}"] = [REFUSED]
        refused = [stage.go(f"{n}", lane=Lane.MODERATION) for n in range(10)]
        stage.governor.pause("chat:b", 100.0)
        waits = stage.go("waits", "b")
        held = stage.go("held", merge="m", lane=Lane.MODERATION)
        await stage.advance(2)

        assert [task.exception() for task in refused] == [REFUSED] * 10
        assert held.result() == "held done"
        with pytest.raises(PlatformError, match=r"too many calls\. .* for 60 s\."):
            await waits
        with pytest.raises(PlatformError, match=r"for 59 s\."):
            await stage.go("more", lane=Lane.MODERATION)
        assert stage.governor.status().stopped_for_s == 59
        assert stage.governor.busy("chat:a") == 59

        await stage.advance(59)
        await asyncio.gather(stage.go("again"), stage.advance(1))
        assert stage.platform.names()[-1] == "again"


# Closing


async def test_closing_refuses_what_waits_and_lets_end_what_runs() -> None:
    stage = Stage()
    stage.platform.latency_s = 3.0
    async with stage.governor:
        runs, waits = stage.go("runs", merge="m"), stage.go("waits")
        await stage.advance(1.5)
        held = stage.go("held", merge="m")
        tardy = stage.go("tardy", deadline_s=100.0)
        await stage.advance()
        moving = asyncio.create_task(stage.advance(3))
    await moving
    assert runs.result() == "runs done"
    assert waits.result() == "waits done"
    for task in (held, tardy):
        with pytest.raises(PlatformError, match="was closed"):
            await task
    await stage.advance()
    assert stage.clock.num_sleepers == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_closing_cancels_what_does_not_end_in_time() -> None:
    stage = Stage(close_s=5.0)
    stage.platform.latency_s = 1000.0
    async with stage.governor:
        endless = stage.go("endless")
        await stage.advance(1)
        moving = asyncio.create_task(stage.advance(5))
    await moving
    with pytest.raises(PlatformError, match="was closed"):
        await endless
    assert stage.clock.num_sleepers == 0


async def test_closing_that_is_cancelled_leaves_no_task() -> None:
    stage = Stage()
    stage.platform.latency_s = 1000.0

    async def hold() -> None:
        async with stage.governor:
            await stage.clock.sleep(1)

    holder = asyncio.create_task(hold())
    await stage.advance()
    endless = stage.go("endless")
    await stage.advance(2)
    holder.cancel()
    await stage.advance()
    assert holder.cancelled()
    with pytest.raises(PlatformError, match="was closed"):
        await endless
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_call_that_is_limited_while_closing_is_not_made_again() -> None:
    stage = Stage()
    stage.platform.latency_s = 1.0
    stage.platform.faults["x"] = [RateLimitedError(1.0)]
    async with stage.governor:
        limited = stage.go("x", attempts=3)
        await stage.advance(0.5)
        moving = asyncio.create_task(stage.advance(5))
    await moving
    assert seconds(limited.exception()) == 1.0
    assert stage.platform.names() == ["x"]


# Whatever happens


@dataclass(frozen=True, slots=True)
class Wish:
    """A call that will be asked for, and what becomes of it."""

    after_s: float
    chat: str
    lane: Lane
    limits: tuple[float, ...]
    merge: str | None
    deadline_s: float | None
    leaves_after_s: float | None


wishes = st.builds(
    Wish,
    after_s=st.sampled_from([0.0, 0.0, 0.1, 0.75, 3.0]),
    chat=st.sampled_from("abc"),
    lane=st.sampled_from(Lane),
    limits=st.lists(st.sampled_from([0.5, 4.0]), max_size=2).map(tuple),
    merge=st.sampled_from([None, None, "m", "n"]),
    deadline_s=st.sampled_from([None, None, 0.0, 2.0]),
    leaves_after_s=st.sampled_from([None, None, 0.0, 1.0]),
)


async def play(stage: Stage, script: list[Wish]) -> list[asyncio.Task[str]]:
    tasks = []
    for number, wish in enumerate(script):
        await stage.advance(wish.after_s)
        name = f"{number}"
        stage.platform.faults[name] = [RateLimitedError(s) for s in wish.limits]
        task = stage.go(
            name,
            wish.chat,
            lane=wish.lane,
            attempts=2,
            deadline_s=wish.deadline_s,
            merge=wish.merge,
        )
        tasks.append(task)
        if wish.leaves_after_s is not None:
            asyncio.get_running_loop().create_task(
                cancel_later(stage.clock, task, wish.leaves_after_s)
            )
    await stage.advance(1000)
    return tasks


async def cancel_later(
    clock: FakeClock, task: asyncio.Task[str], delay_s: float
) -> None:
    await clock.sleep(delay_s)
    task.cancel()


@settings(deadline=None)
@given(st.lists(wishes, max_size=25), st.sampled_from([0.0, 0.3]))
async def test_no_call_is_lost_made_twice_or_too_early(
    script: list[Wish], latency_s: float
) -> None:
    stage = Stage()
    stage.platform.latency_s = latency_s
    async with stage.governor:
        tasks = await play(stage, script)
        assert all(task.done() for task in tasks), "a caller waits for ever"
        assert stage.governor.status().num_waiting == 0
        assert stage.governor.status().num_running == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert stage.clock.num_sleepers == 0

    names = stage.platform.names()
    for number, (wish, task) in enumerate(zip(script, tasks, strict=True)):
        times = names.count(f"{number}")
        assert times <= min(2, len(wish.limits) + 1)
        if task.cancelled():
            assert wish.leaves_after_s is not None
        elif task.exception() is not None:
            assert isinstance(task.exception(), RateLimitedError)
        else:
            made = task.result().removesuffix(" done")
            other = script[int(made)]
            assert (made == f"{number}" and times) or (
                int(made) > number
                and wish.merge is not None
                and (wish.chat, wish.merge) == (other.chat, other.merge)
            )
    begun_s = [made.at_s for made in stage.platform.made]
    for first_s, later_s in zip(begun_s, begun_s[2:], strict=False):
        assert later_s - first_s >= 1 - 2 * ROUNDING_S
    for chat in "abc":
        of_chat = [
            made.at_s
            for made in stage.platform.made
            if script[int(made.name)].chat == chat
        ]
        for first_s, later_s in pairwise(of_chat):
            assert later_s - first_s >= 1 - 2 * ROUNDING_S


async def test_calls_and_those_that_were_put_off_are_counted() -> None:
    clock = FakeClock()
    platform = Platform(clock)
    platform.faults["a"] = [RateLimitedError(1.0)]
    async with Governor(clock=clock, rates=RATES) as governor:
        with pytest.raises(RateLimitedError):
            await governor.run(platform.call("a"), keys=("group:1",))
        assert (governor.counts.made, governor.counts.limited) == (1, 1)


async def test_what_is_noted_where_it_comes_in_is_not_counted_twice() -> None:
    clock = FakeClock()
    platform = Platform(clock)
    platform.faults["a"] = [RateLimitedError(1.0)]
    budget = InvalidBudget(limit=10, window_s=60.0, counts=lambda error: False)
    async with Governor(clock=clock, rates=RATES, invalid=budget) as governor:
        governor.note(RateLimitedError(1.0))
        with pytest.raises(RateLimitedError):
            await governor.run(platform.call("a"), keys=("group:1",))
        assert governor.counts.limited == 1
