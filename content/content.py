"""The life of all that is posted: from a slot in the calendar to the channels."""

import asyncio
from collections.abc import Mapping, Sequence
from types import TracebackType
from zoneinfo import ZoneInfo

import structlog

from bot.adapter import Adapter
from bot.clock import Clock
from bot.config import Config
from bot.messages import Author, Channel
from bot.safety.filter import FilterChain
from bot.store.deliveries import DeliveryRepository
from bot.store.judgements import JudgementRepository
from bot.store.posts import PostRepository, StoredPost
from bot.store.reviews import ReviewRepository
from bot.store.runs import RunRepository, RunState, ScheduleRun
from bot.store.schedules import ScheduleRepository
from bot.store.store import Store
from bot.words import T, Text, Words
from content.calendar import Calendar
from content.making import Making
from content.past import Past
from content.posts import PostStatus, check_transition
from content.publisher import Publisher
from content.review import Desk, Review
from content.text_maker import TextMaker
from content.writer import Writer

__all__ = ["Content"]

logger = structlog.get_logger(__name__)

LONGEST_NAP_S = 60.0
"""The clock on the wall may jump (a laptop wakes up), so it is read this often."""
AFTER_FAILURE_S = 60.0
DRAIN_S = 10.0
ACTOR = "schedule"

OUTCOMES: Mapping[PostStatus, RunState] = {
    PostStatus.PUBLISHED: RunState.DONE,
    PostStatus.EXPIRED: RunState.SKIPPED,
    PostStatus.SKIPPED: RunState.SKIPPED,
    PostStatus.FAILED: RunState.FAILED,
    PostStatus.REJECTED: RunState.FAILED,
    PostStatus.UNKNOWN: RunState.FAILED,
}
"""What a run has become, by what its post has become."""


OWN_TIME = frozenset({PostStatus.PUBLISHING, PostStatus.PENDING_REVIEW})
"""A post that goes out is seen through, and a review says itself how long it waits."""


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
    ) -> None:
        self.posts = PostRepository(store)
        self.deliveries = DeliveryRepository(store)
        self.runs = RunRepository(store)
        self.judgements = JudgementRepository(store)
        self.clock = clock
        self.zone = ZoneInfo(config.bot.timezone)
        self.calendar = Calendar(
            bot=config.bot,
            schedules=ScheduleRepository(store),
            runs=self.runs,
            clock=clock,
        )
        self.writer = Writer(
            maker,
            model=config.models.chat.model,
            posts=self.posts,
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
            adapters=adapters,
            words=words,
            clock=clock,
        )
        self.review = Review(
            reviews=ReviewRepository(store), posts=self.posts, desk=desk, clock=clock
        )
        self.making = Making(
            bot=config.bot,
            posts=self.posts,
            writer=self.writer,
            review=self.review,
            publisher=self.publisher,
            desk=desk,
            clock=clock,
        )
        self._config = config
        self._group = asyncio.TaskGroup()
        self._running: set[asyncio.Task[None]] = set()
        self._has_begun = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Content":
        await self.calendar.sync(self._config.schedule)
        await self.calendar.plan_first()
        unfinished = await self.runs.unfinished()
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

    async def run_now(self, schedule_id: str) -> bool:
        """Begin a run outside the timetable; False: there is no such schedule."""
        run = await self.calendar.plan_now(schedule_id)
        if run is not None:
            self._begin(run)
        return run is not None

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
                self._has_begun.set()
                await self.clock.sleep(self._nap_s())

    async def _due(self) -> tuple[ScheduleRun, ...]:
        try:
            return await self.calendar.plan_due()
        except Exception:
            logger.exception("calendar failed")
            await self.clock.sleep(AFTER_FAILURE_S)
            return ()

    def _nap_s(self) -> float:
        next_utc = self.calendar.next_utc
        if next_utc is None:
            return LONGEST_NAP_S
        wait_s = (next_utc - self.clock.now_utc()).total_seconds()
        return min(max(0.0, wait_s), LONGEST_NAP_S)

    def _begin(self, run: ScheduleRun) -> None:
        task = self._group.create_task(self._carry_out(run))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _carry_out(self, run: ScheduleRun) -> None:
        """See one run through, whatever happens."""
        try:
            await self._run(run)
        except Exception:
            logger.exception("run failed", schedule=run.schedule_id)
            await self._end_broken(run)

    async def _run(self, run: ScheduleRun) -> None:
        schedule = self.calendar.get(run.schedule_id)
        post_id = run.post_id or _post_id(run)
        post = await self.posts.get(post_id)
        if post is not None and PostStatus(post.status) in OUTCOMES:
            ended = OUTCOMES[PostStatus(post.status)]
            await self._end(run, ended, await self._last_reason(post_id))
            return
        if schedule is None:
            reason = T("its schedule was removed")
            await self._give_up(run, post, PostStatus.FAILED, reason)
            return
        has_own_time = post is not None and PostStatus(post.status) in OWN_TIME
        if self.calendar.is_stale(run) and not has_own_time:
            reason = T("too late: the bot was not running")
            await self._give_up(run, post, PostStatus.EXPIRED, reason)
            return
        await self.runs.change(
            run.schedule_id,
            run.due_utc,
            run.state,
            RunState.STARTED,
            reason=run.reason,
            post_id=post_id,
        )
        status, why = await self.making.make(schedule, post_id, post)
        await self._end(run, OUTCOMES[status], why)

    async def _give_up(
        self,
        run: ScheduleRun,
        post: StoredPost | None,
        status: PostStatus,
        reason: Text,
    ) -> None:
        """End a run and, where it has begun one that has not ended, its post."""
        if post is not None and PostStatus(post.status) not in OUTCOMES:
            await self._move(post, status, reason)
        await self._end(run, OUTCOMES[status], reason)

    async def _end_broken(self, run: ScheduleRun) -> None:
        reason = T("something went wrong, see the log")
        try:
            post = await self.posts.get(run.post_id or _post_id(run))
            await self._give_up(run, post, PostStatus.FAILED, reason)
        except Exception:
            # Its rows are as they were: it is taken up at the next start.
            logger.exception("run left unfinished", schedule=run.schedule_id)

    async def _end(
        self, run: ScheduleRun, state: RunState, reason: Text | None
    ) -> None:
        for old in (RunState.STARTED, RunState.PLANNED):
            if await self.runs.change(
                run.schedule_id, run.due_utc, old, state, reason=reason
            ):
                break
        logger.info(
            "run ended",
            schedule=run.schedule_id,
            state=state.value,
            reason=str(reason or ""),
        )

    async def _move(self, post: StoredPost, status: PostStatus, reason: Text) -> None:
        old = PostStatus(post.status)
        check_transition(old, status)
        await self.posts.transition(post.id, old, status, actor=ACTOR, reason=reason)

    async def _last_reason(self, post_id: str) -> Text | None:
        transitions = await self.posts.transitions(post_id)
        return transitions[-1].reason if transitions else None


def _post_id(run: ScheduleRun) -> str:
    """Name the post of a slot: the same slot never makes a second one."""
    return f"{run.schedule_id}-{run.due_utc:%Y%m%dT%H%M%S%f}"
