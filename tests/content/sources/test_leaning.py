from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clock import FakeClock
from bot.messages import Channel
from bot.store.post_counts import PostCountsRepository
from bot.store.store import Store
from content.sources.choosing import Sources
from content.sources.leaning import Leaning
from content.sources.likeness import WordLikeness
from tests.content.feedback import like, send
from tests.content.sources.test_choosing import SCHEDULE

DAY_S = 86400.0
HERE = Channel("fake", "general", "fakeville")
TOPICS = ("Tea in winter", "Cats and boxes", "Baking sourdough")


def leaning(store: Store, lean: float = 1.0) -> Leaning:
    return Leaning(
        PostCountsRepository(store),
        schedule_id="s",
        lean=lean,
        likeness=WordLikeness(),
        clock=store.clock,
    )


async def drawn(store: Store, clock: FakeClock, lean: float = 1.0) -> Counter[str]:
    """Return how often each topic comes, minute by minute."""
    found: Counter[str] = Counter()
    for _ in range(100):
        await clock.advance(60)
        found[await leaning(store, lean).choose(TOPICS)] += 1
    return found


async def test_first_topic_comes_where_nothing_is_known(
    store: Store, clock: FakeClock
) -> None:
    assert await drawn(store, clock) == {TOPICS[0]: 100}


async def test_feedback_on_other_schedules_says_nothing(
    store: Store, clock: FakeClock
) -> None:
    post = await send(store, TOPICS[1], schedule_id="other")
    await like(store, post, 30)
    assert await drawn(store, clock) == {TOPICS[0]: 100}


@pytest.mark.parametrize(("lean", "least"), [(1.0, 40), (3.0, 60)])
async def test_what_people_like_comes_more_often_and_nothing_goes_away(
    lean: float, least: int, store: Store, clock: FakeClock
) -> None:
    for _ in range(3):
        for topic in TOPICS:
            post = await send(store, topic)
            await like(store, post, 12 if topic == TOPICS[2] else 1)
    found = await drawn(store, clock, lean)
    assert found[TOPICS[2]] >= least
    assert all(found[topic] >= 3 for topic in TOPICS)
    assert await drawn(store, clock, 0.0) == {TOPICS[0]: 100}


async def test_nearly_the_same_topic_counts_for_it(
    store: Store, clock: FakeClock
) -> None:
    for _ in range(4):
        await like(store, await send(store, "The tea, in winter!"), 9)
        await send(store, TOPICS[1])
    found = await drawn(store, clock)
    assert found[TOPICS[0]] > found[TOPICS[1]]


async def test_old_likes_weigh_less(store: Store, clock: FakeClock) -> None:
    await like(store, await send(store, TOPICS[0]), 20)
    await send(store, TOPICS[1])
    await clock.advance(300 * DAY_S)
    for topic in TOPICS:
        await like(store, await send(store, topic), 10)
    found = await drawn(store, clock)
    assert max(found.values()) < 50
    await clock.advance(400 * DAY_S)
    assert await drawn(store, clock) == {TOPICS[0]: 100}


async def test_topic_not_used_yet_comes_first_and_the_latest_rests(
    store: Store, clock: FakeClock, sources: Sources
) -> None:
    schedule = replace(SCHEDULE, topics=(*TOPICS, "Foxes at night"))
    for topic in TOPICS:
        await like(store, await send(store, topic), 50 if topic == TOPICS[0] else 0)
    assert await sources.topic_for("a", schedule, [HERE]) == "Foxes at night"
    await send(store, "Foxes at night")
    found = set()
    for _ in range(40):
        await clock.advance(60)
        found.add(await sources.topic_for("b", schedule, [HERE]))
    assert found == {TOPICS[0], TOPICS[1]}


@pytest.fixture
def sources(store: Store, tmp_path: Path) -> Sources:
    return Sources(store, config_path=tmp_path / "config.toml", lean=1.0)
