"""Posts before moderators: they are shown the post and say what becomes of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.errors import UserError
from bot.messages import Author, Channel, Role
from bot.store.posts import PostRepository, StoredPost
from bot.store.reviews import ReviewRepository, StoredReview
from bot.waiting import is_set_within
from bot.words import T, Text
from content.posts import PostStatus, check_transition
from content.review_card import Desk, ReviewAction, decision, show

__all__ = ["Desk", "Review", "ReviewAction", "Wish"]

logger = structlog.get_logger(__name__)

LATER = timedelta(hours=1)
EDIT = "edit"
SETTLED = T("Thank you.")
"""What a moderator is told whose word decided about a post."""

LONGEST_NAP_S = 60.0
"""The clock on the wall may jump, so it is read this often."""


REWRITES = (ReviewAction.AGAIN, ReviewAction.SHORTER, ReviewAction.LONGER)
ENDINGS = {
    ReviewAction.APPROVE: PostStatus.APPROVED,
    ReviewAction.REJECT: PostStatus.REJECTED,
    **dict.fromkeys(REWRITES, PostStatus.DRAFTING),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the next text should be like. `note` is a moderator's own words."""

    action: ReviewAction
    note: str
    round: int


class Review:
    """Asks moderators about posts, and takes down what they say."""

    def __init__(
        self,
        *,
        reviews: ReviewRepository,
        posts: PostRepository,
        desk: Desk,
        clock: Clock,
    ) -> None:
        self._reviews = reviews
        self._posts = posts
        self._desk = desk
        self._clock = clock
        self._changed: dict[str, asyncio.Event] = {}

    async def open(
        self,
        post_id: str,
        *,
        communities: Sequence[str],
        approvals: int,
        minutes: int,
    ) -> None:
        """Begin a round about the text that the post has now."""
        await self._reviews.open(
            post_id,
            communities=communities,
            approvals=approvals,
            expires_utc=self._clock.now_utc() + timedelta(minutes=minutes),
        )

    async def outcome(self, post_id: str) -> tuple[PostStatus, Wish | None]:
        """Wait until a post is no longer under review; return what it is then.

        Where nobody decides in time it expires. Asks the moderators where they have not
        been asked yet, also after a restart. There is a wish where it is written anew.
        """
        changed = self._changed.setdefault(post_id, asyncio.Event())
        try:
            while True:
                changed.clear()
                post, review = await self._both(post_id)
                if post.status != PostStatus.PENDING_REVIEW:
                    return PostStatus(post.status), await self._wish(review)
                nap_s = await self._look(post, review)
                await is_set_within(changed, nap_s, self._clock)
        finally:
            self._changed.pop(post_id, None)

    async def decide(
        self,
        post_id: str,
        action: ReviewAction,
        by: Author,
        *,
        place: Channel,
        note: str = "",
    ) -> Text:
        """Take down what a moderator says in a channel; return what to tell them.

        Raises:
            UserError: the post is not under review (any more), or not here; the text
                says who decided.
        """
        post, review = await self._pending(post_id, by, place)
        await self._reviews.press(review, by, action, note=note)
        if action is ReviewAction.LATER:
            await self._reviews.ask_at(post_id, self._clock.now_utc() + LATER)
            return T("I ask again in an hour.")
        if action is ReviewAction.APPROVE:
            missing = await self._num_missing(review)
            if missing:
                text = T("Noted. Approvals still missing: {n}.", n=missing)
                await self._desk.tell(
                    T("{name} approves “{title}”.", name=by.name, title=post.title),
                    communities=review.communities,
                )
                return text
        return await self._settle(post, review, action, by, note)

    async def edit(
        self, post_id: str, by: Author, *, place: Channel, title: str, body: str
    ) -> None:
        """Give a post another text, already judged; moderators are shown it again.

        Raises:
            UserError: the post is not under review (any more), or not here.
        """
        post, review = await self._pending(post_id, by, place)
        await self._reviews.press(review, by, EDIT)
        status = PostStatus.PENDING_REVIEW
        if not await self._posts.transition(
            post.id,
            status,
            status,
            actor=by.name,
            reason=T("edited by {name}", name=by.name),
            title=title,
            body=body,
        ):
            raise await self._decided(post.id)
        left = review.expires_utc - self._clock.now_utc()
        await self.open(
            post.id,
            communities=review.communities,
            approvals=review.approvals,
            minutes=max(1, round(left.total_seconds() / 60)),
        )
        self.wake(post.id)

    async def withdraw(self, post_id: str, reason: Text) -> bool:
        """End the review of a post that is not wanted any more, if it is under one."""
        old, new = PostStatus.PENDING_REVIEW, PostStatus.FAILED
        check_transition(old, new)
        if not await self._posts.transition(
            post_id, old, new, actor="review", reason=reason
        ):
            return False
        self.wake(post_id)
        return True

    async def pending(self, post_id: str, by: Author, place: Channel) -> StoredPost:
        """Return a post that this person may decide about here.

        Raises:
            UserError: there is none.
        """
        return (await self._pending(post_id, by, place))[0]

    async def _settle(
        self,
        post: StoredPost,
        review: StoredReview,
        action: ReviewAction,
        by: Author,
        note: str,
    ) -> Text:
        """Change the post's status, if nobody was faster."""
        old, new = PostStatus.PENDING_REVIEW, ENDINGS[action]
        check_transition(old, new)
        reason = decision(action, by, note)
        if not await self._posts.transition(
            post.id, old, new, actor=by.name, reason=reason
        ):
            raise await self._decided(post.id)
        self.wake(post.id)
        logger.info("post reviewed", post=post.id, action=action.value)
        await self._desk.tell(
            T("“{title}”: {outcome}", title=post.title or post.topic, outcome=reason),
            communities=review.communities,
        )
        return SETTLED

    async def _look(self, post: StoredPost, review: StoredReview) -> float:
        """Do what is due about a post under review; return how long nothing is."""
        now_utc = self._clock.now_utc()
        if now_utc >= review.expires_utc:
            await self._expire(post, review)
            return 0.0
        if review.ask_utc is not None and now_utc >= review.ask_utc:
            await self._show(post, review)
            return 0.0
        next_utc = min(review.expires_utc, review.ask_utc or review.expires_utc)
        return min((next_utc - now_utc).total_seconds(), LONGEST_NAP_S)

    async def _show(self, post: StoredPost, review: StoredReview) -> None:
        reason = (await self._posts.transitions(post.id))[-1].reason
        # Who cannot be reached is tried again, until the post expires. Noted before
        # they are asked, so that a crash does not ask them twice at once.
        await self._reviews.ask_at(post.id, self._clock.now_utc() + LATER / 4)
        if await show(self._desk, post, review, reason):
            await self._reviews.ask_at(post.id, None)

    async def _expire(self, post: StoredPost, review: StoredReview) -> None:
        old, new = PostStatus.PENDING_REVIEW, PostStatus.EXPIRED
        check_transition(old, new)
        if await self._posts.transition(
            post.id, old, new, actor="review", reason=T("nobody decided in time")
        ):
            await self._desk.tell(
                T("“{title}” was not decided in time: not posted.", title=post.title),
                communities=review.communities,
            )

    async def _num_missing(self, review: StoredReview) -> int:
        presses = await self._reviews.presses(review.post_id, round=review.round)
        approving = {p.person_id for p in presses if p.action == ReviewAction.APPROVE}
        return max(0, review.approvals - len(approving))

    async def _wish(self, review: StoredReview) -> Wish | None:
        presses = await self._reviews.presses(review.post_id, round=review.round)
        wishes = [press for press in presses if press.action in REWRITES]
        if not wishes:
            return None
        return Wish(ReviewAction(wishes[-1].action), wishes[-1].note, review.round)

    async def _pending(
        self, post_id: str, by: Author, place: Channel
    ) -> tuple[StoredPost, StoredReview]:
        post = await self._posts.get(post_id)
        review = await self._reviews.get(post_id)
        if post is None or review is None or not await self._may(by, place, review):
            raise UserError(T("There is no post {id} to review.", id=post_id))
        if post.status != PostStatus.PENDING_REVIEW:
            raise await self._decided(post_id)
        return post, review

    async def _both(self, post_id: str) -> tuple[StoredPost, StoredReview]:
        post = await self._posts.get(post_id)
        review = await self._reviews.get(post_id)
        if post is None or review is None:
            raise LookupError(f"there is no review of {post_id}")
        return post, review

    async def _may(self, by: Author, place: Channel, review: StoredReview) -> bool:
        """Return whether somebody may decide here: each community sees its own."""
        if by.role is Role.OWNER:
            return True
        for community in review.communities or ("",):
            if await self._desk.oversees(community, place):
                return True
        return False

    async def _decided(self, post_id: str) -> UserError:
        last = (await self._posts.transitions(post_id))[-1]
        return UserError(
            T("That was decided already: {reason}", reason=last.reason or last.actor)
        )

    def wake(self, post_id: str) -> None:
        """Look at a post again: what became of it was decided elsewhere."""
        if (changed := self._changed.get(post_id)) is not None:
            changed.set()
