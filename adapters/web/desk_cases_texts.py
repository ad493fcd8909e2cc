"""What the page of the cases says."""

from bot.case_words import KINDS, OUTCOMES, STATES
from bot.words import T, Text

__all__ = ["CASES_TEXTS"]

CASES_TEXTS: dict[str, Text] = {
    "all_communities": T("All communities"),
    "ban": T("Ban"),
    "ban_sure": T("{name} is put out of the community, and cannot come back."),
    "bot_wrote": T("the bot"),
    "case": T("Case {n}"),
    "cases": T("Cases"),
    "community": T("Community"),
    "close_case": T("Close the case"),
    "delete": T("Delete messages"),
    "delete_sure": T("What this case is about is taken away. Nobody can undo that."),
    "earlier": T("Show earlier ones"),
    "end": T("Close …"),
    "end_hint": T(
        "Who brought it up is told this much in private, never what was done to whom. "
        "The note is told to nobody."
    ),
    "end_note": T("A note for the moderators"),
    "end_title": T("How does it end?"),
    "forgotten": T("The text is forgotten already."),
    "found": T("{filter}: {category} {score}"),
    "history": T("So far: noticed {verdicts}×, in cases {cases}×, warned {warnings}×."),
    "is_mine": T("yours"),
    "kick": T("Kick"),
    "kick_sure": T("{name} is put out of the community, and may come back."),
    "messages": T("What it is about"),
    "no_cases": T("No case is here."),
    "note": T("Note …"),
    "note_text": T("What the other moderators should know"),
    "notes": T("Notes and what was done"),
    "num_messages": T("messages: {n}"),
    "num_voices": T("brought up by {n}"),
    "of_state": T("Where it stands"),
    "restored": T("What you had typed before is back."),
    "reopen": T("Let anybody take it"),
    "there": T("Open it there"),
    "timeout": T("Time out …"),
    "timeout_minutes": T("For how many minutes"),
    "take": T("Take"),
    "undecided": T("not closed"),
    "voices": T("Who brought it up"),
    "wait": T("Put aside"),
    "warn": T("Warn …"),
    "warn_text": T("What they are told, in private."),
    "wrong": T("The filter was wrong"),
    **{f"kind_{kind}": text for kind, text in KINDS.items()},
    **{f"outcome_{outcome}": text for outcome, text in OUTCOMES.items()},
    **{f"state_{state}": text for state, text in STATES.items()},
}
"""By the name that the page uses; what is in braces is filled in by the page."""
