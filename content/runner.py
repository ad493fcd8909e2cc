"""Sees runs through: from a slot that has come to the last word about its post."""

from collections import defaultdict
from collections.abc import Coroutine, Mapping, Sequence

import structlog

from bot.errors import PlatformError
from bot.messages import Author
from bot.store.posts import PostRepository, StoredPost
from bot.store.runs import RunRepository, RunState, ScheduleRun
from bot.words import T, Text, join_texts
from content.calendar import ASKED_FOR, Calendar
from content.gate import REMOVED, Gate
from content.making import Making
from content.posts import PostStatus, check_transition
from content.sources.errors import SourceError

__all__ = ["OUTCOMES", "Runner", "post_id_of"]

logger = structlog.get_logger(__name__)

ACTOR = "schedule"

OUTCOMES: Mapping[PostStatus, RunState] = {
    PostStatus.PUBLISHED: RunState.DONE,
    PostStatus.EXPIRED: RunState.SKIPPED,
    PostStatus.SKIPPED: RunState.SKIPPED,
    PostStatus.FAILED: RunState.FAILED,
    PostStatus.REJECTED: RunState.FAILED,
    PostStatus.UNKNOWN: RunState.FAILED,
    PostStatus.RETRACTING: RunState.DONE,
    PostStatus.RETRACTED: RunState.DONE,
}
"""What a run has become, by what its post has become."""


OWN_TIME = frozenset({PostStatus.PUBLISHING, PostStatus.PENDING_REVIEW})
"""A post that goes out is seen through, and a review says itself how long it waits."""


