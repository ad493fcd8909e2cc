"""A post, its states, and which state may follow which."""

from collections.abc import Mapping
from enum import StrEnum

__all__ = ["TRANSITIONS", "PostStatus", "WrongTransitionError", "check_transition"]


class PostStatus(StrEnum):
    """Where a post stands."""

    PLANNED = "planned"
    """It is due; nothing is written yet."""
    DRAFTING = "drafting"
    """A model is writing it."""
    PENDING_REVIEW = "pending_review"
    """Moderators are asked."""
    APPROVED = "approved"
    """It may go out; nothing has been sent."""
    PUBLISHING = "publishing"
    """Some channels may have it."""
    PUBLISHED = "published"
    """Every channel that could take it has it."""
    REJECTED = "rejected"
    """A filter or a moderator said no."""
    EXPIRED = "expired"
    """It was not approved, or not sent, while it was still of use."""
    SKIPPED = "skipped"
    """Its time had passed while the bot was off."""
    FAILED = "failed"
    """It could not be written or sent; the reason is with it."""
    UNKNOWN = "unknown"
    """A channel may have it or not: no answer came. A moderator is asked."""
    RETRACTING = "retracting"
    """It is being taken away from where it is."""
    RETRACTED = "retracted"
    """It was out, and no channel has it any more."""


S = PostStatus

TRANSITIONS: Mapping[PostStatus, frozenset[PostStatus]] = {
    S.PLANNED: frozenset({S.DRAFTING, S.SKIPPED, S.EXPIRED, S.FAILED, S.REJECTED}),
    # Back to planned: the bot was stopped, or the model, and it is tried again.
    S.DRAFTING: frozenset(
        {S.PLANNED, S.PENDING_REVIEW, S.APPROVED, S.REJECTED, S.FAILED, S.EXPIRED}
    ),
    S.PENDING_REVIEW: frozenset(
        {S.DRAFTING, S.APPROVED, S.REJECTED, S.EXPIRED, S.FAILED}
    ),
    S.APPROVED: frozenset({S.PUBLISHING, S.REJECTED, S.EXPIRED, S.FAILED}),
    S.PUBLISHING: frozenset(
        {S.PUBLISHED, S.FAILED, S.UNKNOWN, S.EXPIRED, S.RETRACTING}
    ),
    S.UNKNOWN: frozenset({S.PUBLISHING, S.PUBLISHED, S.FAILED, S.RETRACTING}),
    # What failed can be tried again by a moderator, from where it failed.
    S.FAILED: frozenset({S.PLANNED, S.PUBLISHING}),
    S.EXPIRED: frozenset({S.PUBLISHING}),
    # Where a channel failed and a moderator tries again, or where it is taken back.
    S.PUBLISHED: frozenset({S.PUBLISHING, S.RETRACTING}),
    # Back: a channel would not let it go.
    S.RETRACTING: frozenset({S.RETRACTED, S.PUBLISHED, S.UNKNOWN}),
    S.RETRACTED: frozenset(),
    S.REJECTED: frozenset(),
    S.SKIPPED: frozenset(),
}
"""What may follow what. A state with nothing after it is final."""


class WrongTransitionError(ValueError):
    """The code wanted a change of state that the table does not have."""

    def __init__(self, old: PostStatus, new: PostStatus) -> None:
        super().__init__(f"a post that is {old} cannot become {new}")
        self.old = old
        self.new = new


def check_transition(old: PostStatus, new: PostStatus) -> None:
    """Allow what the table has.

    Raises:
        WrongTransitionError: the table does not have it.
    """
    if new not in TRANSITIONS[old]:
        raise WrongTransitionError(old, new)
