import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import FakeClock
from bot.messages import Author, Channel
from bot.safety.filter import Subject
from bot.safety.too_fast import TooFast
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

ROOM = Channel("web", "general", "home")
ADA = Author("1", "Ada")


def too_fast(clock: FakeClock, **limits: int) -> TooFast:
    defaults = {"person_per_minute": 3, "channel_per_minute": 100}
    return TooFast(clock=clock, **{**defaults, **limits})


def subject(
    author: Author | None = ADA,
    channel: Channel | None = ROOM,
    *,
    is_to_bot: bool = True,
) -> Subject:
    return Subject("hi", Stage.INPUT, channel, author, is_to_bot)


async def test_too_fast_blocks_a_person_over_the_limit(clock: FakeClock) -> None:
    flood = too_fast(clock)
    for _ in range(3):
        assert await flood.judge(subject()) is ALLOW
        await clock.advance(5)

    assert await flood.judge(subject()) == Verdict(
        Action.BLOCK,
        "flood",
        1.0,
        "too_fast",
        "more than 3 messages in a minute by one person",
        limit=3,
        retry_after_s=45.0,
    )


async def test_too_fast_blocks_a_channel_over_the_limit(clock: FakeClock) -> None:
    flood = too_fast(clock, channel_per_minute=5)
    for number in range(5):
        assert await flood.judge(subject(Author(str(number), "x"))) is ALLOW

    verdict = await flood.judge(subject(Author("9", "x")))

    assert verdict.reason == "more than 5 messages in a minute by one channel"
    assert (verdict.limit, verdict.retry_after_s) == (5, 60.0)


async def test_too_fast_names_the_longer_of_two_waits(clock: FakeClock) -> None:
    flood = too_fast(clock, channel_per_minute=4)
    await flood.judge(subject(Author("2", "Bo")))
    await clock.advance(30)
    for _ in range(3):
        await flood.judge(subject())

    verdict = await flood.judge(subject())

    assert (verdict.limit, verdict.retry_after_s) == (3, 60.0)


async def test_too_fast_allows_again_after_the_wait_it_named(clock: FakeClock) -> None:
    flood = too_fast(clock)
    for _ in range(3):
        await flood.judge(subject())
        await clock.advance(7)
    wait_s = (await flood.judge(subject())).retry_after_s
    assert wait_s is not None

    await clock.advance(wait_s - 0.5)
    assert (await flood.judge(subject())).action is Action.BLOCK
    await clock.advance(0.5)
    assert await flood.judge(subject()) is ALLOW


async def test_too_fast_does_not_count_what_it_blocked(clock: FakeClock) -> None:
    flood = too_fast(clock, channel_per_minute=4)
    for _ in range(10):
        await flood.judge(subject())

    assert await flood.judge(subject(Author("2", "Bo"))) is ALLOW


async def test_too_fast_does_not_count_talk_that_is_not_for_the_bot(
    clock: FakeClock,
) -> None:
    flood = too_fast(clock)
    for _ in range(50):
        assert await flood.judge(subject(is_to_bot=False)) is ALLOW

    assert await flood.judge(subject()) is ALLOW


@pytest.mark.parametrize(
    "other",
    [
        subject(Author("2", "Ada")),
        subject(channel=replace(ROOM, platform="discord")),
    ],
)
async def test_too_fast_tells_people_apart_by_platform_and_id(
    clock: FakeClock, other: Subject
) -> None:
    flood = too_fast(clock)
    for _ in range(4):
        await flood.judge(subject())

    assert await flood.judge(other) is ALLOW


@pytest.mark.parametrize(
    "other",
    [
        replace(ROOM, id="random"),
        replace(ROOM, community_id="office"),
        replace(ROOM, thread_id="7"),
        replace(ROOM, platform="discord"),
    ],
)
async def test_too_fast_tells_channels_apart(clock: FakeClock, other: Channel) -> None:
    flood = too_fast(clock, channel_per_minute=1)
    await flood.judge(subject(None))
    assert (await flood.judge(subject(None))).action is Action.BLOCK

    assert await flood.judge(subject(None, other)) is ALLOW


async def test_too_fast_allows_what_comes_from_nowhere(clock: FakeClock) -> None:
    flood = too_fast(clock, person_per_minute=1)

    for _ in range(5):
        assert await flood.judge(subject(None, None)) is ALLOW


async def test_too_fast_counts_a_person_without_a_channel(clock: FakeClock) -> None:
    flood = too_fast(clock, person_per_minute=1)
    await flood.judge(subject(channel=None))

    assert (await flood.judge(subject(channel=None))).action is Action.BLOCK


async def test_too_fast_forgets_the_least_recent_when_there_are_too_many(
    clock: FakeClock,
) -> None:
    flood = too_fast(clock, person_per_minute=1, channel_per_minute=999, max_keys=2)
    for person in ("1", "2", "3"):
        await flood.judge(subject(Author(person, "x")))

    assert (await flood.judge(subject(Author("3", "x")))).action is Action.BLOCK
    assert await flood.judge(subject(Author("1", "x"))) is ALLOW


async def test_too_fast_keeps_its_memory_bounded(clock: FakeClock) -> None:
    flood = too_fast(clock, channel_per_minute=10_000, max_keys=100)
    tracemalloc.start()
    try:
        for number in range(6_000):
            if number == 2_000:
                tracemalloc.reset_peak()
                first = tracemalloc.get_traced_memory()[0]
            if number % 50 == 0:
                await clock.advance(1)
            await flood.judge(subject(Author(str(number), "x")))
        last = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()

    assert last - first < 100_000


@given(
    gaps_s=st.lists(st.floats(0, 40), min_size=1, max_size=60),
    limit=st.integers(1, 5),
)
@settings(max_examples=50)
async def test_too_fast_never_lets_more_through_in_any_minute(
    gaps_s: list[float], limit: int
) -> None:
    clock = FakeClock()
    flood = too_fast(clock, person_per_minute=limit)
    allowed_s: list[float] = []
    for gap_s in gaps_s:
        await clock.advance(gap_s)
        if await flood.judge(subject()) is ALLOW:
            allowed_s.append(clock.monotonic())

    for start_s in allowed_s:
        assert sum(start_s <= at_s < start_s + 60 for at_s in allowed_s) <= limit


async def test_memory_holds_one_minute_however_high_the_limit_is(
    clock: FakeClock,
) -> None:
    flood = too_fast(clock, person_per_minute=10**9, channel_per_minute=10**9)

    for _ in range(1000):
        await flood.judge(subject())
        await clock.advance(1)

    assert flood.num_remembered == 2 * 60
