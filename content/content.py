"""The life of all that is posted: from a slot in the calendar to the channels."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from zoneinfo import ZoneInfo

import structlog

from bot.adapter import Adapter
from bot.clock import Clock
from bot.config import Config
from bot.errors import UserError
from bot.messages import Author, Channel
from bot.preferences import community_key
from bot.safety.filter import FilterChain
from bot.store.changes import ChangeRepository
from bot.store.deliveries import DeliveryRepository
from bot.store.diary import DiaryRepository
from bot.store.holds import HoldRepository
from bot.store.judgements import JudgementRepository
from bot.store.posts import PostRepository
from bot.store.reviews import ReviewRepository
from bot.store.runs import RunRepository, RunState, ScheduleRun
from bot.store.schedules import ScheduleRepository, StoredSchedule
from bot.store.store import Store
from bot.waiting import is_set_within
from bot.words import T, Words
from content.calendar import Calendar
from content.controls import build_controls
from content.gate import REMOVED, Gate
from content.holding import Holding
from content.making import Making
from content.newest import Newest
from content.past import Past
from content.publisher import DrawCover, Publisher
from content.review import Desk, Review
from content.runner import Runner
from content.sources.choosing import Sources
from content.text_maker import TextMaker
from content.writer import Writer

__all__ = ["Content"]

logger = structlog.get_logger(__name__)

AFTER_FAILURE_S = 60.0
DRAIN_S = 10.0


class Content:
    """Runs schedules while it is entered.

    Entering reads the schedules of config.toml and takes up what was left unfinished;
    leaving stops drafts, which are taken up the next time, and lets calls to platforms
    end. Only one process may do that on a store, which the store's lock sees to.
    """

    def __init__(
        self,
        *,
        config: Config,
        store: Store,
        maker: TextMaker,
        chain: FilterChain,
        adapters: Mapping[str, Adapter],
        words: Words,
        desk: Desk,
        clock: Clock,
        sources: Sources,
        draw: DrawCover | None = None,
    ) -> None:
        self.posts = PostRepository(store)
        self.deliveries = DeliveryRepository(store)
        self.runs = RunRepository(store)
        self.judgements = JudgementRepository(store)
        self.sources = sources
        self.clock = clock
        self.desk = desk
        self.diary = DiaryRepository(store)
        schedules = ScheduleRepository(store)
        self.calendar = Calendar(
            bot=config.bot, schedules=schedules, runs=self.runs, clock=clock
        )
        self.writer = Writer(
            maker,
            model=config.models.chat.model,
            posts=self.posts,
            materials=sources.materials,
            past=Past(store),
            judgements=self.judgements,
            chain=chain,
            personas=config.personas,
            bot=config.bot,
            clock=clock,
        )
        self.publisher = Publisher(
            posts=self.posts,
            deliveries=self.deliveries,
            materials=sources.materials,
            adapters=adapters,
            words=words,
            clock=clock,
            draw=draw,
        )
        self.review = Review(
            reviews=ReviewRepository(store), posts=self.posts, desk=desk, clock=clock
        )
        self._changed = asyncio.Event()
        self._build_runs(config, store, desk)
        self._config = config
        self._group = asyncio.TaskGroup()
        self._running: set[asyncio.Task[None]] = set()
        self._has_begun = asyncio.Event()
        self._asking = asyncio.Lock()
        self._life: asyncio.Task[None] | None = None

    def _build_runs(self, config: Config, store: Store, desk: Desk) -> None:
        """Build what makes posts of slots, and who steers that."""
        clock = self.clock
        self.holding = Holding(HoldRepository(store), clock)
        self.newest = Newest(
            ChangeRepository(store), calendar=self.calendar, holding=self.holding
        )
        gate = Gate(self.calendar, self.holding, clock)
        self.making = Making(
            bot=config.bot,
            posts=self.posts,
            sources=self.sources,
            writer=self.writer,
            review=self.review,
            publisher=self.publisher,
            desk=desk,
            gate=gate,
            clock=clock,
        )
        self.runner = Runner(
            calendar=self.calendar,
            runs=self.runs,
            posts=self.posts,
            making=self.making,
            gate=gate,
        )
        controls = build_controls(
            config,
            calendar=self.calendar,
            runs=self.runs,
            desk=desk,
            places=self.publisher.places,
            communities_of=self.communities_of,
            wake=self._changed.set,
            clock=clock,
        )
        self.missed, self.steering = controls.missed, controls.steering
        self.moving, self.rights = controls.moving, controls.rights

    @property
    def zone(self) -> ZoneInfo:
        """The zone of times that are shown."""
        return ZoneInfo(self._config.bot.timezone)

    async def __aenter__(self) -> "Content":
        await self.calendar.sync(self._config.schedule)
        await self.calendar.plan_first()
        asked = await self.runs.asked()
        unfinished = (
            *await self.runs.unfinished(),
            *(run for run in asked if self.missed.is_to_be_asked(run)),
        )
        self._life = asyncio.create_task(self._live(unfinished))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._life is not None:
            self._life.cancel()
            await asyncio.wait([self._life])
        await self.publisher.drain(DRAIN_S)

    @property
    def is_running(self) -> bool:
        """Whether schedules are run, by this very process."""
        return self._life is not None

    async def run_now(
        self, schedule_id: str, *, instead: tuple[datetime, Author] | None = None
    ) -> bool:
        """Begin a run outside the timetable; False: there is no such schedule.

        It comes in place of a slot where a moderator names one. Where the bot does not
        run schedules, they begin when it does.

        Raises:
            UserError: a post of it is being made already, or the slot has come.
        """
        async with self._asking:  # of two presses at once, one is too late
            if await self.runner.is_asked_for_at_work(schedule_id):
                raise UserError(
                    T("A post of “{id}” is being made already.", id=schedule_id)
                )
            run = await self.calendar.plan_now(schedule_id) if instead is None else None
            if instead is not None:
                run = await self.moving.begin(schedule_id, *instead)
            if run is not None:
                self._begin(run)
        return run is not None

    async def make_up(self, schedule_id: str, slot: str) -> None:
        """Take up a missed slot that moderators were asked about.

        Raises:
            UserError: it was decided already, or there is no such slot.
        """
        self._begin(await self.missed.make_up(schedule_id, slot))

    async def put(self, schedule: StoredSchedule) -> StoredSchedule:
        """Take in a schedule that moderators made or changed; return it as it is kept.

        What is being made goes on with what it began with.

        Raises:
            ConfigError: it cannot run; nothing was changed.
        """
        kept = await self.calendar.put(schedule)
        self._changed.set()
        return kept

    async def remove(self, schedule_id: str) -> int:
        """Remove a schedule, and return how many of its posts do not go out therefore.

        Those whose delivery has begun are seen through.
        """
        await self.calendar.remove(schedule_id)
        await self.missed.close(schedule_id, REMOVED)
        posts = await self.runner.unfinished(schedule_id)
        for post in posts:
            await self.review.withdraw(post.id, REMOVED)
        return len(posts)

    def communities_of(self, schedule: StoredSchedule) -> tuple[str, ...]:
        """Return the keys of the communities that a schedule posts to."""
        places = self.publisher.places(schedule.channels)
        return tuple(dict.fromkeys(map(community_key, places)))

    async def edit(self, post_id: str, text: str, by: Author, place: Channel) -> None:
        """Give a post under review a moderator's text.

        Raises:
            UserError: it is not under review here, or the text is refused.
        """
        post = await self.review.pending(post_id, by, place)
        schedule = self.calendar.get(post.schedule_id or "")
        title, body = await self.making.edit(schedule, post, text)
        await self.review.edit(post_id, by, place=place, title=title, body=body)

    async def settled(self) -> None:
        """Wait until every run that has begun has ended."""
        await self._has_begun.wait()
        while self._running:
            await asyncio.wait(self._running)

    async def _live(self, unfinished: Sequence[ScheduleRun]) -> None:
        async with self._group:
            for run in unfinished:
                self._begin(run)
            while True:
                for run in await self._due():
                    self._begin(run)
                self._group.create_task(self.sources.refresh(self.calendar.entries))
                self._has_begun.set()
                await is_set_within(self._changed, self.calendar.nap_s(), self.clock)
                self._changed.clear()

    async def _due(self) -> tuple[ScheduleRun, ...]:
        try:
            return await self.calendar.plan_due()
        except Exception:
            logger.exception("calendar failed")
            await self.clock.sleep(AFTER_FAILURE_S)
            return ()

    def _begin(self, run: ScheduleRun) -> None:
        if self._life is None:
            return  # its row is taken up when schedules run
        is_asked = run.state is RunState.ASKED
        work = self.missed.ask(run) if is_asked else self.runner.carry_out(run)
        task = self._group.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
