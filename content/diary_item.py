"""One line of the calendar, and what there is to say about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.store.runs import RunState
from bot.words import Text
from content.posts import PostStatus

__all__ = ["OF_POSTS", "OF_RUNS", "DiaryItem", "DiaryState"]


class DiaryState(StrEnum):
    """What there is to say about an item."""

    COMING = "coming"
    """A slot that has not come."""
    LEFT_OUT = "left_out"
    """A slot that a moderator left out; it can be brought back."""
    WRITING = "writing"
    """It has come, and its post is not written yet."""
    REVIEW = "review"
    """Moderators are asked."""
    APPROVED = "approved"
    """It waits until it may go out."""
    PUBLISHING = "publishing"
    """Some channels may have it."""
    PUBLISHED = "published"
    """It is out."""
    ASKED = "asked"
    """It was missed; moderators are asked whether it still comes."""
    SKIPPED = "skipped"
    """It did not come: missed, paused, or in the way of another."""
    REJECTED = "rejected"
    """A moderator or a filter said no."""
    EXPIRED = "expired"
    """Nobody decided in time."""
    FAILED = "failed"
    """Something went wrong."""
    RETRACTED = "retracted"
    """It was out, and was taken back."""


S = DiaryState
OF_POSTS: Mapping[PostStatus, DiaryState] = {
    PostStatus.PLANNED: S.WRITING,
    PostStatus.DRAFTING: S.WRITING,
    PostStatus.PENDING_REVIEW: S.REVIEW,
    PostStatus.APPROVED: S.APPROVED,
    PostStatus.PUBLISHING: S.PUBLISHING,
    PostStatus.PUBLISHED: S.PUBLISHED,
    PostStatus.REJECTED: S.REJECTED,
    PostStatus.EXPIRED: S.EXPIRED,
    PostStatus.SKIPPED: S.SKIPPED,
    PostStatus.FAILED: S.FAILED,
    PostStatus.UNKNOWN: S.FAILED,
    PostStatus.RETRACTING: S.RETRACTED,
    PostStatus.RETRACTED: S.RETRACTED,
}
"""What a post is in the calendar, by its status."""
OF_RUNS: Mapping[RunState, DiaryState] = {
    RunState.PLANNED: S.WRITING,
    RunState.STARTED: S.WRITING,
    RunState.DONE: S.PUBLISHED,
    RunState.SKIPPED: S.SKIPPED,
    RunState.FAILED: S.FAILED,
    RunState.ASKED: S.ASKED,
}
"""What a run without a post is."""


@dataclass(frozen=True, slots=True)
class DiaryItem:
    """One thing in the calendar, or several of a kind on one day.

    Attributes:
        at_utc: where it stands.
        last_utc: where the last of several stands.
        slot_utc: for what can be moved: when the timetable has it.
        moved_from_utc: where a moderator took it from; None: it was not moved.
        by_name: who moved it or left it out.
        jitter_minutes: it comes by up to so much later.
    """

    state: DiaryState
    at_utc: datetime
    last_utc: datetime
    schedule_id: str | None
    kind: str
    channels: tuple[str, ...] = ()
    title: str = ""
    count: int = 1
    slot_utc: datetime | None = None
    moved_from_utc: datetime | None = None
    by_name: str = ""
    jitter_minutes: int = 0
    post_id: str | None = None
    reason: Text | None = None