class Runner:
    """Carries out runs; each ends with a word about how, whatever happens.

    A slot that comes while the post before it is not finished is left out.
    """

    def __init__(
        self,
        *,
        calendar: Calendar,
        runs: RunRepository,
        posts: PostRepository,
        making: Making,
        gate: Gate,
    ) -> None:
        self._calendar = calendar
        self._runs = runs
        self._posts = posts
        self._making = making
        self._gate = gate
        self._at_work: defaultdict[str, list[ScheduleRun]] = defaultdict(list)

    def carry_out(self, run: ScheduleRun) -> Coroutine[None, None, None]:
        """Return the work that sees a run through; the run counts as begun at once."""
        before = self._runs_of(run.schedule_id)
        self._at_work[run.schedule_id].append(run)
        return self._carry_out(run, before)

    async def _carry_out(self, run: ScheduleRun, before: Sequence[ScheduleRun]) -> None:
        try:
            await self._run(run, before)
        except PlatformError as error:
            logger.warning("run failed", schedule=run.schedule_id, error=str(error))
            await self._end_broken(run, error.text)
        except Exception:
            logger.exception("run failed", schedule=run.schedule_id)
            await self._end_broken(run, T("something went wrong, see the log"))
        finally:
            at_work = self._at_work[run.schedule_id]
            at_work.remove(run)
            if not at_work:
                self._at_work.pop(run.schedule_id, None)

    async def unfinished(self, schedule_id: str) -> tuple[StoredPost, ...]:
        """Return the posts of a schedule that are being made, up to their review."""
        found = [
            await self._posts.get(post_id_of(run)) for run in self._runs_of(schedule_id)
        ]
        return tuple(
            post for post in found if post is not None and _is_being_made(post)
        )

    async def is_asked_for_at_work(self, schedule_id: str) -> bool:
        """Return whether a post would come on top of one that is being made."""
        asked = [r for r in self._runs_of(schedule_id) if r.reason == ASKED_FOR]
        posts = await self.unfinished(schedule_id)
        has_begun = [await self._posts.get(post_id_of(run)) for run in asked]
        return bool(posts) or any(post is None for post in has_begun)

    async def revive(self, post: StoredPost, by: Author) -> ScheduleRun | None:
        """Let a post that failed before it went out be written anew.

        Returns its run, which counts as asked for; None: it has none that has ended.
        """
        run = await self._runs.of_post(post.id)
        if run is None or self._calendar.get(run.schedule_id) is None:
            return None
        # The run first: after a crash it ends at once, and no post is left lying.
        if not await self._runs.change(
            run.schedule_id, run.due_utc, run.state, RunState.PLANNED, reason=ASKED_FOR
        ):
            return None
        old, new = PostStatus.FAILED, PostStatus.PLANNED
        check_transition(old, new)
        reason = T("{name} wants it written anew", name=by.name)
        await self._posts.transition(post.id, old, new, actor=by.name, reason=reason)
        return await self._runs.get(run.schedule_id, run.due_utc)

    def _runs_of(self, schedule_id: str) -> tuple[ScheduleRun, ...]:
        return tuple(self._at_work.get(schedule_id, ()))

    async def _run(self, run: ScheduleRun, before: Sequence[ScheduleRun]) -> None:
        post_id = run.post_id or post_id_of(run)
        post = await self._posts.get(post_id)
        if post is not None and PostStatus(post.status) in OUTCOMES:
            # Killed before the end was told: better told twice than never.
            reason = await self._making.tell(self._calendar.get(run.schedule_id), post)
            await self._end(run, OUTCOMES[PostStatus(post.status)], reason)
            return
        if self._gate.is_gone(run.schedule_id):
            await self._give_up(run, post, PostStatus.FAILED, REMOVED)
            return
        if await self._is_too_late(run, post):
            reason = T("too late: the bot was not running")
            await self._give_up(run, post, PostStatus.EXPIRED, reason)
            return
        if post is None and not await self._may_begin(run, before):
            return
        schedule = self._calendar.get(run.schedule_id)
        if schedule is None:
            await self._give_up(run, post, PostStatus.FAILED, REMOVED)
            return
        await self._runs.change(
            run.schedule_id,
            run.due_utc,
            run.state,
            RunState.STARTED,
            reason=run.reason,
            post_id=post_id,
        )
        try:
            status, why = await self._making.make(
                schedule, post_id, post, is_asked_for=run.reason == ASKED_FOR
            )
        except SourceError as error:
            await self._end(run, RunState.SKIPPED, error.text)
            return
        if status is PostStatus.PUBLISHED:
            why = join_texts(text for text in (run.reason, why) if text is not None)
        await self._end(run, OUTCOMES[status], why)

    async def _may_begin(self, run: ScheduleRun, before: Sequence[ScheduleRun]) -> bool:
        """Wait for a slot's own time; end the run where it does not begin after all."""
        for former in before if run.reason != ASKED_FOR else ():
            if await self._is_in_the_way(former):
                reason = T(
                    "the post before it, of {time} UTC, was not finished",
                    time=f"{former.due_utc:%F %R}",
                )
                await self._end(run, RunState.SKIPPED, reason)
                return False
        why_not = await self._gate.wait_to_begin(run)
        if why_not is not None:
            is_removed = why_not == REMOVED
            ended = RunState.FAILED if is_removed else RunState.SKIPPED
            await self._end(run, ended, why_not)
        return why_not is None

    async def _is_in_the_way(self, former: ScheduleRun) -> bool:
        post = await self._posts.get(post_id_of(former))
        if await self._is_too_late(former, post):
            return False
        return post is None or _is_being_made(post)

    async def _is_too_late(self, run: ScheduleRun, post: StoredPost | None) -> bool:
        if post is not None and PostStatus(post.status) in OWN_TIME:
            return False
        # One that waited for moderators or the end of quiet hours has its time anew.
        since_utc = None
        if post is not None and post.status == PostStatus.APPROVED:
            if await self._gate.is_resting(run.schedule_id):
                return False
            hold_utc = await self._gate.holding.until(post.id)
            since_utc = max(post.updated_utc, hold_utc or post.updated_utc)
            if run.reason == ASKED_FOR:
                since_utc = max(since_utc, run.updated_utc)
        return self._calendar.is_stale(run, since_utc)

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

    async def _end_broken(self, run: ScheduleRun, reason: Text) -> None:
        try:
            post = await self._posts.get(run.post_id or post_id_of(run))
            await self._give_up(run, post, PostStatus.FAILED, reason)
        except Exception:
            # Its rows are as they were: it is taken up at the next start.
            logger.exception("run left unfinished", schedule=run.schedule_id)

    async def _end(
        self, run: ScheduleRun, state: RunState, reason: Text | None
    ) -> None:
        for old in (RunState.STARTED, RunState.PLANNED):
            if await self._runs.change(
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
        await self._posts.transition(post.id, old, status, actor=ACTOR, reason=reason)


def _is_being_made(post: StoredPost) -> bool:
    status = PostStatus(post.status)
    return status not in OUTCOMES and status is not PostStatus.PUBLISHING


def post_id_of(run: ScheduleRun) -> str:
    """Name the post of a slot: the same slot never makes a second one."""
    return f"{run.schedule_id}-{run.due_utc:%Y%m%dT%H%M%S%f}"
