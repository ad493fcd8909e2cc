"""What the desk's list of posts says."""

from bot.store.deliveries import DeliveryState
from bot.words import T, Text
from content.posts import PostStatus

__all__ = ["POSTS_TEXTS", "TONES"]

TONES: dict[str, str] = {
    PostStatus.PUBLISHED: "good",
    DeliveryState.SENT: "good",
    PostStatus.APPROVED: "good",
    PostStatus.PENDING_REVIEW: "wait",
    PostStatus.UNKNOWN: "wait",
    PostStatus.EXPIRED: "wait",
    DeliveryState.EXPIRED: "wait",
    PostStatus.REJECTED: "bad",
    PostStatus.FAILED: "bad",
    PostStatus.DRAFTING: "cool",
    PostStatus.PUBLISHING: "cool",
    PostStatus.RETRACTING: "cool",
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
    "body": T("Text"),
    "body_hint": T("Markdown. The filters look at it before anybody else sees it."),
    "deliveries": T("Where it went"),
    "edit": T("Edit"),
    "edit_out": T("Edit the post where it is"),
    "error": T("What went wrong"),
    "history": T("What happened"),
    "is_there": T("It is there"),
    "kind": T("Kind"),
    "message": T("Open the message"),
    "more_posts": T("Show earlier posts"),
    "next_try": T("tried again {time}"),
    "no_deliveries": T("It was not sent anywhere."),
    "no_found": T("No post is like that. Take a filter away, or search for less."),
    "no_posts": T("There are no posts yet."),
    "picture_of": T("Picture of “{title}”"),
    "poll": T("Poll"),
    "posts": T("Posts"),
    "restored": T("What you had typed before is back."),
    "retract": T("Take it away"),
    "retract_sure": T(
        "Take “{title}” away everywhere it is, with the thread below it? That cannot "
        "be undone."
    ),
    "retract_title": T("Take the post away?"),
    "retry": T("Try again"),
    "save": T("Save"),
    "schedule": T("Schedule"),
    "search": T("Search in titles and texts"),
    "send_there": T("It is not there: send it"),
    "sources": T("Sources"),
    "state": T("State"),
    "status": T("Status"),
    "title": T("Title"),
    "to_review": T("Open in the review queue"),
    "unknown_hint": T("Nobody can tell whether the post is there. Please look."),
    "withdraw": T("Keep it back"),
    "withdraw_sure": T("Keep “{title}” back? Then it does not go out."),
    "withdraw_title": T("Keep the post back?"),
}
"""By the name that the page uses; what is in braces is filled in by the page."""
