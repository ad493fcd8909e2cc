"""JSON Feed, versions 1 and 1.1."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.words import T
from content.sources.errors import NotReadableError
from content.sources.feed import MAX_ENTRIES, FeedEntry, entry_of, unique
from content.sources.plain_text import without_markup

__all__ = ["read_json_feed"]


def read_json_feed(text: str, *, url: str, now_utc: datetime) -> tuple[FeedEntry, ...]:
    """Return the entries of a JSON Feed.

    Raises:
        NotReadableError: it is none.
    """
    try:
        feed = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise NotReadableError(T("there is no feed at this address")) from error
    items = feed.get("items")
    if not isinstance(items, list) or "jsonfeed.org" not in _text(feed, "version"):
        raise NotReadableError(T("there is no feed at this address"))
    return unique(
        _entry(item, feed, url, now_utc)
        for item in items[:MAX_ENTRIES]
        if isinstance(item, Mapping)
    )


def _entry(
    item: Mapping[str, Any], feed: Mapping[str, Any], url: str, now_utc: datetime
) -> FeedEntry | None:
    return entry_of(
        id=str(item.get("id") or ""),  # older versions let it be a number
        title=_text(item, "title"),
        link=_text(item, "url") or _text(item, "external_url"),
        base=url,
        summary=_text(item, "summary")
        or _text(item, "content_text")
        or without_markup(_text(item, "content_html")),
        published_utc=_moment(
            _text(item, "date_published") or _text(item, "date_modified")
        ),
        author=_author(item) or _author(feed),
        feed_title=_text(feed, "title"),
        now_utc=now_utc,
    )


def _author(has: Mapping[str, Any]) -> str:
    authors = has.get("authors") or [has.get("author")]
    first = authors[0] if isinstance(authors, list) and authors else None
    return _text(first, "name") if isinstance(first, Mapping) else ""


def _text(has: Mapping[str, Any], key: str) -> str:
    value = has.get(key)
    return value if isinstance(value, str) else ""


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
