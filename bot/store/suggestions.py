"""What people would like posts to be about."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlite_utils import Database

from bot.messages import Author, Channel, Role
from bot.preferences import community_key
from bot.store.columns import json_column, storable_text, utc_column
from bot.store.store import Store

__all__ = ["StoredSuggestion", "SuggestionRepository", "SuggestionState"]


class SuggestionState(StrEnum):
    """What has become of a suggestion."""

    OPEN = "open"
    """It waits for votes and for its turn."""
    USED = "used"
    """A post was begun about it."""
    REFUSED = "refused"
    """A moderator did not want it."""


@dataclass(frozen=True, slots=True)
class StoredSuggestion:
    """A suggestion as it is kept. `votes` counts people, its author among them."""

    number: int
    text: str
    person_name: str
    is_moderator: bool
    votes: int
    state: SuggestionState


_SELECT = (
    "SELECT suggestion.*, (SELECT count(*) FROM suggestion_vote AS vote"
    " WHERE vote.number = suggestion.number) AS votes FROM suggestion"
)


class SuggestionRepository:
    """Suggestions by community: no method shows or changes another community's."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(
        self, channel: Channel, person: Author, text: str
    ) -> tuple[StoredSuggestion, bool]:
        """Keep a suggestion with its author's vote; return it and whether it is new.

        Where it is open already, the person votes for it instead. A moderator's word
        makes it a moderator's.
        """
        community, now = community_key(channel), self._now()
        text = storable_text(text)
        key = " ".join(text.casefold().split()).rstrip(".!?")
        row = (community, text, key, channel.platform, person.id, person.name, now)

        def write(db: Database) -> tuple[StoredSuggestion, bool]:
            number = _same(db, community, key)
            is_new = number is None
            if is_new:
                number = db.execute(
                    "INSERT INTO suggestion (community_key, text, text_key, platform,"
                    " person_id, person_name, is_moderator, state, created_utc)"
                    " VALUES (?, ?, ?, ?, ?, ?, 0, 'open', ?)",
                    row,
                ).lastrowid
            if person.role >= Role.MODERATOR:
                db.execute(
                    "UPDATE suggestion SET is_moderator = 1 WHERE number = ?", (number,)
                )
            _vote(db, number, channel, person, now)
            found = db.execute(f"{_SELECT} WHERE number = ?", (number,)).fetchone()
            return _suggestion(found), is_new

        return await self._store.write(write)

    async def vote(
        self, channel: Channel, person: Author, number: int
    ) -> StoredSuggestion | None:
        """Count a person's vote, once; None where this is not open here."""
        now = self._now()

        def write(db: Database) -> StoredSuggestion | None:
            if _open(db, channel, number) is None:
                return None
            _vote(db, number, channel, person, now)
            return _open(db, channel, number)

        return await self._store.write(write)

    async def unvote(
        self, channel: Channel, person: Author, number: int
    ) -> StoredSuggestion | None:
        """Take a person's vote back; None where this is not open here."""

        def write(db: Database) -> StoredSuggestion | None:
            if _open(db, channel, number) is None:
                return None
            db.execute(
                "DELETE FROM suggestion_vote WHERE number = ? AND platform = ?"
                " AND person_id = ?",
                (number, channel.platform, person.id),
            )
            return _open(db, channel, number)

        return await self._store.write(write)

    async def refuse(self, channel: Channel, number: int) -> bool:
        """Close a suggestion that is not wanted; False where it is not open here."""
        return await self._settle(
            number, [community_key(channel)], SuggestionState.REFUSED
        )

    async def claim(self, number: int, communities: Sequence[str]) -> bool:
        """Mark it as used; of many who try at once, one alone gets True."""
        return await self._settle(number, communities, SuggestionState.USED)

    async def open(
        self, communities: Sequence[str], *, limit: int
    ) -> tuple[StoredSuggestion, ...]:
        """Return the open suggestions of communities, by `community_key`.

        Moderators' first, then those with the most votes, then the oldest.
        """

        sql = (
            f"{_SELECT} WHERE state = 'open'"  # noqa: S608 - our own text
            " AND community_key IN (SELECT value FROM json_each(?))"
            " ORDER BY is_moderator DESC, votes DESC, number LIMIT ?"
        )

        def read(db: Database) -> tuple[StoredSuggestion, ...]:
            rows = db.execute(sql, (json_column(communities), max(0, limit)))
            return tuple(_suggestion(row) for row in rows)

        return await self._store.read(read)

    async def count_open(self, channel: Channel, person: Author) -> int:
        """Return how many open suggestions a person has in a community."""

        def read(db: Database) -> int:
            row = db.execute(
                "SELECT count(*) FROM suggestion WHERE state = 'open'"
                " AND community_key = ? AND platform = ? AND person_id = ?",
                (community_key(channel), channel.platform, person.id),
            ).fetchone()
            return int(row[0])

        return await self._store.read(read)

    async def _settle(
        self, number: int, communities: Sequence[str], state: SuggestionState
    ) -> bool:
        row = (state, self._now(), number, json_column(communities))

        def write(db: Database) -> bool:
            changed = db.execute(
                "UPDATE suggestion SET state = ?, settled_utc = ? WHERE number = ?"
                " AND state = 'open'"
                " AND community_key IN (SELECT value FROM json_each(?))",
                row,
            )
            return changed.rowcount == 1

        return await self._store.write(write)

    def _now(self) -> str:
        return utc_column(self._store.clock.now_utc())


def _same(db: Database, community: str, key: str) -> int | None:
    """Return the open suggestion that says the same, None where there is none."""
    row = db.execute(
        "SELECT number FROM suggestion WHERE community_key = ? AND state = 'open'"
        " AND opened(text_key) = ?",
        (community, key),
    ).fetchone()
    return None if row is None else row["number"]


def _vote(
    db: Database, number: int | None, channel: Channel, person: Author, now: str
) -> None:
    db.execute(
        "INSERT OR IGNORE INTO suggestion_vote (number, platform, person_id,"
        " created_utc) VALUES (?, ?, ?, ?)",
        (number, channel.platform, person.id, now),
    )


def _open(db: Database, channel: Channel, number: int) -> StoredSuggestion | None:
    row = db.execute(
        f"{_SELECT} WHERE number = ? AND community_key = ? AND state = 'open'",
        (number, community_key(channel)),
    ).fetchone()
    return None if row is None else _suggestion(row)


def _suggestion(row: sqlite3.Row) -> StoredSuggestion:
    return StoredSuggestion(
        number=row["number"],
        text=row["text"],
        person_name=row["person_name"],
        is_moderator=bool(row["is_moderator"]),
        votes=row["votes"],
        state=SuggestionState(row["state"]),
    )
