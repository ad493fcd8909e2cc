"""The store is put back to a copy from before a post: it must not come twice."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.fake.adapter import FakeAdapter
from bot.clock import FakeClock
from bot.config import Config
from bot.messages import Author, Channel, Role
from bot.safety.filter import FilterChain
from bot.store.copies import copy_store, restore_store
from bot.store.runs import RunState
from bot.words import Words
from content.content import Content
from content.fake_desk import Card, FakeDesk
from content.posts import PostStatus
from content.review import ReviewAction
from content.sources.choosing import Sources
from content.text_maker import FakeTextMaker
from tests.stores import new_store

MakeConfig = Callable[..., Config]
MINUTE, HOUR = 60.0, 3600.0
NOON = "20260701T090000"
STAFF = Channel("fake", "staff", "fakeville")
WAIT_S = 20
MO = Author("9", "Mo", Role.MODERATOR)


class Life:
    """A bot that can be stopped, copied, put back and started again."""

    def __init__(
        self,
        folder: Path,
        clock: FakeClock,
        adapter: FakeAdapter,
        desk: FakeDesk,
        maker: FakeTextMaker,
    ) -> None:
        self.path, self.copy = folder / "own.sqlite3", folder / "copy.sqlite3"
        self.clock = clock
        self.desk = desk
        self._adapter = adapter
        self._maker = maker

    @asynccontextmanager
    async def run(self, config: Config) -> AsyncIterator[Content]:
        async with (
            new_store(self.path, clock=self.clock) as store,
            Content(
                config=config,
                store=store,
                maker=self._maker,
                chain=FilterChain([]),
                adapters={"fake": self._adapter},
                words=Words({}),
                desk=self.desk,
                clock=self.clock,
                sources=Sources(store, config_path=self.path),
            ) as content,
            asyncio.timeout(WAIT_S),
        ):
            yield content

    async def keep_copy(self) -> None:
        await asyncio.to_thread(copy_store, self.path, self.copy)

    async def put_back(self) -> None:
        await asyncio.to_thread(
            restore_store, self.path, self.copy, now_utc=self.clock.now_utc()
        )

    def seen(self) -> int:
        place = self._adapter.channel("announcements")
        return len(self._adapter.platform.visible(place))

    @property
    def asked(self) -> list[Card]:
        return [card for card in self.desk.cards if card.buttons]

    async def until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():  # noqa: ASYNC110 - the store answers from its own thread
            await asyncio.sleep(0.01)

    async def nothing_comes(self, hours: int) -> None:
        """Let hours pass, and see that no post came."""
        before = self.seen()
        for _ in range(hours):
            await self.clock.advance(HOUR)
            await asyncio.sleep(0.02)
        assert self.seen() == before


@pytest.fixture
def life(
    tmp_path: Path,
    clock: FakeClock,
    adapter: FakeAdapter,
    desk: FakeDesk,
    fresh_maker: FakeTextMaker,
) -> Life:
    return Life(tmp_path, clock, adapter, desk, fresh_maker)


async def post_after_the_copy(life: Life, config: Config) -> None:
    """Copy, post at nine, and put the copy back a quarter later."""
    async with life.run(config):
        await life.keep_copy()
        await life.clock.advance(3 * HOUR)
        await life.until(lambda: life.seen() == 1)
    await life.clock.advance(15 * MINUTE)
    await life.put_back()


@pytest.mark.parametrize("misfire", ["last", "ask"])
async def test_slot_from_after_the_copy_is_not_made_up_for_by_itself(
    misfire: str, life: Life, make_config: MakeConfig
) -> None:
    config = make_config(misfire=misfire)
    await post_after_the_copy(life, config)
    async with life.run(config) as content:
        await life.until(lambda: len(life.asked) == 1)
        assert "restored from a copy" in life.asked[0].text
        assert life.asked[0].buttons[0][1] == f"/schedule run daily {NOON}"
        await life.nothing_comes(20)
        await content.missed.leave("daily", NOON, MO)
    async with life.run(config):
        await life.nothing_comes(1)
        assert len(life.asked) == 1
        await life.clock.advance(3 * HOUR)
        await life.until(lambda: life.seen() == 2)  # tomorrow's comes by itself


async def test_slot_comes_again_only_where_moderators_say_so(
    life: Life, make_config: MakeConfig
) -> None:
    await post_after_the_copy(life, make_config())
    async with life.run(make_config()) as content:
        await life.until(lambda: len(life.asked) == 1)
        await content.make_up("daily", NOON)
        await life.until(lambda: life.seen() == 2)


async def test_first_post_of_a_schedule_that_the_copy_does_not_know_is_asked_about(
    life: Life, make_config: MakeConfig
) -> None:
    config = make_config(at_first_start=True)
    async with life.run(Config()):
        await life.keep_copy()
    async with life.run(config):
        await life.until(lambda: life.seen() == 1)
    await life.put_back()
    async with life.run(config):
        await life.until(lambda: len(life.asked) == 1)
        await life.nothing_comes(1)


@pytest.mark.parametrize("is_wanted", [False, True])
async def test_post_that_was_under_review_in_the_copy_waits_for_a_word(
    is_wanted: bool, life: Life, make_config: MakeConfig
) -> None:
    config = make_config(approvals=1, review_minutes=1200)
    async with life.run(config):
        await life.clock.advance(3 * HOUR)
        await life.until(lambda: len(life.asked) == 1)
        await life.keep_copy()
    await life.put_back()
    async with life.run(config) as content:
        await life.until(lambda: len(life.asked) == 2)
        (run,) = await content.runs.recent("daily", limit=2)
        assert (run.state, life.asked[1].buttons[1][0]) == (RunState.ASKED, "Leave it")
        assert run.post_id is not None
        if is_wanted:
            await content.make_up("daily", NOON)
            approve = ReviewAction.APPROVE  # the review goes on where it was
            await content.review.decide(run.post_id, approve, MO, place=STAFF)
            await life.until(lambda: life.seen() == 1)
        else:
            await life.nothing_comes(2)


async def test_copy_from_the_middle_of_a_delivery_asks_instead_of_sending(
    life: Life, make_config: MakeConfig, adapter: FakeAdapter
) -> None:
    async with life.run(make_config()) as content:
        await life.clock.advance(3 * HOUR)
        await life.until(lambda: life.seen() == 1)
        await content.settled()
    # As it was a moment before: the call had no answer yet.
    async with new_store(life.path, clock=life.clock) as store:
        await store.write(
            lambda db: [
                db.execute("UPDATE delivery SET state = 'sending'").rowcount,
                db.execute("UPDATE post SET status = 'publishing'").rowcount,
                db.execute("UPDATE schedule_run SET state = 'started'").rowcount,
            ]
        )
    await life.keep_copy()
    await life.put_back()
    async with life.run(make_config()) as content:
        await life.until(lambda: len(life.asked) == 1)
        assert life.asked[0].buttons[1][1].startswith("/posts send")
        await content.settled()
        await life.nothing_comes(2)
        (post,) = await content.posts.list()
        assert post.status == PostStatus.UNKNOWN
