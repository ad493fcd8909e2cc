"""What was judged, with what the classifiers found; the text only for a while."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.messages import Author, Channel, scope_of
from bot.preferences import community_key
from bot.safety.filter import Judgement, Subject
from bot.safety.verdict import Action, Stage, Verdict
from bot.store.audit_chain import AuditEntry, append_audit
from bot.store.columns import from_utc_column, scope_column, utc_column
from bot.store.store import Store
from bot.store.wishes import keeps_nothing

__all__ = ["JudgementRepository", "StoredJudgement", "stored_judgement"]

NOTABLE = 0.1
"""The text of what is less probable than this in every category is not kept."""


@dataclass(frozen=True, slots=True)
class StoredJudgement:
    """One text that was judged.

    Attributes:
        message_id: the message, or the one that a judged answer was for; a post's id.
        author_id: who wrote the message.
        found: the strictest verdict, whether it counted or not.
        has_acted: whether it counted.
        verdicts: what each filter said that did not simply allow.
        text: as it was judged, without what was redacted; "" when it is forgotten.
    """

    id: int
    channel_key: str
    community_key: str
    message_id: str
    author_id: str
    author_name: str
    stage: Stage
    found: Verdict
    has_acted: bool
    scores: Mapping[str, float]
    verdicts: tuple[Verdict, ...]
    text: str = field(repr=False)
    created_utc: datetime


class JudgementRepository:
    """Judgements, for people who ask why and for moderators who correct."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(
        self,
        message_id: str,
        subject: Subject,
        judgement: Judgement,
        *,
        author: Author,
        channel: Channel,
    ) -> int:
        """Keep what came of a subject; return its number.

        Of somebody who wants nothing kept, neither the text nor the name is.
        """
        found, now_utc = judgement.found, self._store.clock.now_utc()
        is_notable = found.action is not Action.ALLOW or any(
            score >= NOTABLE for score in judgement.scores.values()
        )
        row: dict[str, Any] = {
            "scope": scope_column(scope_of(channel, author)),
            "channel_key": channel.key,
            "community_key": community_key(channel),
            "message_id": message_id,
            "author_id": author.id,
            "author_name": author.name,
            "stage": subject.stage.value,
            "action": found.action.name.lower(),
            "category": found.category,
            "score": found.score,
            "filter": found.filter,
            "reason": found.reason,
            "has_acted": found.action is judgement.verdict.action,
            "scores_json": json.dumps(
                {name: round(score, 4) for name, score in judgement.scores.items()}
            ),
            "verdicts_json": json.dumps([_row(verdict) for verdict in judgement.all]),
            "text": judgement.seen if is_notable else "",
            "created_utc": utc_column(now_utc),
        }
        is_act = row["has_acted"] and found.action >= Action.REDACT

        def write(db: Database) -> int:
            if keeps_nothing(db, channel.platform, author.id):
                row.update(text="", author_name="")
            cursor = db.execute(
                f"INSERT INTO judgement ({', '.join(row)})"  # noqa: S608 (own names)
                f" VALUES ({', '.join(f':{name}' for name in row)})",
                row,
            )
            number = int(cursor.lastrowid or 0)
            if is_act:
                append_audit(db, _act(number, subject, found, channel), now_utc)
            return number

        return await self._store.write(write)

    async def get(self, number: int) -> StoredJudgement | None:
        """Return a judgement by its number, or None."""
        found = await self._find("id = ?", (number,))
        return found[0] if found else None

    async def of_message(
        self, message_id: str, channel: Channel
    ) -> tuple[StoredJudgement, ...]:
        """Return what was judged of a message of a channel, oldest first."""
        return await self._find(
            "message_id = ? AND channel_key = ? ORDER BY id", (message_id, channel.key)
        )

    async def latest_answer(
        self, channel: Channel, author_id: str | None
    ) -> StoredJudgement | None:
        """Return the verdict on what the bot made last here, an answer or a picture.

        With an author only on what they asked for. None: there is none.
        """
        found = await self._find(
            "channel_key = ? AND stage = 'output' AND (? OR author_id = ?)"
            " ORDER BY id DESC LIMIT 1",
            (channel.key, author_id is None, author_id or ""),
        )
        return found[0] if found else None

    async def recent(
        self, channel: Channel, *, since_utc: datetime
    ) -> tuple[StoredJudgement, ...]:
        """Return everything judged in a channel's community since then, oldest first.

        Private channels are left out, but for the one that is asked from.
        """
        return await self._find(
            "community_key = ? AND created_utc >= ?"
            " AND (channel_key = ? OR scope LIKE '%|-') ORDER BY id",
            (community_key(channel), utc_column(since_utc), channel.key),
        )

    async def noticed(
        self, channel: Channel, *, limit: int
    ) -> tuple[StoredJudgement, ...]:
        """Return the latest of a community that were not simply allowed, newest first.

        Private channels are left out, but for the one that is asked from.
        """
        return await self._find(
            "community_key = ? AND action != 'allow'"
            " AND (channel_key = ? OR scope LIKE '%|-') ORDER BY id DESC LIMIT ?",
            (community_key(channel), channel.key, limit),
        )

    async def _find(
        self, condition: str, values: tuple[str | int, ...]
    ) -> tuple[StoredJudgement, ...]:
        def read(db: Database) -> tuple[StoredJudgement, ...]:
            rows = db.execute(
                f"SELECT * FROM judgement WHERE {condition}",  # noqa: S608 (own text)
                values,
            ).fetchall()
            return tuple(stored_judgement(row) for row in rows)

        return await self._store.read(read)


def _act(number: int, subject: Subject, found: Verdict, channel: Channel) -> AuditEntry:
    """Return what is kept for good: not whose text it was, nor from which chat."""
    return AuditEntry(
        f"verdict.{found.action.name.lower()}",
        str(number),
        actor_name=found.filter,
        community="" if channel.is_private else community_key(channel),
        facts={"stage": subject.stage.value, "category": found.category},
    )


def _row(verdict: Verdict) -> dict[str, str | float]:
    """Return what is kept of a verdict: never a changed text."""
    return {
        "action": verdict.action.name.lower(),
        "category": verdict.category,
        "score": round(verdict.score, 4),
        "filter": verdict.filter,
        "reason": verdict.reason,
    }


def _verdict(row: Mapping[str, Any]) -> Verdict:
    return Verdict(
        Action[row["action"].upper()],
        row["category"],
        row["score"],
        row["filter"],
        row["reason"],
    )


def stored_judgement(row: sqlite3.Row) -> StoredJudgement:
    """Return the judgement of a row."""
    return StoredJudgement(
        id=row["id"],
        channel_key=row["channel_key"],
        community_key=row["community_key"],
        message_id=row["message_id"],
        author_id=row["author_id"],
        author_name=row["author_name"],
        stage=Stage(row["stage"]),
        found=_verdict(dict(row)),
        has_acted=bool(row["has_acted"]),
        scores=json.loads(row["scores_json"]),
        verdicts=tuple(map(_verdict, json.loads(row["verdicts_json"]))),
        text=row["text"],
        created_utc=from_utc_column(row["created_utc"]),
    )
