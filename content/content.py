"""The life of all that is posted: from a slot in the calendar to the channels."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from zoneinfo import ZoneInfo

from bot.adapter import Adapter
from bot.clock import Clock
from bot.config import Config
from bot.errors import UserError
from bot.messages import Author, Channel
from bot.publication import Publication
from bot.safety.filter import FilterChain
from bot.store.changes import ChangeRepository
from bot.store.deliveries import DeliveryRepository
from bot.store.diary import DiaryRepository
from bot.store.holds import HoldRepository
from bot.store.judgements import JudgementRepository
from bot.store.post_pictures import PostPictureRepository
from bot.store.posts import PostRepository, StoredPost
from bot.store.reviews import ReviewRepository
from bot.store.runs import RunRepository
from bot.store.schedules import ScheduleRepository, StoredSchedule
from bot.store.store import Store
from bot.words import T, Words
from content.calendar import Calendar
from content.controls import build_controls
from content.corrections import Corrections
from content.gate import REMOVED, AreHeld, Gate, nothing_is_held
from content.holding import Holding
from content.illustrating import CoverMaker, Illustrating, PictureMaker
from content.life import Life
from content.making import Making
from content.newest import Newest
from content.outgoing import build_outgoing
from content.past import Past
from content.places import Places
from content.post_stats import StatsReader
from content.publications import Manner, Publications
from content.review import Desk, Review
from content.review_card import ReviewCards
from content.runner import Runner
from content.sources.choosing import Sources
from content.text_maker import TextMaker
from content.writer import Writer

__all__ = ["Content"]

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
        covers: CoverMaker | None = None,
        drawer: PictureMaker | None = None,
        are_held: AreHeld = nothing_is_held,
    ) -> None:
        self.posts, self.runs = PostRepository(store), RunRepository(store)
        self.deliveries, self.diary = DeliveryRepository(store), DiaryRepository(store)
        self.judgements, self.places = JudgementRepository(store), Places(adapters)
        self.sources, self.clock, self._are_held = sources, clock, are_held
        self.desk, self.store, self.adapters = desk, store, adapters
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
            meanings=sources.meanings,
        )
        self._build_outgoing(config, words, covers, drawer)
        self.stats = StatsReader(store, self.places)
        cards = ReviewCards(desk, lay_out=self._lay_out, judgements=self.judgements)
        self.review = Review(
            reviews=ReviewRepository(store),
            posts=self.posts,
            desk=desk,
            show=cards.show,
            redraw=self.illustrating.redraw,
            clock=clock,
        )
        self._build_runs(config, desk)
        self.config, self._asking = config, asyncio.Lock()
        self._life = Life(
            calendar=self.calendar,
            runner=self.runner,
            missed=self.missed,
            sources=sources,
            aftermath=self.outgoing.aftermath,
            clock=clock,
        )

    def _build_outgoing(
        self,
        config: Config,
        words: Words,
        covers: CoverMaker | None,
        drawer: PictureMaker | None,
    ) -> None:
        """Build what brings posts to channels, and what becomes of them there."""
        self.illustrating = Illustrating(
            PostPictureRepository(self.store),
            covers=covers,
            drawer=drawer,
            judgements=self.judgements,
            places_of=self._places_of,
            bot_name=config.bot.name,
            words=words,
            clock=self.clock,
        )
        self.publications = Publications(
            materials=self.sources.materials,
            words=words,
            draw=self.illustrating.picture_of,
        )
        self.outgoing = build_outgoing(
            self.store,
            posts=self.posts,
            deliveries=self.deliveries,
            publications=self.publications,
            calendar=self.calendar,
            adapters=self.adapters,
            places=self.places,
            desk=self.desk,
            spawn=lambda work: self._life.spawn(work),
            are_held=self._are_held,
        )

    def _build_runs(self, config: Config, desk: Desk) -> None:
        """Build what makes posts of slots, and who steers that."""
        self.holding = Holding(HoldRepository(self.store), self.clock)
        self.newest = Newest(
            ChangeRepository(self.store), calendar=self.calendar, holding=self.holding
        )
        gate = Gate(self.calendar, self.holding, self.clock, self._are_held)
        self.making = Making(
            bot=config.bot,
            posts=self.posts,
            sources=self.sources,
            writer=self.writer,
            review=self.review,
            publisher=self.outgoing.publisher,
            desk=desk,
            places=self.places,
            gate=gate,
            clock=self.clock,
        )
        self.runner = Runner(
            calendar=self.calendar,
            runs=self.runs,
            posts=self.posts,
            making=self.making,
            gate=gate,
        )
        self.corrections = Corrections(
            posts=self.posts,
            rights=self.outgoing.rights,
            aftermath=self.outgoing.aftermath,
            making=self.making,
            review=self.review,
            runner=self.runner,
            begin=lambda run: self._life.begin(run),
        )
        controls = build_controls(
            config,
            calendar=self.calendar,
            runs=self.runs,
            desk=desk,
            places=self.places,
            wake=lambda: self._life.wake(),
            clock=self.clock,
        )
        self.missed, self.steering = controls.missed, controls.steering
        self.moving, self.rights = controls.moving, controls.rights

    @property
    def zone(self) -> ZoneInfo:
        """The zone of times that are shown."""
        return ZoneInfo(self.config.bot.timezone)

    async def __aenter__(self) -> "Content":
        await self.calendar.sync(self.config.schedule)
        await self.calendar.plan_first()
        asked = await self.runs.asked()
        unfinished = (
            *await self.runs.unfinished(),
            *(run for run in asked if self.missed.is_to_be_asked(run)),
        )
        self._life.start(unfinished)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._life.stop()
        await self.outgoing.publisher.drain(DRAIN_S)
        await self.outgoing.changes.drain(DRAIN_S)

    @property
    def is_running(self) -> bool:
        """Whether schedules are run, by this very process."""
        return self._life.is_running

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
                self._life.begin(run)
        return run is not None

    async def make_up(self, schedule_id: str, slot: str) -> None:
        """Take up a missed slot that moderators were asked about.

        Raises:
            UserError: it was decided already, or there is no such slot.
        """
        self._life.begin(await self.missed.make_up(schedule_id, slot))

    async def put(self, schedule: StoredSchedule) -> StoredSchedule:
        """Take in a schedule that moderators made or changed; return it as it is kept.

        What is being made goes on with what it began with.

        Raises:
            ConfigError: it cannot run; nothing was changed.
        """
        kept = await self.calendar.put(schedule)
        self._life.wake()
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

    async def settled(self) -> None:
        """Wait until every run that has begun has ended."""
        await self._life.settled()

    async def _lay_out(self, post: StoredPost) -> Publication:
        return await self.publications.of(post, Manner())

    def _places_of(self, post: StoredPost) -> tuple[Channel, ...]:
        schedule = self.calendar.get(post.schedule_id or "")
        return self.places(schedule.channels) if schedule else ()
