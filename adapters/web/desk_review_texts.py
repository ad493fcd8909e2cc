"""What the desk's review queue says."""

from bot.words import T, Text
from content.review import ReviewAction

__all__ = ["PRESSES", "REVIEW_TEXTS"]

PRESSES: dict[str, Text] = {
    ReviewAction.APPROVE: T("approves"),
    ReviewAction.REJECT: T("rejects"),
    ReviewAction.AGAIN: T("wants another text"),
    ReviewAction.SHORTER: T("wants it shorter"),
    ReviewAction.LONGER: T("wants it longer"),
    ReviewAction.LATER: T("puts it off"),
    ReviewAction.REDRAW: T("wants another picture"),
    "edit": T("edited it"),
}
"""What somebody said about a post, by the action."""

REVIEW_TEXTS: dict[str, Text] = {
    "again": T("Another text"),
    "again_hint": T("What should be different? You may leave this empty."),
    "already_yours": T("You approved it. Others still have to."),
    "approvals": T("Approvals"),
    "approvals_of": T("{approved} of {approvals}"),
    "approve": T("Approve"),
    "as_post": T("The post"),
    "as_on": T("As on {platform}"),
    "back": T("Back to the queue"),
    "body": T("Text"),
    "body_hint": T("Markdown. The filters look at it before the others see it."),
    "correct": T("right answer"),
    "decide_by": T("Decide by"),
    "decided_meanwhile": T(
        "This post was decided meanwhile: {reason}. Your text stays here so that you "
        "can copy it."
    ),
    "drawing": T("Another picture is being made …"),
    "edit": T("Edit"),
    "edit_title": T("Edit the post"),
    "facts": T("About this post"),
    "gone": T("“{title}” needs no decision any more: {reason}."),
    "help": T("Keys"),
    "key_approve": T("approve"),
    "key_edit": T("edit"),
    "key_help": T("show these keys"),
    "key_move": T("next and previous post"),
    "key_reject": T("reject"),
    "later": T("Later"),
    "longer": T("Longer"),
    "message_of": T("{number} of {count}"),
    "more": T("More"),
    "no_posts": T("Nothing waits for you. New posts appear here by themselves."),
    "nobody_yet": T("Nobody has said anything yet."),
    "note": T("Note"),
    "note_hint": T("Why, for the others and for the history. You may leave it empty."),
    "num_messages_one": T("1 message"),
    "num_messages": T("{count} messages"),
    "picture_of": T("Picture of “{title}”"),
    "poll": T("Poll"),
    "posts_to": T("Goes to"),
    "queue": T("Posts that wait"),
    "redraw": T("Another picture"),
    "reject": T("Reject"),
    "reject_title": T("Reject “{title}”?"),
    "restored": T("What you had typed before is back."),
    "review": T("Review"),
    "rewritten": T("“{title}” is being written anew: {reason}."),
    "safe": T("The filters found nothing."),
    "safety": T("Safety"),
    "safety_none": T("No filter has looked at it."),
    "save": T("Save"),
    "schedule": T("Schedule"),
    "score": T("Quality"),
    "shorter": T("Shorter"),
    "sources": T("Sources"),
    "summary": T("Summary"),
    "title": T("Title"),
    "votes": T("What was said"),
    "write_again": T("Write another"),
    "written": T("How it came about"),
    "you": T("you"),
}
"""By the name that the page uses; what is in braces is filled in by the page."""
