"""What the log at the desk says."""

from bot.words import T, Text

__all__ = ["LOGS_TEXTS"]

LOGS_TEXTS: dict[str, Text] = {
    "all_levels": T("All"),
    "errors": T("Errors"),
    "follow": T("Follow"),
    "log": T("Log"),
    "log_hint": T(
        "The last 500 lines since the start, as the log has them: without secrets."
    ),
    "no_lines": T("Nothing of this kind was logged."),
    "search": T("Search"),
    "warnings": T("Warnings"),
    "which_lines": T("Which lines"),
}
"""By the name that the page uses; what is in braces is filled in by the page."""
