"""Reactions and votes below the messages of the page's rooms."""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from bot.store.columns import json_column
from bot.store.store import Store

__all__ = ["RoomFeelingRepository", "RoomFeelings"]


@dataclass(frozen=True, slots=True)
class RoomFeelings:
    """What is below one message.

    Attributes:
        reactions: how often each emoji is there.
        votes: how many have chosen each answer of its poll.
        own_reactions: what the person who looks has put there.
        own_vote: what they have chosen; None: nothing yet.
    """

    reactions: dict[str, int] = field(default_factory=dict)
    votes: dict[int, int] = field(default_factory=dict)
    own_reactions: tuple[str, ...] = ()
    own_vote: int | None = None


class RoomFeelingRepository:
    """Who reacted to what, and who chose what."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def react(
        self, message_id: str, person_id: str, emoji: str, *, is_added: bool
    ) -> bool:
        """Put an emoji below a message or take it away; return if that changed it."""
        sql = "DELETE FROM room_reaction WHERE message_id = ? AND person_id = ?"
        sql += " AND emoji = ?"
        if is_added:
            sql = "INSERT INTO room_reaction (message_id, person_id, emoji)"
            sql += " VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        values = (message_id, person_id, emoji)
        return await self._store.write(lambda db: db.execute(sql, values).rowcount > 0)

    async def vote(
        self, message_id: str, person_id: str, answer: int, *, is_final: bool
    ) -> bool:
        """Choose an answer in place of an earlier one; return if that changed it.

        A vote that is final is given once.
        """
        sql = (
            "INSERT INTO room_vote (message_id, person_id, answer) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET answer = excluded.answer"
            " WHERE answer != excluded.answer AND NOT ?"
        )
        values = (message_id, person_id, answer, is_final)
        return await self._store.write(lambda db: db.execute(sql, values).rowcount > 0)

    async def of(
        self, message_ids: Sequence[str], person_id: str
    ) -> dict[str, RoomFeelings]:
        """Return what is below messages, as a person sees it."""

        def read(db: Database) -> dict[str, RoomFeelings]:
            wanted = json_column(message_ids)
            reactions = db.execute(
                "SELECT message_id, emoji AS what, count(*) AS num,"
                " max(person_id = ?) AS is_own FROM room_reaction"
                " WHERE message_id IN (SELECT value FROM json_each(?))"
                " GROUP BY message_id, emoji",
                (person_id, wanted),
            ).fetchall()
            votes = db.execute(
                "SELECT message_id, answer AS what, count(*) AS num,"
                " max(person_id = ?) AS is_own FROM room_vote"
                " WHERE message_id IN (SELECT value FROM json_each(?))"
                " GROUP BY message_id, answer",
                (person_id, wanted),
            ).fetchall()
            return _gathered(message_ids, reactions, votes)

        return await self._store.read(read)


def _gathered(
    message_ids: Sequence[str],
    reactions: Sequence[sqlite3.Row],
    votes: Sequence[sqlite3.Row],
) -> dict[str, RoomFeelings]:
    of_message: dict[str, list[sqlite3.Row]] = defaultdict(list)
    of_poll: dict[str, list[sqlite3.Row]] = defaultdict(list)
    for row in reactions:
        of_message[row["message_id"]].append(row)
    for row in votes:
        of_poll[row["message_id"]].append(row)
    return {
        id_: RoomFeelings(
            {row["what"]: row["num"] for row in of_message[id_]},
            {row["what"]: row["num"] for row in of_poll[id_]},
            tuple(row["what"] for row in of_message[id_] if row["is_own"]),
            next((row["what"] for row in of_poll[id_] if row["is_own"]), None),
        )
        for id_ in message_ids
    }
