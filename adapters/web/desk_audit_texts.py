"""What the audit at the desk says."""

from bot.words import T, Text

__all__ = ["AUDIT_TEXTS"]

AUDIT_TEXTS: dict[str, Text] = {
    "all_actions": T("Any action"),
    "audit": T("Audit"),
    "by_bot": T("the bot: {name}"),
    "earlier": T("Show earlier ones"),
    "export": T("Download all"),
    "facts": T("More about it"),
    "no_rows": T("Nothing was done that fits."),
    "number": T("No."),
    "since": T("From"),
    "subject": T("What to"),
    "until": T("Up to"),
    "verify": T("Check the chain"),
    "verified": T("Rows that are as they were written: {n}."),
    "verifying": T("I check every row …"),
    "what": T("Action"),
    "when": T("When"),
    "who": T("Who"),
    "who_hint": T("A name or an id"),
}
"""By the name that the page uses; what is in braces is filled in by the page."""
