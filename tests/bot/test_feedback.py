import asyncio
import time
from collections.abc import AsyncIterator, Collection, Sequence
from pathlib import Path

import pytest
from typing_extensions import override

from bot.clock import FakeClock
from bot.errors import StoreError
from bot.feedback import MAX_BATCH, MAX_WAITING, Feedback
from bot.messages import Author, Channel, Message
from bot.reactions import Comment, Reaction, Vote
from bot.store.feedback import FeedbackRepository
from bot.store.store import Store
from bot.tasks import Tasks
from bot.words import T

ROOM = Channel("web", "announcements", "web")
LIKE = Reaction(ROOM, "m1", "ada", "👍")
VOTE = Vote("web", ROOM, "m1", "", "ada", (0,))


class SlowRepository(FeedbackRepository):
    """Notes what it is to keep, and can fail at it."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.batches: list[Sequence[Reaction | Vote | Comment]] = []
        self.is_broken = False

    @override
    async def keep(self, events: Sequence[Reaction | Vote | Comment]) -> frozenset[str]:
        await asyncio.sleep(0)
        if self.is_broken:
            raise StoreError(T("broken"))
        self.batches.append(events)
        return frozenset({"p1"} if any(isinstance(e, Vote) for e in events) else ())


@pytest.fixture
async def repository(tmp_path: Path) -> AsyncIterator[SlowRepository]:
    async with Store.open(tmp_path / "s", backups=1, clock=FakeClock()) as store:
        yield SlowRepository(store)


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    async with Tasks() as opened:
        yield opened


async def test_store_that_fails_does_not_end_the_collecting(
    repository: SlowRepository, tasks: Tasks
) -> None:
    feedback = Feedback(repository, tasks)
    repository.is_broken = True
    feedback.take(LIKE)
    await tasks.idle()
    repository.is_broken = False
    feedback.take(LIKE)
    await tasks.idle()
    assert repository.batches == [[LIKE]]


async def test_ten_thousand_reactions_are_taken_at_once_and_written_together(
    repository: SlowRepository, tasks: Tasks
) -> None:
    feedback = Feedback(repository, tasks)
    begun_s = time.perf_counter()
    for number in range(10_000):
        feedback.take(Reaction(ROOM, "m1", str(number), "👍"))
    assert time.perf_counter() - begun_s < 1
    await tasks.idle()
    assert len(repository.batches) == 10_000 // MAX_BATCH
    assert sum(map(len, repository.batches)) == 10_000


async def test_flood_beyond_all_measure_is_let_go(
    repository: SlowRepository, tasks: Tasks
) -> None:
    feedback = Feedback(repository, tasks)
    for _ in range(MAX_WAITING + 7):
        feedback.take(LIKE)
    await tasks.idle()
    assert sum(map(len, repository.batches)) == MAX_WAITING


async def test_new_votes_are_told_after_they_are_written(
    repository: SlowRepository, tasks: Tasks
) -> None:
    told: list[Collection[str]] = []

    async def on_votes(post_ids: Collection[str]) -> None:
        assert repository.batches
        told.append(post_ids)

    feedback = Feedback(repository, tasks, on_votes=on_votes)
    feedback.take(LIKE)
    await tasks.idle()
    feedback.take(VOTE)
    await tasks.idle()
    assert told == [{"p1"}]


@pytest.mark.parametrize(
    ("reply_to_id", "thread_id", "expected"),
    [
        (None, None, None),
        ("m1", None, ("m1",)),
        (None, "t1", ("t1",)),
        ("m1", "t1", ("m1", "t1")),
    ],
)
async def test_only_what_may_be_below_a_post_is_looked_up(
    reply_to_id: str | None,
    thread_id: str | None,
    expected: tuple[str, ...] | None,
    repository: SlowRepository,
    tasks: Tasks,
) -> None:
    channel = Channel("web", "general", "web", thread_id=thread_id)
    feedback = Feedback(repository, tasks)
    now_utc = FakeClock().now_utc()
    ada = Author("ada", "Ada")
    message = Message("c1", channel, ada, "hi", now_utc, reply_to_id=reply_to_id)
    feedback.written(message)
    await tasks.idle()
    comment = Comment(channel, "c1", "ada", expected) if expected else None
    assert repository.batches == ([[comment]] if comment else [])
