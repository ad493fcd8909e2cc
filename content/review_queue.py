"""The posts that wait for moderators, as one of them may see them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.errors import UserError
from bot.messages import Channel
from bot.store.judgements import JudgementRepository, StoredJudgement
from bot.store.post_pictures import PostPictureRepository
from bot.store.posts import PostRepository, StoredPost
from bot.store.reviews import Press, ReviewRepository, StoredReview
from bot.words import T, Text
from content.drafting import Brief
from content.judging import desk_of
from content.kinds import KINDS
from content.posts import PostStatus
from content.quality import Part
from content.scoring import score_draft

__all__ = ["PlaceFor", "ReviewQueue", "Waiting", "first_place", "measured"]

NUM_SHOWN = 50
"""More are not shown at once; they come when others are decided."""
NOT_MEASURED = frozenset({"originality"})
"""What a text that stands alone says nothing about."""

PlaceFor = Callable[[str], Awaitable[Channel | None]]
"""Returns a channel from which somebody may see to a community; None: they may not.

Communities are keys by `bot.preferences.community_key`; "" is none.
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A post that waits for a moderator.

    Attributes:
        place: where this moderator may decide about it.
        presses: who said what about the text that it has now.
        reason: how it came before moderators: its score, or who edited it.
        judged: what the filters said about the texts that it has now.
        version: another one whenever it has another text or picture.
    """

    post: StoredPost
    review: StoredReview
    place: Channel
    presses: tuple[Press, ...] = ()
    reason: Text | None = None
    judged: tuple[StoredJudgement, ...] = field(default=(), repr=False)
    version: str = ""


class ReviewQueue:
    """Finds what somebody may decide about."""

    def __init__(
        self,
        *,
        posts: PostRepository,
        reviews: ReviewRepository,
        pictures: PostPictureRepository,
        judgements: JudgementRepository,
    ) -> None:
        self._posts = posts
        self._reviews = reviews
        self._pictures = pictures
        self._judgements = judgements

    async def waiting(self, place_for: PlaceFor) -> tuple[Waiting, ...]:
        """Return the posts under review, those that expire first at the front."""
        found: list[Waiting] = []
        for post in await self._posts.list(status=PostStatus.PENDING_REVIEW):
            review = await self._reviews.get(post.id)
            if review is None:
                continue
            if (place := await first_place(review.communities, place_for)) is not None:
                found.append(await self._whole(post, review, place))
        found.sort(key=lambda one: (one.review.expires_utc, one.post.id))
        return tuple(found[:NUM_SHOWN])

    async def place(
        self, post_id: str, place_for: PlaceFor, *, version: str | None = None
    ) -> Channel:
        """Return from where somebody may decide about a post, decided or not.

        `version` is the one that they were shown.

        Raises:
            UserError: there is no such post, or it is not theirs: the words are the
                same. Or it has another text or picture by now.
        """
        review = await self._reviews.get(post_id)
        place = await first_place(review.communities, place_for) if review else None
        if review is None or place is None:
            raise UserError(T("There is no post {id} to review.", id=post_id))
        if version is not None and version != await self._version(review):
            raise UserError(
                T(
                    "The post has another text or picture by now: somebody changed it. "
                    "Please look at it again."
                )
            )
        return place

    async def _whole(
        self, post: StoredPost, review: StoredReview, place: Channel
    ) -> Waiting:
        steps = await self._posts.transitions(post.id)
        # What was judged before belongs to texts that it does not have any more.
        begun_utc = steps[-2].at_utc if len(steps) > 1 else post.created_utc
        judged = await self._judgements.of_message(post.id, desk_of(post.id))
        return Waiting(
            post,
            review,
            place,
            presses=await self._reviews.presses(post.id, round=review.round),
            reason=steps[-1].reason if steps else None,
            judged=tuple(one for one in judged if one.created_utc >= begun_utc),
            version=await self._version(review),
        )

    async def _version(self, review: StoredReview) -> str:
        picture = await self._pictures.get(review.post_id)
        return f"{review.round}.{picture.number if picture else 0}"


async def first_place(
    communities: Sequence[str], place_for: PlaceFor
) -> Channel | None:
    """Return from where one of the communities may be seen to; None: from nowhere."""
    for community in communities or ("",):
        if (place := await place_for(community)) is not None:
            return place
    return None


async def measured(post: StoredPost) -> tuple[Part, ...]:
    """Measure the text that a post has now, as drafts are.

    () for kinds whose text is not all the model's own prose: what is measured of them
    is not all that people see.
    """
    kind = KINDS.get(post.kind)
    if kind is None or not kind.is_prose or kind.is_quoted:
        return ()
    brief = Brief(post.topic, language=post.language, persona="")
    score = await score_draft(kind, brief, post.body)
    return tuple(part for part in score.parts if part.name not in NOT_MEASURED)
