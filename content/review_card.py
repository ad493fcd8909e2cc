"""What moderators are shown of a post that waits for them, and told about it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from bot.messages import Author, Channel, Publication
from bot.store.posts import StoredPost
from bot.store.reviews import StoredReview
from bot.words import T, Text

__all__ = ["Desk", "ReviewAction", "decision", "show"]


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


LABELS: tuple[tuple[ReviewAction, Text], ...] = (
    (ReviewAction.APPROVE, T("Approve")),
    (ReviewAction.REJECT, T("Reject")),
    (ReviewAction.AGAIN, T("Another text")),
    (ReviewAction.SHORTER, T("Shorter")),
    (ReviewAction.LONGER, T("Longer")),
    (ReviewAction.LATER, T("Later")),
)


class Desk(Protocol):
    """Where moderators are told: `bot.moderators.Moderators`."""

    async def tell(
        self,
        text: Text,
        *,
        communities: Sequence[str] = (),
        quote: str = "",
        buttons: Sequence[tuple[Text, str]] = (),
    ) -> bool:
        """Tell them; return whether it arrived."""

    async def oversees(self, community: str, channel: Channel) -> bool:
        """Return whether what concerns a community may be decided in a channel."""


async def show(
    desk: Desk, post: StoredPost, review: StoredReview, reason: Text | None
) -> bool:
    """Show moderators a post as it is now; return whether anybody can see it."""
    return await desk.tell(
        T(
            "A post wants your word until {until} UTC ({kind}; {reason}). To change it "
            "yourself: /edit {id} and the new text.",
            until=f"{review.expires_utc:%Y-%m-%d %H:%M}",
            kind=post.kind,
            reason=reason or "",
            id=post.id,
        ),
        communities=review.communities,
        quote=Publication(
            "",
            post.title,
            post.body,
            poll=post.extras.poll,
            sources=post.extras.sources,
        ).text,
        buttons=[(label, f"/review {post.id} {action}") for action, label in LABELS],
    )


def decision(action: ReviewAction, by: Author, note: str) -> Text:
    """Return what came of a moderator's word, for the post's history."""
    if action is ReviewAction.APPROVE:
        return T("approved by {name}", name=by.name)
    if action is not ReviewAction.REJECT:
        return T("{name} wants another text", name=by.name)
    if note:
        return T("rejected by {name}: {note}", name=by.name, note=note)
    return T("rejected by {name}", name=by.name)
