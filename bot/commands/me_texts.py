"""What /me says of what is kept and of what was forgotten."""

from bot.forgetting import Goodbye
from bot.store.people import Kept
from bot.store.retention_days import KeepingDays
from bot.words import T, Text, Tn

__all__ = ["forgotten_text", "kept_lines", "named_text"]


def named_text(*, may: bool) -> Text:
    """Return whether posts may name a person."""
    if may:
        return T(
            "Posts that look back at a channel may quote you by name. /me name off "
            "ends that."
        )
    return T("No post names you. /me name on allows it, for posts that look back.")


def kept_lines(kept: Kept, days: KeepingDays) -> tuple[Text, ...]:
    """Return what is kept of a person, and for how long."""
    rows = kept.rows
    return (
        T("I know you by your name and your id on this platform, and I keep:"),
        _turns(rows["messages"], days),
        Tn(
            "- {n} verdict of the safety filters, for {days} days; of {texts} also "
            "the text, for {text_days} days",
            "- {n} verdicts of the safety filters, for {days} days; of {texts} also "
            "the text, for {text_days} days",
            n=rows["verdicts"],
            days=days.records,
            texts=kept.judged_texts,
            text_days=days.texts,
        ),
        Tn(
            "- {n} rating of an answer, for {days} days",
            "- {n} ratings of answers, for {days} days",
            n=rows["ratings"],
            days=days.records,
        ),
        Tn(
            "- {n} report to the moderators",
            "- {n} reports to the moderators",
            n=rows["reports"],
        ),
        Tn("- {n} appeal", "- {n} appeals", n=rows["appeals"]),
        Tn(
            "- {n} text of yours that moderators chose as an example for the filters",
            "- {n} texts of yours that moderators chose as examples for the filters",
            n=rows["examples"],
        ),
        Tn(
            "- {n} suggestion for posts, and your votes for {votes}",
            "- {n} suggestions for posts, and your votes for {votes}",
            n=rows["suggestions"],
            votes=rows["votes"],
        ),
        Tn(
            "- {n} reaction, vote or reply below posts, for {days} days",
            "- {n} reactions, votes and replies below posts, for {days} days",
            n=sum(rows[f"{one}_below_posts"] for one in _BELOW),
            days=days.records,
        ),
        Tn(
            "- {n} word that /lesson taught you, until /lesson forget",
            "- {n} words that /lesson taught you, until /lesson forget",
            n=kept.lesson_words,
        ),
        *_on_the_page(kept),
        Tn(
            "- {n} setting of yours, such as your language",
            "- {n} settings of yours, such as your language",
            n=rows["settings"],
        ),
    )


_BELOW = ("reactions", "votes", "replies")


def _turns(num: int, days: KeepingDays) -> Text:
    if not days.turns:
        return Tn(
            "- {n} message of yours that conversations remember, until /reset",
            "- {n} messages of yours that conversations remember, until /reset",
            n=num,
        )
    return Tn(
        "- {n} message of yours that conversations remember, for {days} days or until "
        "/reset",
        "- {n} messages of yours that conversations remember, for {days} days or until "
        "/reset",
        n=num,
        days=days.turns,
    )


def _on_the_page(kept: Kept) -> tuple[Text, ...]:
    rows = kept.rows
    if not (rows["room_messages"] or rows["visitor"]):
        return ()
    return (
        Tn(
            "- {n} message of yours in the rooms of this page, and {files} files",
            "- {n} messages of yours in the rooms of this page, and {files} files",
            n=rows["room_messages"],
            files=rows["room_files"],
        ),
    )


def forgotten_text(done: Goodbye) -> tuple[Text, ...]:
    """Return what was forgotten, and where copies of it still are until when."""
    first = Tn(
        "I have forgotten {n} thing of yours, and it is in no file of mine any more.",
        "I have forgotten {n} things of yours, and they are in no file of mine any "
        "more.",
        n=done.num_rows,
    )
    if not done.is_clean:
        first = Tn(
            "I have forgotten {n} thing of yours. My files are cleaned within hours.",
            "I have forgotten {n} things of yours. My files are cleaned within hours.",
            n=done.num_rows,
        )
    if done.has_copies and done.copies_gone_utc is None:
        copies = T(
            "Copies of the database from before stay until whoever runs me deletes "
            "them."
        )
    elif done.copies_gone_utc is not None:
        copies = T(
            "The last copy of the database that still has it is deleted by {day}.",
            day=f"{done.copies_gone_utc:%Y-%m-%d}",
        )
    else:
        copies = T("There are no copies of the database beside it.")
    return first, copies
