"""What a post has besides title and body, and how that looks in the store."""

import json
import sqlite3
from dataclasses import dataclass, field

from bot.publication import Link, Poll
from bot.store.columns import from_poll_column, poll_column

__all__ = ["NO_EXTRAS", "PostExtras", "extras_columns", "extras_of"]


@dataclass(frozen=True, slots=True)
class PostExtras:
    """What a post has besides title and body.

    Attributes:
        scene: what its picture shows, in English, for a model that draws; "": what
            suits its kind.
    """

    summary: str = field(default="", repr=False)
    poll: Poll | None = field(default=None, repr=False)
    sources: tuple[Link, ...] = ()
    scene: str = field(default="", repr=False)


NO_EXTRAS = PostExtras()


def extras_columns(extras: PostExtras) -> tuple[str, str, str, str]:
    """Return the columns summary, poll_json, sources_json and scene."""
    sources = [[link.title, link.url] for link in extras.sources]
    packed = json.dumps(sources, ensure_ascii=False)
    return extras.summary, poll_column(extras.poll), packed, extras.scene


def extras_of(row: sqlite3.Row) -> PostExtras:
    """Return what `extras_columns` wrote."""
    return PostExtras(
        row["summary"],
        from_poll_column(row["poll_json"]),
        tuple(Link(title, url) for title, url in json.loads(row["sources_json"])),
        row["scene"],
    )
