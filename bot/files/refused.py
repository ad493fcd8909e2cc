"""Why a file was not read, and what its sender is told."""

from collections.abc import Mapping

from bot.words import T, Text, Tn

__all__ = ["FILE_REFUSALS", "FileRefusedError", "refusal_text"]


class FileRefusedError(Exception):
    """A file cannot be read.

    Attributes:
        category: a key of FILE_REFUSALS.
        limit: the number that was exceeded; None: it is not about one.
    """

    def __init__(self, category: str, *, limit: int | None = None) -> None:
        super().__init__(category)
        self.category = category
        self.limit = limit


FILE_REFUSALS: Mapping[str, str] = {
    "bomb": "it unpacks to far more than it is",
    "broken": "it is damaged or of another kind",
    "busy": "too many others wait to be opened",
    "encrypted": "it has a password",
    "long": "it has more text than can be read",
    "pages": "it has too many pages",
    "seconds": "it is too long to be listened to",
    "slow": "opening it takes too long",
    "wordless": "there is no text in it, only pictures",
}
"""Every category, for the log."""


def refusal_text(error: FileRefusedError, name: str) -> Text:
    """Return what the sender is told."""
    limit = error.limit or 0
    match error.category:
        case "encrypted":
            return T(
                "“{name}” has a password. Please send it without one, or copy the part "
                "that matters into a message.",
                name=name,
            )
        case "wordless":
            return T(
                "I find no text in “{name}”: its pages are probably pictures. Please "
                "send it as text.",
                name=name,
            )
        case "long":
            return T(
                "“{name}” is too long for me to read whole: I can take {limit} "
                "characters in all. Please send the part that matters.",
                name=name,
                limit=limit,
            )
        case "pages":
            return Tn(
                "“{name}” is too long for me: I read PDFs of up to {n} page. Please "
                "send the part that matters.",
                "“{name}” is too long for me: I read PDFs of up to {n} pages. Please "
                "send the part that matters.",
                limit,
                name=name,
            )
        case "seconds":
            return Tn(
                "“{name}” is too long for me: I listen for up to {n} second. Please "
                "send it in shorter parts.",
                "“{name}” is too long for me: I listen for up to {n} seconds. Please "
                "send it in shorter parts.",
                limit,
                name=name,
            )
        case "busy":
            return T(
                "I am opening too many files to look at “{name}” now. Please send it "
                "again in a minute.",
                name=name,
            )
        case "slow" | "bomb":
            return T(
                "“{name}” is too much for me to open. Please send less of it, or "
                "something simpler.",
                name=name,
            )
        case _:
            return T(
                "I cannot open “{name}”: it is damaged, or not what it says it is.",
                name=name,
            )
