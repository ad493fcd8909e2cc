"""Takes one post from wherever it stands to its end."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.config import BotConfig
from bot.errors import NetworkError, UserError
from bot.store.posts import PostRepository, StoredPost
from bot.store.schedules import StoredSchedule
from bot.words import T, Text
from content.gate import REMOVED, Gate
from content.places import Places
from content.posts import PostStatus, check_transition
from content.publications import Manner
from content.publisher import Publisher
from content.review import Desk, Review, ReviewAction, Wish
from content.sources.choosing import Sources
from content.writer import Writer

__all__ = ["Making"]

logger = structlog.get_logger(__name__)

NUM_WRITING = 4
"""How many posts are written at once; the rest wait here and not in the engine."""
ACTOR = "schedule"
RECONNECT_S = 15.0

TOLD = (PostStatus.FAILED, PostStatus.REJECTED)
"""What moderators are told of that has not come to a channel."""

GOING_OUT = (PostStatus.APPROVED, PostStatus.PUBLISHING)
"""The publisher is patient by itself, with each platform alone."""

SCALES = {ReviewAction.SHORTER: 0.5, ReviewAction.LONGER: 1.5}
"""How long a post becomes that moderators want shorter or longer."""


class Making:
    """Writes, has reviewed and publishes."""

    def __init__(
        self,
        *,
        bot: BotConfig,
        posts: PostRepository,
        sources: Sources,
        writer: Writer,
        review: Review,
        publisher: Publisher,
        desk: Desk,
        places: Places,
        gate: Gate,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._posts = posts
        self._sources = sources
        self._writer = writer
        self._review = review
        self._publisher = publisher
        self._desk = desk
        self._places = places
        self._gate = gate
        self._clock = clock
        self._writing = asyncio.Semaphore(NUM_WRITING)

    async def make(
        self,
        schedule: StoredSchedule,
        post_id: str,
        post: StoredPost | None,
        *,
        is_asked_for: bool = False,
    ) -> tuple[PostStatus, Text | None]:
        """See a post through; return how it ended and why.

        None is a post that has not been begun. Quiet hours do not hold back what was
        asked for.

        Raises:
            SourceError: there is nothing that it could be about.
            NetworkError: a platform was not there in time.
        """
        if post is None or post.status not in GOING_OUT:
            await self._connected(schedule)
        if post is None:
            post = await self._create(schedule, post_id)
        status = PostStatus(post.status)
        if status is PostStatus.DRAFTING:
            status = PostStatus.PLANNED
            await self._move(post, status, T("interrupted: it is written anew"))
        reason: Text | None = None
        if status is PostStatus.PLANNED:
            status, reason = await self._write(schedule, post)
        if status is PostStatus.PENDING_REVIEW:
            if self._gate.is_gone(schedule.id):  # while it was being written
                await self._review.withdraw(post_id, REMOVED)
            status, reason = await self._reviewed(schedule, post_id), None
        if status is PostStatus.APPROVED:
            status = await self._held_back(schedule, post_id, is_asked_for)
        if status in GOING_OUT:
            # What a channel refuses, its moderators are told by the publisher.
            status = await self._publisher.publish(
                post_id, schedule.channels, Manner.of(schedule)
            )
            return status, await self._last_reason(post_id)
        reason = reason or await self._last_reason(post_id)
        if status in TOLD:
            await self._tell(schedule, post_id, reason)
        return status, reason

    async def tell(
        self, schedule: StoredSchedule | None, post: StoredPost
    ) -> Text | None:
        """Tell moderators of a post that ended, where they should know; return why."""
        reason = await self._last_reason(post.id)
        if schedule is not None and PostStatus(post.status) in TOLD:
            await self._tell(schedule, post.id, reason)
        return reason

    async def _connected(self, schedule: StoredSchedule) -> None:
        """Wait for platforms that are still to come, as long as a post may be late."""
        last_utc = self._clock.now_utc() + timedelta(minutes=schedule.grace_minutes)
        while True:
            try:
                self._places(schedule.channels)
            except NetworkError:
                if self._clock.now_utc() >= last_utc:
                    raise
            else:
                return
            await self._clock.sleep(RECONNECT_S)

    async def edit(
        self, channels: Sequence[str], post: StoredPost, text: str
    ) -> tuple[str, str]:
        """Return title and body of a moderator's text, as the filters leave them.

        A first line that begins with "#" is the title.

        Raises:
            UserError: there is no text, or a filter refuses it.
        """
        title, body = _parted(text)
        if not body:
            raise UserError(T("Write the new text of the post behind its id."))
        places = self._places(channels)
        ending = await self._writer.judged(post, title or post.title, body, places)
        if ending.title is None or ending.body is None:
            raise UserError(
                T("That text was refused: {reason}", reason=ending.reason or "")
            )
        return ending.title, ending.body

    async def _create(self, schedule: StoredSchedule, post_id: str) -> StoredPost:
        places = self._places(schedule.channels)
        topic = await self._sources.topic_for(
            post_id, schedule, places, find=self._places
        )
        now_utc = self._clock.now_utc()
        post = StoredPost(
            id=post_id,
            kind=schedule.kind,
            topic=topic,
            status=PostStatus.PLANNED,
            language=schedule.language or self._bot.language,
            persona=schedule.persona or self._bot.persona,
            created_utc=now_utc,
            updated_utc=now_utc,
            schedule_id=schedule.id,
        )
        await self._posts.create(post, actor=ACTOR)
        return post

    async def _write(
        self, schedule: StoredSchedule, post: StoredPost
    ) -> tuple[PostStatus, Text | None]:
        needs_review = schedule.approvals > 0
        async with self._writing:
            if needs_review:
                await self._open_review(schedule, post.id)
            places = self._places(schedule.channels)
            ending = await self._writer.write(post, places, needs_review=needs_review)
        return ending.status, ending.reason

    async def _open_review(self, schedule: StoredSchedule, post_id: str) -> None:
        """Begin a round before there is a text: so none is ever without its round."""
        await self._review.open(
            post_id,
            communities=self._places.communities(schedule.channels),
            approvals=max(1, schedule.approvals),
            minutes=schedule.review_minutes,
        )

    async def _reviewed(self, schedule: StoredSchedule, post_id: str) -> PostStatus:
        """Wait for the moderators, and write as often as they want it written."""
        while True:
            status, wish = await self._review.outcome(post_id)
            if status is not PostStatus.DRAFTING or wish is None:
                return status
            await self._rewrite(schedule, post_id, wish)

    async def _rewrite(
        self, schedule: StoredSchedule, post_id: str, wish: Wish
    ) -> None:
        post = await self._posts.get(post_id)
        if post is None:
            raise LookupError(f"there is no post {post_id}")
        async with self._writing:
            await self._open_review(schedule, post_id)
            await self._writer.rewrite(
                post,
                self._places(schedule.channels),
                number=wish.round,
                scale=SCALES.get(wish.action, 1.0),
                wish=wish.note,
            )

    async def _held_back(
        self, schedule: StoredSchedule, post_id: str, is_asked_for: bool
    ) -> PostStatus:
        """Wait until an approved post may go out; return its status then."""
        old = PostStatus.APPROVED
        refused = await self._gate.wait_to_go_out(
            schedule.id, post_id, is_asked_for=is_asked_for
        )
        if refused is None:
            return old
        status, reason = refused
        check_transition(old, status)
        await self._posts.transition(post_id, old, status, actor=ACTOR, reason=reason)
        return status

    async def _tell(
        self, schedule: StoredSchedule, post_id: str, reason: Text | None
    ) -> None:
        post = await self._posts.get(post_id)
        await self._desk.tell(
            T(
                "The post “{title}” of “{schedule}” did not go out as planned: "
                "{reason}",
                title=(post.title or post.topic) if post else post_id,
                schedule=schedule.id,
                reason=reason or "",
            ),
            communities=self._places.communities(schedule.channels),
            buttons=((T("Try again"), f"/posts retry {post_id}"),)
            if post is not None and self._may_be_written_anew(post)
            else (),
        )

    def _may_be_written_anew(self, post: StoredPost) -> bool:
        is_gone = self._gate.is_gone(post.schedule_id or "")
        return post.status == PostStatus.FAILED and not is_gone

    async def _move(self, post: StoredPost, status: PostStatus, reason: Text) -> None:
        old = PostStatus(post.status)
        check_transition(old, status)
        await self._posts.transition(post.id, old, status, actor=ACTOR, reason=reason)

    async def _last_reason(self, post_id: str) -> Text | None:
        transitions = await self._posts.transitions(post_id)
        return transitions[-1].reason if transitions else None


def _parted(text: str) -> tuple[str, str]:
    """Return title and body of a text; the title is "" where it names none."""
    first, _, rest = text.strip().partition("\n")
    if first.startswith("#"):
        return first.lstrip("# ").strip(), rest.strip()
    return "", text.strip()
