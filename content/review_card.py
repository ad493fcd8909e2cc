"""What moderators are shown of a post that waits for them, and told about it."""

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import Protocol

from bot.messages import Attachment, Author, Channel
from bot.moderators import AnyCardButton, CardButton
from bot.publication import Publication
from bot.safety.verdict import Action
from bot.store.judgements import JudgementRepository
from bot.store.posts import StoredPost
from bot.store.reviews import Press, StoredReview
from bot.words import T, Text
from content.judging import desk_of

__all__ = [
    "Desk",
    "Redraw",
    "ReviewAction",
    "ReviewCards",
    "ShowCard",
    "approving",
    "decision",
]

WHY_NOT = T("Why not? The others read it.")
NEW_TEXT = T("The new text; a first line with # is the title.")


class ReviewAction(StrEnum):
    """What a moderator may say about a post."""

    APPROVE = "approve"
    """It may go out."""
    REJECT = "reject"
    """It does not go out."""
    AGAIN = "again"
    """Another text about the same."""
    SHORTER = "shorter"
    """Another text, with less in it."""
    LONGER = "longer"
    """Another text, with more in it."""
    LATER = "later"
    """Ask again in an hour."""
    REDRAW = "redraw"
    """Another picture to the same text."""


LABELS: tuple[tuple[ReviewAction, Text], ...] = (
    (ReviewAction.APPROVE, T("Approve")),
    (ReviewAction.REJECT, T("Reject")),
    (ReviewAction.AGAIN, T("Another text")),
    (ReviewAction.SHORTER, T("Shorter")),
    (ReviewAction.LONGER, T("Longer")),
    (ReviewAction.REDRAW, T("Another picture")),
    (ReviewAction.LATER, T("Later")),
)


ShowCard = Callable[[StoredPost, StoredReview, Text | None], Awaitable[bool]]
"""Shows moderators a post; returns whether anybody can see it."""
Redraw = Callable[[StoredPost], Awaitable[bool]]
"""Makes a post's next picture; returns False where it was decided meanwhile."""


class Desk(Protocol):
    """Where moderators are told: `bot.moderators.Moderators`."""

    async def tell(
        self,
        text: Text,
        *,
        communities: Sequence[str] = (),
        quote: str = "",
        buttons: Sequence[AnyCardButton] = (),
        attachments: Sequence[Attachment] = (),
    ) -> bool:
        """Tell them; return whether it arrived."""

    async def oversees(self, community: str, channel: Channel) -> bool:
        """Return whether what concerns a community may be decided in a channel."""


class ReviewCards:
    """Shows moderators a post as it is now, with the buttons that decide about it.

    Args:
        lay_out: returns a post as it will go out.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        lay_out: Callable[[StoredPost], Awaitable[Publication]],
        judgements: JudgementRepository,
    ) -> None:
        self._desk = desk
        self._lay_out = lay_out
        self._judgements = judgements

    async def show(
        self, post: StoredPost, review: StoredReview, reason: Text | None
    ) -> bool:
        """Show a post; return whether anybody can see it."""
        publication = await self._lay_out(post)
        picture = publication.picture
        return await self._desk.tell(
            T(
                "A post wants your word until {until} UTC ({kind}; {reason}). The "
                "filters {found}. To change it yourself, press Edit, or write /edit "
                "{id} and the new text.",
                until=f"{review.expires_utc:%Y-%m-%d %H:%M}",
                kind=post.kind,
                reason=reason or "",
                found=await self._found(post),
                id=post.id,
            ),
            communities=review.communities,
            quote=publication.text,
            buttons=_buttons(post, has_picture=picture is not None),
            attachments=() if picture is None else (picture,),
        )

    async def _found(self, post: StoredPost) -> Text:
        """Return what the filters said of a post, the strictest of it."""
        judged = await self._judgements.of_message(post.id, desk_of(post.id))
        verdicts = [one.found for one in judged if one.found.action is not Action.ALLOW]
        if not verdicts:
            return T("found nothing in it")
        worst = max(verdicts, key=lambda verdict: (verdict.action, verdict.score))
        return T(
            "noted: {filter} ({category}, {score})",
            filter=worst.filter,
            category=worst.category,
            score=f"{worst.score:.2f}",
        )


def _buttons(post: StoredPost, *, has_picture: bool) -> tuple[AnyCardButton, ...]:
    text = f"# {post.title}\n\n{post.body}"
    no = f"/review {post.id} {ReviewAction.REJECT}"
    approve, reject, *others = (
        (label, f"/review {post.id} {action}")
        for action, label in LABELS
        if has_picture or action is not ReviewAction.REDRAW
    )
    return (
        approve,
        reject,
        CardButton(T("Reject with a note"), no, asks=WHY_NOT),
        CardButton(T("Edit"), f"/edit {post.id}", asks=NEW_TEXT, prefill=text),
        *others,
    )


def approving(presses: Sequence[Press]) -> frozenset[str]:
    """Return the ids of those who approve the text and the picture of a round."""
    found: set[str] = set()
    for press in presses:
        if press.action == ReviewAction.APPROVE:
            found.add(press.person_id)
        elif press.action == ReviewAction.REDRAW:
            found.clear()  # that was about another picture
    return frozenset(found)


def decision(action: ReviewAction, by: Author, note: str) -> Text:
    """Return what came of a moderator's word, for the post's history."""
    if action is ReviewAction.APPROVE:
        return T("approved by {name}", name=by.name)
    if action is not ReviewAction.REJECT:
        return T("{name} wants another text", name=by.name)
    if note:
        return T("rejected by {name}: {note}", name=by.name, note=note)
    return T("rejected by {name}", name=by.name)
