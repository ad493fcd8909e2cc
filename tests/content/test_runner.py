"""Runs while things happen: other slots, edits, removals, nights, restarts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typing_extensions import override

from adapters.fake.adapter import FakeAdapter
from bot.clock import FakeClock
from bot.config import Config
from bot.errors import UserError
from bot.generation.requests import PromptTurn, TextParams
from bot.messages import Author, Channel, Role
from bot.store.runs import RunState, ScheduleRun
from bot.store.schedules import ScheduleSource, StoredSchedule
from content.content import Content
from content.fake_desk import Card, FakeDesk
from content.review import ReviewAction
from content.text_maker import FakeTextMaker, TextMaker

MakeConfig = Callable[..., Config]
MakeContent = Callable[..., Content]
Passing = Callable[[Coroutine[Any, Any, Any]], Coroutine[Any, Any, Any]]
MO = Author("mo", "Mo", Role.MODERATOR)
STAFF = Channel("fake", "staff", "fakeville")
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


async def until(is_so: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(20):
        while not await is_so():  # noqa: ASYNC110 - the store answers from its thread
            await asyncio.sleep(0.002)


class HeldMaker(TextMaker):
    """Writes when it is let."""

    def __init__(self, maker: TextMaker) -> None:
        self._maker = maker
        self.is_asked, self.may_write = asyncio.Event(), asyncio.Event()

    @override
    async def write(self, turns: tuple[PromptTurn, ...], *, params: TextParams) -> str:
        self.is_asked.set()
        await self.may_write.wait()
        return await self._maker.write(turns, params=params)


class Scene:
    """A bot that runs one schedule, and what can be seen of it."""

    def __init__(
        self, content: Content, clock: FakeClock, desk: FakeDesk, adapter: FakeAdapter
    ) -> None:
        self.content = content
        self.clock = clock
        self._desk = desk
        self._adapter = adapter

    async def runs(self) -> tuple[ScheduleRun, ...]:
        return await self.content.runs.recent("daily", limit=99)

    async def states(self) -> list[RunState]:
        return [run.state for run in await self.runs()]

    async def reasons(self) -> list[str]:
        return [str(run.reason or "") for run in await self.runs()]

    async def until_states(self, *states: RunState) -> None:
        async def is_so() -> bool:
            return await self.states() == list(states)

        try:
            await until(is_so)
        except TimeoutError:
            raise AssertionError([await self.states(), await self.reasons()]) from None

    async def until_at(self, hour: int, minute: int = 0) -> None:
        """Let time pass until the next such time of the day."""
        now = self.clock.now_utc()
        then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if then <= now:
            then += timedelta(days=1)
        await self.clock.advance((then - now).total_seconds())

    def seen(self, channel: str = "announcements") -> int:
        place = self._adapter.channel(channel)
        return len(self._adapter.platform.visible(place))

    async def until_seen(self, number: int, channel: str = "announcements") -> None:
        async def is_so() -> bool:
            return self.seen(channel) >= number

        await until(is_so)
        assert self.seen(channel) == number

    @property
    def asked(self) -> list[Card]:
        return [card for card in self._desk.cards if card.buttons]

    async def until_asked(self, number: int) -> None:
        async def is_so() -> bool:
            return len(self.asked) >= number

        await until(is_so)
        assert len(self.asked) == number

    async def approve(self) -> None:
        post_id = self.asked[-1].buttons[0][1].split()[1]
        await self.content.review.decide(post_id, ReviewAction.APPROVE, MO, place=STAFF)


Play = Callable[..., AbstractAsyncContextManager[Scene]]


@pytest.fixture
def play(
    make_content: MakeContent,
    make_config: MakeConfig,
    clock: FakeClock,
    desk: FakeDesk,
    adapter: FakeAdapter,
    fresh_maker: FakeTextMaker,
) -> Play:
    """Start the bot; leaving stops it, and playing again is a restart."""

    @asynccontextmanager
    async def played(
        *, maker: TextMaker = fresh_maker, **changes: object
    ) -> AsyncIterator[Scene]:
        async with make_content(make_config(**changes), maker=maker) as content:
            yield Scene(content, clock, desk, adapter)

    return played


HOURLY = {"cron": "0 * * * *"}
REVIEWED = {"approvals": 1, "review_minutes": 1200}
NIGHT = {"quiet_hours": "22:00-07:00"}


async def test_slot_is_left_out_while_the_post_before_is_being_written(
    play: Play, fresh_maker: FakeTextMaker
) -> None:
    maker = HeldMaker(fresh_maker)
    async with play(maker=maker, **HOURLY) as scene:
        await scene.until_at(7)
        await asyncio.wait_for(maker.is_asked.wait(), 20)
        await scene.until_at(8)
        await scene.until_states(RunState.STARTED, RunState.SKIPPED)
        assert (await scene.reasons())[1] == (
            "the post before it, of 2026-07-01 07:00 UTC, was not finished"
        )
        maker.may_write.set()
        await scene.until_states(RunState.DONE, RunState.SKIPPED)
        await scene.until_at(9)
        await scene.until_states(RunState.DONE, RunState.SKIPPED, RunState.DONE)
        assert scene.seen() == 2


async def test_slot_is_left_out_while_the_post_before_is_under_review(
    play: Play,
) -> None:
    async with play(**HOURLY, **REVIEWED) as scene:
        await scene.until_at(7)
        await scene.until_asked(1)
        await scene.until_at(8)
        await scene.until_states(RunState.STARTED, RunState.SKIPPED)
        await scene.approve()
        await scene.until_states(RunState.DONE, RunState.SKIPPED)
        await scene.until_at(9)
        await scene.until_asked(2)


async def test_draft_of_yesterday_does_not_keep_out_the_slot_of_today(
    play: Play, fresh_maker: FakeTextMaker, clock: FakeClock
) -> None:
    maker = HeldMaker(fresh_maker)
    async with play(maker=maker) as scene:
        await scene.until_at(9)
        await asyncio.wait_for(maker.is_asked.wait(), 20)
    await clock.advance(DAY)
    async with play() as scene:
        await scene.until_states(RunState.SKIPPED, RunState.DONE)
        assert "too late" in (await scene.reasons())[0]


async def test_second_wish_for_a_post_now_is_told_that_one_is_being_made(
    play: Play, fresh_maker: FakeTextMaker
) -> None:
    maker = HeldMaker(fresh_maker)
    async with play(maker=maker) as scene:
        await scene.clock.advance(1)
        assert await scene.content.run_now("daily")
        both = [scene.content.run_now("daily") for _ in range(2)]
        with pytest.raises(UserError, match="being made already"):
            await asyncio.gather(*both)
        await asyncio.wait_for(maker.is_asked.wait(), 20)
        with pytest.raises(UserError, match="being made already"):
            await scene.content.run_now("daily")
        maker.may_write.set()
        await scene.until_states(RunState.DONE)
        await scene.clock.advance(1)
        assert await scene.content.run_now("daily")
        await scene.until_seen(2)


async def test_jitter_waits_and_a_restart_does_not_move_it(play: Play) -> None:
    changes = {"jitter_minutes": 60}
    slot = datetime(2026, 7, 1, 9, tzinfo=UTC)
    async with play(**changes) as scene:
        entry = scene.content.calendar.entry("daily")
        assert entry is not None
        start = entry.slots.starts_utc(slot)
        assert start - slot > timedelta(minutes=2)
        await scene.until_at(9)
        await scene.until_states(RunState.PLANNED)
    async with play(**changes) as scene:
        left = start - scene.clock.now_utc()
        await scene.clock.advance(left.total_seconds() - 1)
        assert await scene.states() == [RunState.PLANNED]
        await scene.clock.advance(2)
        await scene.until_states(RunState.DONE)
        assert scene.seen() == 1


async def test_slot_in_the_night_waits_for_the_morning(play: Play) -> None:
    async with play(cron="0 23 * * *", **NIGHT) as scene:
        await scene.until_at(23)
        await scene.until_states(RunState.PLANNED)
        await scene.until_at(6, 59)
        assert await scene.states() == [RunState.PLANNED]
    async with play(cron="0 23 * * *", **NIGHT) as scene:
        await scene.until_at(7, 1)
        await scene.until_states(RunState.DONE)


async def test_slots_of_a_night_come_as_one(play: Play) -> None:
    async with play(cron="0 22-23,0-2 * * *", **NIGHT) as scene:
        for num_before, hour in enumerate((22, 23, 0, 1, 2)):
            await scene.until_at(hour)
            left_out = [RunState.SKIPPED] * num_before
            await scene.until_states(RunState.PLANNED, *left_out)
        await scene.until_at(7, 1)
        await scene.until_states(RunState.DONE, *left_out)
        assert scene.seen() == 1


async def test_slot_in_the_night_is_left_out_where_it_says_so(play: Play) -> None:
    async with play(cron="0 23 * * *", in_quiet_hours="skip", **NIGHT) as scene:
        await scene.until_at(23)
        await scene.until_states(RunState.SKIPPED)
        assert await scene.reasons() == ["in its quiet hours"]


async def test_post_approved_in_the_night_goes_out_in_the_morning(play: Play) -> None:
    changes = {"cron": "0 21 * * *", **NIGHT, **REVIEWED}
    async with play(**changes) as scene:
        await scene.until_at(21)
        await scene.until_asked(1)
        await scene.until_at(23)
        await scene.approve()
        await scene.until_at(2)
        assert scene.seen() == 0
    async with play(**changes) as scene:  # and a restart does not make it too late
        await scene.until_at(6, 59)
        assert scene.seen() == 0
        await scene.until_at(7, 1)
        await scene.until_states(RunState.DONE)


async def test_post_approved_in_the_night_expires_where_it_says_so(play: Play) -> None:
    changes = {"cron": "0 21 * * *", "in_quiet_hours": "skip", **NIGHT, **REVIEWED}
    async with play(**changes) as scene:
        await scene.until_at(21)
        await scene.until_asked(1)
        await scene.until_at(22)
        await scene.approve()
        await scene.until_states(RunState.SKIPPED)
        assert await scene.reasons() == ["its quiet hours had begun"]
        assert scene.seen() == 0


async def test_post_that_a_moderator_wants_now_does_not_wait(play: Play) -> None:
    async with play(jitter_minutes=60, **NIGHT) as scene:
        await scene.until_at(23)
        assert await scene.content.run_now("daily")
        await scene.until_seen(1)


async def test_pause_ends_what_waits_for_its_time(play: Play) -> None:
    async with play(cron="0 23 * * *", **NIGHT) as scene:
        await scene.until_at(23)
        await scene.until_states(RunState.PLANNED)
        await scene.content.calendar.set_enabled("daily", is_enabled=False)
        await scene.until_at(7, 1)
        await scene.until_states(RunState.SKIPPED)
        assert await scene.reasons() == ["paused"]


async def test_removal_ends_a_post_under_review(play: Play) -> None:
    async with play(**REVIEWED) as scene:
        await scene.until_at(9)
        await scene.until_asked(1)
        assert await scene.content.remove("daily") == 1
        await scene.until_states(RunState.FAILED)
        assert await scene.reasons() == ["its schedule was removed"]
        with pytest.raises(UserError, match="decided already: its schedule was"):
            await scene.approve()
        (post,) = await scene.content.posts.list()
        assert post.status == "failed"
        assert scene.seen() == 0


@pytest.mark.parametrize("approvals", [0, 1])
async def test_removal_ends_a_post_that_is_being_written(
    approvals: int, play: Play, fresh_maker: FakeTextMaker
) -> None:
    maker = HeldMaker(fresh_maker)
    async with play(maker=maker, approvals=approvals) as scene:
        await scene.until_at(9)
        await asyncio.wait_for(maker.is_asked.wait(), 20)
        assert await scene.content.remove("daily") == 1
        maker.may_write.set()
        await scene.until_states(RunState.FAILED)
        assert scene.seen() == 0
        assert scene.asked == []


async def test_removal_ends_what_waits_for_its_time(play: Play) -> None:
    async with play(cron="0 23 * * *", **NIGHT) as scene:
        await scene.until_at(23)
        await scene.until_states(RunState.PLANNED)
        assert await scene.content.remove("daily") == 0
        await scene.until_at(7, 1)
        await scene.until_states(RunState.FAILED)


async def test_edit_counts_from_the_next_post_on(
    play: Play, fresh_maker: FakeTextMaker
) -> None:
    maker = HeldMaker(fresh_maker)
    async with play(maker=maker, **HOURLY) as scene:
        await scene.until_at(7)
        await asyncio.wait_for(maker.is_asked.wait(), 20)
        old = scene.content.calendar.get("daily")
        assert old is not None
        await scene.content.put(replace(old, channels=("fake:general",)))
        maker.may_write.set()
        await scene.until_seen(1)
        await scene.until_at(8)
        await scene.until_seen(1, "general")
        assert scene.seen() == 1


async def test_new_schedule_is_run_without_waiting_for_a_look_around(
    play: Play,
) -> None:
    async with play() as scene:
        await scene.clock.advance(1)
        soon = scene.clock.now_utc() + timedelta(seconds=5)
        await scene.content.put(
            StoredSchedule(
                id="soon",
                kind="article",
                channels=("fake:general",),
                topics=("Tomatoes in pots",),
                timezone="UTC",
                created_utc=scene.clock.now_utc(),
                at_utc=soon,
                source=ScheduleSource.COMMAND,
            )
        )
        await scene.clock.advance(5)
        await scene.until_seen(1, "general")
        (run,) = await scene.content.runs.recent("soon", limit=9)
        assert run.due_utc == soon


ASK = {"misfire": "ask"}


async def missed(play: Play, clock: FakeClock) -> None:
    """Have a bot that was off at nine, and is started at noon."""
    async with play(**ASK):
        pass
    await clock.advance(6 * HOUR)


async def test_missed_post_comes_once_where_moderators_say_so(
    play: Play, clock: FakeClock
) -> None:
    await missed(play, clock)
    async with play(**ASK) as scene:
        await scene.until_asked(1)
        (card,) = scene.asked
        assert "of “daily” for 2026-07-01 09:00 (UTC) was missed" in card.text
        assert card.communities == ("community:fake:fakeville",)
        assert card.buttons == (
            ("Post it now", "/schedule run daily 20260701T090000"),
            ("Leave it", "/schedule leave daily 20260701T090000"),
        )
        assert await scene.states() == [RunState.ASKED]
        await scene.content.make_up("daily", "20260701T090000")
        await scene.until_states(RunState.DONE)
        with pytest.raises(UserError, match="decided already"):
            await scene.content.make_up("daily", "20260701T090000")
        with pytest.raises(UserError, match="decided already"):
            await scene.content.missed.leave("daily", "20260701T090000", MO)
        assert scene.seen() == 1


async def test_missed_post_is_left_out_where_moderators_say_so(
    play: Play, clock: FakeClock
) -> None:
    await missed(play, clock)
    async with play(**ASK) as scene:
        await scene.until_asked(1)
        await scene.content.missed.leave("daily", "20260701T090000", MO)
        assert await scene.reasons() == ["left out by Mo"]
        with pytest.raises(UserError, match="decided already: left out by Mo"):
            await scene.content.make_up("daily", "20260701T090000")
    async with play(**ASK) as scene:
        assert await scene.states() == [RunState.SKIPPED]
        assert scene.seen() == 0


@pytest.mark.parametrize(
    "slot", ["", "yesterday", "20200101T000000", "20269901T000000"]
)
async def test_slot_that_was_not_missed_is_not_made_up(
    slot: str, play: Play, clock: FakeClock
) -> None:
    await missed(play, clock)
    async with play(**ASK) as scene:
        with pytest.raises(UserError, match="no missed post"):
            await scene.content.make_up("daily", slot)


async def test_moderators_out_of_reach_are_asked_again_and_others_are_not(
    play: Play, clock: FakeClock, desk: FakeDesk
) -> None:
    await missed(play, clock)
    desk.is_reachable = False
    async with play(**ASK) as scene:
        await scene.until_states(RunState.ASKED)
    async with play(**ASK) as scene:
        await asyncio.sleep(0.05)
        desk.is_reachable = True
        await until(lambda: _asked_after(scene, 5 * MINUTE))
        await until(lambda: _has_noted(scene))
    async with play(**ASK) as scene:
        await scene.clock.advance(HOUR)
        assert len(scene.asked) == 1
        assert await scene.reasons() == ["missed: moderators were asked"]


async def _has_noted(scene: Scene) -> bool:
    return await scene.reasons() == ["missed: moderators were asked"]


async def _asked_after(scene: Scene, delay_s: float) -> bool:
    await scene.clock.advance(delay_s)
    return bool(scene.asked)


async def test_removal_ends_what_moderators_are_asked_about(
    play: Play, clock: FakeClock
) -> None:
    await missed(play, clock)
    async with play(**ASK) as scene:
        await scene.until_asked(1)
        await scene.content.remove("daily")
        assert await scene.states() == [RunState.SKIPPED]
        with pytest.raises(UserError, match="its schedule was removed"):
            await scene.content.make_up("daily", "20260701T090000")


async def test_run_that_was_asked_for_begins_when_the_bot_does(
    make_content: MakeContent, make_config: MakeConfig, play: Play
) -> None:
    config = make_config()
    stopped = make_content(config)
    await stopped.calendar.sync(config.schedule)
    await stopped.clock.sleep(0)
    assert await stopped.run_now("daily")
    async with play() as scene:
        await scene.until_states(RunState.DONE)
