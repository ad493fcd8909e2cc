"""How values look in a column, and back. The one place for it."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from bot.messages import Scope
from bot.publication import Poll
from bot.words import Text, dump_text, load_text

__all__ = [
    "from_json_column",
    "from_poll_column",
    "from_text_column",
    "from_utc_column",
    "json_column",
    "poll_column",
    "scope_column",
    "storable_text",
    "text_column",
    "utc_column",
]

SURROGATES = re.compile("[\ud800-\udfff]")


def utc_column(when: datetime) -> str:
    """Return an aware datetime as UTC text that sorts as time does."""
    if when.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def from_utc_column(text: str) -> datetime:
    """Return the aware datetime that `utc_column` wrote."""
    return datetime.fromisoformat(text)


def json_column(texts: Sequence[str]) -> str:
    """Return texts as a JSON list."""
    return json.dumps(list(texts), ensure_ascii=False)


def from_json_column(text: str) -> tuple[str, ...]:
    """Return the texts that `json_column` wrote."""
    return tuple(str(item) for item in json.loads(text))


def poll_column(poll: Poll | None) -> str:
    """Return a poll as JSON; "" for none."""
    if poll is None:
        return ""
    return storable_text(json.dumps(asdict(poll), ensure_ascii=False))


def from_poll_column(text: str) -> Poll | None:
    """Return the poll that `poll_column` wrote."""
    if not text:
        return None
    poll = json.loads(text)
    return Poll(**{**poll, "answers": tuple(poll["answers"])})


def text_column(text: Text | None) -> str:
    """Return a text for people so that it can be said in any language later."""
    return "" if text is None else storable_text(dump_text(text))


def from_text_column(text: str | None) -> Text | None:
    """Return the text that `text_column` wrote, or the sentence an old row has."""
    return load_text(text) if text else None


def scope_column(scope: Scope) -> str:
    """Return the key of a scope; two scopes never share one.

    Half surrogates are no text for the database, and replacing them would make one
    scope of two. The key has "%" only as "%25" and "%7C", so "%uD800" is unambiguous.
    """
    return SURROGATES.sub(lambda match: f"%u{ord(match[0]):04X}", scope.key)


def storable_text(text: str) -> str:
    """Return the text with halves of surrogate pairs joined, or replaced by U+FFFD.

    All else, NUL and unpaired combining marks included, stays as it is.
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
