"""What the desk's calendar says."""

from bot.words import T, Text

__all__ = ["CALENDAR_TEXTS"]

CALENDAR_TEXTS: dict[str, Text] = {
    "about_until": T("about {time}, up to {minutes} minutes later"),
    "and_more": T("{n} more"),
    "approved": T("approved, waits"),
    "asked": T("missed: you decide"),
    "bring_back": T("Bring it back"),
    "by_name": T("by {name}"),
    "calendar": T("Calendar"),
    "channels": T("Channels"),
    "coming": T("comes"),
    "drag_hint": T(
        "What comes can be dragged. With the keyboard: Enter opens it, Space picks it "
        "up, arrows move it, Space drops it, Escape puts it back."
    ),
    "due": T("is due"),
    "dropped": T("Put to {when}."),
    "expired": T("not decided in time"),
    "failed": T("failed"),
    "history": T("What happened"),
    "kind": T("Kind"),
    "left_out": T("left out"),
    "left_out_by": T("Left out by {name}."),
    "list": T("List"),
    "month": T("Month"),
    "move": T("Move"),
    "move_to": T("Move to"),
    "moved_by": T("Moved by {name} from {when}."),
    "next": T("Next"),
    "not_moved": T("It stays where it was."),
    "nothing_comes": T("Nothing was posted and nothing comes in this time."),
    "nothing_on_day": T("Nothing"),
    "now": T("Now"),
    "open_post": T("Open the post"),
    "open_review": T("Open the review"),
    "picked_up": T("Picked up: {title}, {when}. Arrows move it, Space drops it."),
    "posts_count": T("{n} posts"),
    "previous": T("Previous"),
    "published": T("published"),
    "publishing": T("is going out"),
    "put_back": T("Put it back"),
    "rejected": T("rejected"),
    "retracted": T("taken back"),
    "review": T("under review"),
    "schedule": T("Schedule"),
    "skip": T("Leave this one out"),
    "skipped": T("did not come"),
    "state": T("State"),
    "time": T("Time"),
    "today": T("Today"),
    "view": T("View"),
    "week": T("Week"),
    "write_now": T("Write it now"),
    "writing": T("is being written"),
    "zone": T("Time zone"),
}  # fmt: skip
"""By the name that the page uses; what is in braces is filled in by the page."""
