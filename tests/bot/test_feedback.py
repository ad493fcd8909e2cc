from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

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
from tests.content.feedback import send
from tests.stores import new_store

if TYPE_CHECKING:
    from tests.bot.conftest import OpenBot

EARLY = datetime(2020, 1, 1, tzinfo=UTC)

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
    async with new_store(tmp_path / "s", clock=FakeClock()) as store:
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


async def test_whole_bot_counts_what_people_do_below_a_post(open_bot: OpenBot) -> None:
    async with open_bot() as bot:
        post = await send(bot.app.store, "Tea")
        place = bot.platform.channel("general")
        for number in range(3000):
            like = Reaction(place, post, str(number), "👍")
            bot.platform.inbox.reacted(like)
        bot.platform.inbox.voted(
            Vote("fake", place, post, person_id="ada", answers=(0,))
        )
        for text in ("Lovely!", "Really."):
            bot.platform.say("Ada", text, reply_to_id=post, is_to_bot=False)
        bot.platform.say("Bob", "Something else", is_to_bot=False)
        await bot.app.responder.idle()
        (stats,) = await bot.app.content.stats.posts(EARLY)
        assert (stats.reactions, stats.votes, stats.replies) == (3000, 1, 2)
        assert stats.score == 3000 + 1 + 2
