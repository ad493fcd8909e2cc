"""What the page of the people says."""

from bot.words import T, Text

__all__ = ["PEOPLE_TEXTS"]

PEOPLE_TEXTS: dict[str, Text] = {
    "ban": T("Ban …"),
    "banned": T("banned"),
    "by": T("by {name}"),
    "community": T("Community"),
    "everywhere": T("Everywhere, not only in this community"),
    "for_1d": T("a day"),
    "for_1h": T("an hour"),
    "for_30d": T("30 days"),
    "for_7d": T("a week"),
    "for_ever": T("until somebody lifts it"),
    "how_long": T("For how long"),
    "is_everywhere": T("everywhere"),
    "kept_away": T("Banned or muted now"),
    "mute": T("Mute …"),
    "muted": T("muted"),
    "no_notes": T("There are no notes."),
    "no_people": T("Nobody who talked here fits."),
    "nobody_kept_away": T("Nobody is kept away from me here."),
    "note": T("Note …"),
    "note_text": T("What the other moderators should know"),
    "notes": T("Notes"),
    "num_blocked": T("refused of those"),
    "num_cases": T("cases"),
    "num_reported": T("reports of their messages"),
    "num_reports": T("reports by them"),
    "num_requests": T("requests today"),
    "num_seconds": T("seconds of work today"),
    "num_verdicts": T("verdicts of filters"),
    "num_warnings": T("warnings"),
    "people": T("People"),
    "people_hint": T(
        "Who talked where I was in this community. What they said is not shown here."
    ),
    "reason": T("Why, told to the person"),
    "search": T("Name or id"),
    "seen": T("last here {time}"),
    "unban": T("Lift the ban"),
    "unmute": T("Lift the mute"),
    "until": T("until {time}"),
    "until_lifted": T("until it is lifted"),
}
"""By the name that the page uses; what is in braces is filled in by the page."""
