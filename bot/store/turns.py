"""What was said, and which messages were seen."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlite_utils import Database

from bot.conversation import Turn
from bot.generation.requests import TurnRole
from bot.messages import Scope
from bot.store.columns import (
    from_utc_column,
    json_column,
    scope_column,
    utc_column,
)
from bot.store.store import Store
from bot.store.wishes import keeps_nothing

__all__ = ["TurnRepository"]

SEEN_FOR = timedelta(days=7)
"""How long a message is remembered as seen: platforms repeat within hours."""


class TurnRepository:
    """Turns by scope. No method ever looks at, or returns, a turn of another scope."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, turn: Turn, message_ids: Sequence[str] = ()) -> int:
        """Keep a turn and the ids of all the messages it became; return its id.

        Where a message id is known in the scope already, it now means this turn. Of
        somebody who wants nothing kept nothing is, and the id is 0.
        """
        scope = scope_column(turn.scope)
        row = (
            scope,
            turn.role,
            turn.text,
            turn.message_id,
            turn.reply_to_id,
            turn.author_id,
            turn.author_name,
            utc_column(turn.created_utc),
        )

        def write(db: Database) -> int:
            if keeps_nothing(db, turn.scope.platform, turn.author_id):
                return 0
            added = db.execute(
                "INSERT INTO turn (scope, role, text, message_id, reply_to_id,"
                " author_id, author_name, created_utc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            turn_id = cast("int", added.lastrowid)  # None only where nothing was added
            for message_id in dict.fromkeys((turn.message_id, *message_ids)):
                db.execute(
                    "INSERT OR REPLACE INTO turn_message (scope, message_id, turn_id)"
                    " VALUES (?, ?, ?)",
                    (scope, message_id, turn_id),
                )
            return turn_id

        return await self._store.write(write)

    async def shown(
        self, turn_id: int, scope: Scope, message_ids: Sequence[str]
    ) -> None:
        """Note as which messages a turn stands there, in place of what it was called.

        What was learned of them since, as another turn, goes. Nothing happens where the
        turn is not there any more.
        """
        ids = list(dict.fromkeys(message_ids))
        values = {
            "id": turn_id,
            "scope": scope_column(scope),
            "first": ids[0],
            "ids": json_column(ids),
        }

        def write(db: Database) -> None:
            named = db.execute(
                "UPDATE turn SET message_id = :first WHERE id = :id", values
            )
            if named.rowcount != 1:
                return
            db.execute("DELETE FROM turn_message WHERE turn_id = :id", values)
            db.execute(
                "DELETE FROM turn WHERE id > :id AND id IN (SELECT turn_id FROM"
                " turn_message WHERE scope = :scope"
                " AND message_id IN (SELECT value FROM json_each(:ids)))",
                values,
            )
            db.execute(
                "INSERT OR REPLACE INTO turn_message (scope, message_id, turn_id)"
                " SELECT :scope, value, :id FROM json_each(:ids)",
                values,
            )

        await self._store.write(write)

    async def take_back(self, turn_id: int) -> None:
        """Delete a turn that nobody saw."""

        def write(db: Database) -> None:
            db.execute("DELETE FROM turn WHERE id = ?", (turn_id,))

        await self._store.write(write)

    async def by_message(self, scope: Scope, message_id: str) -> Turn | None:
        """Return the turn that a message belongs to, None where it is not known."""
        return await self._store.read(lambda db: _by_message(db, scope, message_id))

    async def answer_to(self, scope: Scope, message_id: str) -> Turn | None:
        """Return the bot's latest answer to a message, None where there is none."""

        def read(db: Database) -> Turn | None:
            row = db.execute(
                "SELECT * FROM turn WHERE scope = ? AND reply_to_id = ? AND role = ?"
                " ORDER BY id DESC LIMIT 1",
                (scope_column(scope), message_id, TurnRole.ASSISTANT),
            ).fetchone()
            return None if row is None else _turn(row, scope)

        return await self._store.read(read)

    async def drop_answers(self, scope: Scope, message_id: str) -> int:
        """Delete the bot's answers to a message; return how many there were."""

        def write(db: Database) -> int:
            return db.execute(
                "DELETE FROM turn WHERE scope = ? AND reply_to_id = ? AND role = ?",
                (scope_column(scope), message_id, TurnRole.ASSISTANT),
            ).rowcount

        return await self._store.write(write)

    async def rewrite(self, scope: Scope, message_id: str, text: str) -> bool:
        """Give what a person wrote another text; False where it is not known."""

        def write(db: Database) -> bool:
            changed = db.execute(
                "UPDATE turn SET text = ? WHERE role = ? AND id = (SELECT turn_id"
                " FROM turn_message WHERE scope = ? AND message_id = ?)",
                (text, TurnRole.USER, scope_column(scope), message_id),
            )
            return changed.rowcount == 1

        return await self._store.write(write)

    async def chain(
        self, scope: Scope, message_id: str, *, limit: int
    ) -> tuple[Turn, ...]:
        """Return a turn and what it replied to, and so on, oldest first.

        At most `limit` turns, those nearest to the message; () if it is not known.
        """

        def read(db: Database) -> tuple[Turn, ...]:
            chain: list[Turn] = []
            seen: set[str] = set()  # a ring of replies must end
            next_id: str | None = message_id
            while next_id is not None and len(chain) < limit:
                turn = _by_message(db, scope, next_id)
                if turn is None or turn.message_id in seen:
                    break
                seen.add(turn.message_id)
                chain.append(turn)
                next_id = turn.reply_to_id
            return tuple(reversed(chain))

        return await self._store.read(read)

    async def recent(
        self, scope: Scope, *, limit: int, since_utc: datetime | None = None
    ) -> tuple[Turn, ...]:
        """Return the latest turns, oldest first, none from before `since_utc`."""
        since = "" if since_utc is None else utc_column(since_utc)

        def read(db: Database) -> tuple[Turn, ...]:
            rows = db.execute(
                "SELECT * FROM turn WHERE scope = ? AND created_utc >= ?"
                " ORDER BY id DESC LIMIT ?",
                (scope_column(scope), since, max(0, limit)),
            ).fetchall()
            return tuple(_turn(row, scope) for row in reversed(rows))

        return await self._store.read(read)

    async def forget(self, scope: Scope) -> int:
        """Delete every turn of a scope; return how many there were."""

        def write(db: Database) -> int:
            return db.execute(
                "DELETE FROM turn WHERE scope = ?", (scope_column(scope),)
            ).rowcount

        return await self._store.write(write)

    async def remember_seen(
        self, platform: str, channel_key: str, message_id: str
    ) -> bool:
        """Return True the first time only, also across restarts and at the same time.

        A message is remembered for a week.
        """
        now_utc = self._store.clock.now_utc()

        def write(db: Database) -> bool:
            db.execute(
                "DELETE FROM seen_message WHERE seen_utc < ?",
                (utc_column(now_utc - SEEN_FOR),),
            )
            added = db.execute(
                "INSERT OR IGNORE INTO seen_message"
                " (platform, channel_key, message_id, seen_utc) VALUES (?, ?, ?, ?)",
                (platform, channel_key, message_id, utc_column(now_utc)),
            )
            return added.rowcount == 1

        return await self._store.write(write)


def _by_message(db: Database, scope: Scope, message_id: str) -> Turn | None:
    row = db.execute(
        "SELECT turn.* FROM turn_message JOIN turn ON turn.id = turn_message.turn_id"
        " WHERE turn_message.scope = ? AND turn_message.message_id = ?",
        (scope_column(scope), message_id),
    ).fetchone()
    return None if row is None else _turn(row, scope)


def _turn(row: sqlite3.Row, scope: Scope) -> Turn:
    return Turn(
        scope=scope,
        role=TurnRole(row["role"]),
        text=row["text"],
        message_id=row["message_id"],
        created_utc=from_utc_column(row["created_utc"]),
        author_id=row["author_id"],
        author_name=row["author_name"],
        reply_to_id=row["reply_to_id"],
    )
