"""Feeds: RSS of every age, RDF, Atom and JSON Feed, made into entries.

Broken XML gives what can be read of it. Everything here blocks and trusts nobody's
document to be kind: content.sources.parser runs it where it can be stopped.
"""

import calendar
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import struct_time
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser  # type: ignore[import-untyped]  # it has no types

from bot.words import T
from content.sources.charsets import decoded
from content.sources.errors import NotReadableError
from content.sources.plain_text import one_line, plain_lines, shortened, without_markup

__all__ = ["FeedEntry", "entry_of", "read_feed", "unique"]

MAX_ENTRIES = 200
MAX_TITLE, MAX_SUMMARY, MAX_NAME, MAX_ID = 200, 2000, 100, 500  # characters
MAX_URL = 2000

OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)  # clocks differ, and so do zones that were left out

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?P<own>\[)?[^>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_XML = {"content-type": "application/xml; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed, in plain text.

    Attributes:
        id: what tells it from others of its feed, made up where the feed has none.
        url: where it leads; "" if nowhere.
        published_utc: None where the feed does not say, or nothing that can be true.
    """

    id: str
    title: str
    url: str
    summary: str = field(repr=False)
    published_utc: datetime | None
    author: str
    feed_title: str


def read_feed(
    content: bytes, *, url: str, charset: str, now_utc: datetime
) -> tuple[FeedEntry, ...]:
    """Return the entries of a feed that was found at `url`, as the feed has them.

    Raises:
        NotReadableError: it is no feed, or one that is not read.
    """
    text = decoded(content, declared=charset)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        from content.sources.json_feed import read_json_feed

        return read_json_feed(text, url=url, now_utc=now_utc)
    found = feedparser.parse(
        io.BytesIO(_harmless(text).encode("utf-8", "replace")),
        response_headers={**_XML, "content-location": url},
        sanitize_html=False,  # all markup goes
        resolve_relative_uris=False,
    )
    if not found.get("version") and not found.entries:
        raise NotReadableError(T("there is no feed at this address"))
    feed_title = one_line(without_markup(str(found.feed.get("title") or "")))
    return unique(
        _entry(item, url, feed_title, now_utc) for item in found.entries[:MAX_ENTRIES]
    )


def entry_of(
    *,
    id: str,
    title: str,
    link: str,
    base: str,
    summary: str,
    published_utc: datetime | None,
    author: str,
    feed_title: str,
    now_utc: datetime,
) -> FeedEntry | None:
    """Return an entry within its limits; None where it says nothing.

    The texts are without markup. Without a title, the summary's beginning is it.
    """
    title = one_line(title) or one_line(shortened(one_line(summary), MAX_TITLE // 2))
    if not title:
        return None
    target = _web_address(base, link)
    own = one_line(id)[:MAX_ID] or target or _digest(title, summary)
    return FeedEntry(
        id=own,
        title=shortened(title, MAX_TITLE),
        url=target,
        summary=shortened(plain_lines(summary), MAX_SUMMARY),
        published_utc=_plausible(published_utc, now_utc),
        author=one_line(author)[:MAX_NAME],
        feed_title=one_line(feed_title)[:MAX_NAME],
    )


def unique(entries: Iterable[FeedEntry | None]) -> tuple[FeedEntry, ...]:
    """Return the entries that there are, each once: the first of an id and address."""
    return tuple(_unique(entries))


def _unique(entries: Iterable[FeedEntry | None]) -> Iterator[FeedEntry]:
    seen: set[str] = set()
    for entry in entries:
        if entry is None or entry.id in seen or entry.url in seen:
            continue
        seen.update(filter(None, (entry.id, entry.url)))
        yield entry


def _harmless(text: str) -> str:
    """Return XML without its declaration and its document type.

    Raises:
        NotReadableError: it defines entities, with which a few lines become gigabytes.
    """
    text = _DECLARATION.sub("", text, count=1)
    doctype = _DOCTYPE.search(text)
    if _ENTITY.search(text) or (doctype and doctype["own"]):
        raise NotReadableError(T("it defines abbreviations of its own (a DTD)"))
    return text if doctype is None else text.replace(doctype[0], "", 1)


def _entry(
    item: Any, base: str, feed_title: str, now_utc: datetime
) -> FeedEntry | None:
    return entry_of(
        id=str(item.get("id") or ""),
        title=_text(item.get("title_detail")),
        link=str(item.get("link") or ""),
        base=base,
        summary=_text(item.get("summary_detail")) or _content(item),
        published_utc=_moment(item),
        author=str(item.get("author") or ""),
        feed_title=feed_title,
        now_utc=now_utc,
    )


def _content(item: Any) -> str:
    texts = (_text(one) for one in item.get("content") or ())
    return next(filter(None, texts), "")


def _text(detail: Any) -> str:
    """Return what feedparser knows of a text, without markup if it has any."""
    if not detail:
        return ""
    value = str(detail.get("value") or "")
    return value if detail.get("type") == "text/plain" else without_markup(value)


def _moment(item: Any) -> datetime | None:
    for key in ("published_parsed", "updated_parsed", "created_parsed"):
        found = dict.get(item, key)  # feedparser's own takes one for the other
        if isinstance(found, struct_time):
            try:
                return datetime.fromtimestamp(calendar.timegm(found), UTC)
            except (ValueError, OverflowError, OSError):
                continue
    return None


def _plausible(moment_utc: datetime | None, now_utc: datetime) -> datetime | None:
    if moment_utc is None or not OLDEST <= moment_utc <= now_utc + AHEAD:
        return None
    return min(moment_utc, now_utc)


def _web_address(base: str, link: str) -> str:
    """Return where a link leads on the web; "" if it does not lead there."""
    try:
        target = urljoin(base, link.strip()) if link.strip() else ""
        parts = urlsplit(target)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and parts.hostname
    if not is_web or "@" in parts.netloc or len(target) > MAX_URL:
        return ""
    return "" if one_line(target) != target or " " in target else target


def _digest(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return f"sha256:{hashlib.sha256(joined).hexdigest()}"
