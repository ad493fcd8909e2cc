"""What the desk's list of posts says."""

from bot.store.deliveries import DeliveryState
from bot.words import T, Text
from content.posts import PostStatus

__all__ = ["DELIVERIES", "POSTS_TEXTS", "TONES"]

DELIVERIES: dict[DeliveryState, Text] = {
    DeliveryState.PLANNED: T("not sent yet"),
    DeliveryState.SENDING: T("being sent"),
    DeliveryState.SENT: T("sent"),
    DeliveryState.FAILED: T("failed"),
    DeliveryState.UNKNOWN: T("may be there or not, please look"),
}
TONES: dict[str, str] = {
    PostStatus.PUBLISHED: "good",
    DeliveryState.SENT: "good",
    PostStatus.APPROVED: "good",
    PostStatus.PENDING_REVIEW: "wait",
    PostStatus.UNKNOWN: "wait",
    PostStatus.EXPIRED: "wait",
    PostStatus.REJECTED: "bad",
    PostStatus.FAILED: "bad",
    PostStatus.DRAFTING: "cool",
    PostStatus.PUBLISHING: "cool",
    DeliveryState.SENDING: "cool",
}
"""In which colour a status or the state of a delivery is shown."""

POSTS_TEXTS: dict[str, Text] = {
    "all_kinds": T("All kinds"),
    "all_schedules": T("All schedules"),
    "all_statuses": T("All statuses"),
    "attempts": T("Attempts"),
    "channel": T("Channel"),
    "correct": T("right answer"),
    "deliveries": T("Where it went"),
    "error": T("What went wrong"),
    "history": T("What happened"),
    "kind": T("Kind"),
    "more_posts": T("Show earlier posts"),
    "next_try": T("tried again {time}"),
    "no_deliveries": T("It was not sent anywhere."),
    "no_found": T("No post is like that. Take a filter away, or search for less."),
    "no_posts": T("There are no posts yet."),
    "picture_of": T("Picture of “{title}”"),
    "poll": T("Poll"),
    "posts": T("Posts"),
    "schedule": T("Schedule"),
    "search": T("Search in titles and texts"),
    "sources": T("Sources"),
    "state": T("State"),
    "status": T("Status"),
    "to_review": T("Open in the review queue"),
}
"""By the name that the page uses; what is in braces is filled in by the page."""
