"""When posts are due: schedules, from config.toml or a command."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlite_utils import Database

from bot.store.columns import (
    from_json_column,
    from_utc_column,
    json_column,
    utc_column,
)
from bot.store.moves import MoveRepository
from bot.store.store import Store

__all__ = ["ScheduleRepository", "ScheduleSource", "StoredSchedule"]


class ScheduleSource(StrEnum):
    """Who made a schedule."""

    CONFIG = "config"
    """It stands in config.toml, which decides what it is."""
    COMMAND = "command"
    """A moderator made it at run time."""


@dataclass(frozen=True, slots=True)
class StoredSchedule:
    """A schedule as it is kept.

    Attributes:
        cron: "" where it is not the trigger; exactly one of the three triggers is set.
        every_minutes: 0 where it is not the trigger.
        at_utc: None where it is not the trigger.
        persona: None: the bot's; so with language.
        approvals: how many moderators must agree before it goes out; 0: none.
        review_minutes: how long they are waited for.
        config_hash: tells whether config.toml changed; None for commands.
        topic_source: where topics come from; `topics` stand in where that has none.
        feeds: addresses of feeds, for that source; so with folder.
        quiet_hours: "22:00-07:00" on the clock of its zone; "": none.
        in_quiet_hours: a post then "wait"s for their end, or is left out: "skip".
        until: the last day on which it posts, in its zone; None: it goes on.
        jitter_minutes: a post comes by up to so much later, each by its own part of it.
        misfire: what becomes of a missed slot: "skip", "last" or "ask".
        community: where it was made for its own channel; "": only owners change it.
        tags: for channels that sort posts by tags.
        discuss: whether a thread opens below each post.
        mention_role: a role that each post calls; "": nobody.
    """

    id: str
    kind: str
    channels: tuple[str, ...]
    topics: tuple[str, ...]
    timezone: str
    created_utc: datetime
    cron: str = ""
    every_minutes: int = 0
    at_utc: datetime | None = None
    at_first_start: bool = False
    grace_minutes: int = 60
    persona: str | None = None
    language: str | None = None
    is_enabled: bool = True
    approvals: int = 0
    review_minutes: int = 720
    source: ScheduleSource = ScheduleSource.CONFIG
    config_hash: str | None = None
    topic_source: str = "list"
    feeds: tuple[str, ...] = ()
    folder: str = ""
    quiet_hours: str = ""
    in_quiet_hours: str = "wait"
    until: date | None = None
    jitter_minutes: int = 0
    misfire: str = "last"
    community: str = ""
    tags: tuple[str, ...] = ()
    discuss: bool = False
    mention_role: str = ""


class ScheduleRepository:
    """Schedules by id. What ran when is kept by bot.store.runs.

    Attributes:
        moves: which of their slots come at another time.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.moves = MoveRepository(store)

    async def put(self, schedule: StoredSchedule) -> None:
        """Keep a schedule in place of the one of its id, whose created_utc stays."""
        await self.put_all([schedule])

    async def put_all(self, schedules: Iterable[StoredSchedule]) -> None:
        """Keep several at once, each as `put` does."""
        rows = [_values(schedule) for schedule in schedules]
        names = tuple(rows[0]) if rows else ()
        places = ", ".join(f":{name}" for name in names)
        changes = ", ".join(
            f"{name} = excluded.{name}"
            for name in names
            if name not in {"id", "created_utc"}
        )
        # Only names of our own columns are put into the text.
        sql = (
            f"INSERT INTO schedule ({', '.join(names)}) VALUES ({places})"  # noqa: S608
            f" ON CONFLICT (id) DO UPDATE SET {changes}"
        )

        def write(db: Database) -> None:
            for values in rows:
                db.execute(sql, values)

        await self._store.write(write)

    async def get(self, schedule_id: str) -> StoredSchedule | None:
        """Return a schedule, None where there is none of this id."""

        def read(db: Database) -> StoredSchedule | None:
            row = db.execute(
                "SELECT * FROM schedule WHERE id = ?", (schedule_id,)
            ).fetchone()
            return None if row is None else _schedule(row)

        return await self._store.read(read)

    async def all(self) -> tuple[StoredSchedule, ...]:
        """Return every schedule, enabled or not, by id."""

        def read(db: Database) -> tuple[StoredSchedule, ...]:
            rows = db.execute("SELECT * FROM schedule ORDER BY id")
            return tuple(_schedule(row) for row in rows)

        return await self._store.read(read)

    async def set_enabled(self, schedule_id: str, *, is_enabled: bool) -> bool:
        """Let a schedule run or rest; return whether there is one of this id."""

        def write(db: Database) -> bool:
            changed = db.execute(
                "UPDATE schedule SET is_enabled = ? WHERE id = ?",
                (is_enabled, schedule_id),
            )
            return changed.rowcount == 1

        return await self._store.write(write)

    async def remove(self, schedule_id: str) -> bool:
        """Delete a schedule; return whether there was one. Its runs are kept."""

        def write(db: Database) -> bool:
            deleted = db.execute("DELETE FROM schedule WHERE id = ?", (schedule_id,))
            return deleted.rowcount == 1

        return await self._store.write(write)


def _values(schedule: StoredSchedule) -> dict[str, str | int | None]:
    at_utc = schedule.at_utc
    return {
        "id": schedule.id,
        "kind": schedule.kind,
        "channels_json": json_column(schedule.channels),
        "topics_json": json_column(schedule.topics),
        "cron": schedule.cron,
        "every_minutes": schedule.every_minutes,
        "at_utc": None if at_utc is None else utc_column(at_utc),
        "timezone": schedule.timezone,
        "at_first_start": schedule.at_first_start,
        "grace_minutes": schedule.grace_minutes,
        "persona": schedule.persona,
        "language": schedule.language,
        "is_enabled": schedule.is_enabled,
        "tags_json": json_column(schedule.tags),
        "discuss": schedule.discuss,
        "mention_role": schedule.mention_role,
        "approvals": schedule.approvals,
        "review_minutes": schedule.review_minutes,
        "source": schedule.source,
        "config_hash": schedule.config_hash,
        "created_utc": utc_column(schedule.created_utc),
        "topic_source": schedule.topic_source,
        "feeds_json": json_column(schedule.feeds),
        "folder": schedule.folder,
        "quiet_hours": schedule.quiet_hours,
        "in_quiet_hours": schedule.in_quiet_hours,
        "until_date": None if schedule.until is None else schedule.until.isoformat(),
        "jitter_minutes": schedule.jitter_minutes,
        "misfire": schedule.misfire,
        "community": schedule.community,
    }


def _schedule(row: sqlite3.Row) -> StoredSchedule:
    at_utc, until = row["at_utc"], row["until_date"]
    return StoredSchedule(
        id=row["id"],
        kind=row["kind"],
        channels=from_json_column(row["channels_json"]),
        topics=from_json_column(row["topics_json"]),
        timezone=row["timezone"],
        created_utc=from_utc_column(row["created_utc"]),
        cron=row["cron"],
        every_minutes=row["every_minutes"],
        at_utc=None if at_utc is None else from_utc_column(at_utc),
        at_first_start=bool(row["at_first_start"]),
        grace_minutes=row["grace_minutes"],
        persona=row["persona"],
        language=row["language"],
        is_enabled=bool(row["is_enabled"]),
        tags=from_json_column(row["tags_json"]),
        discuss=bool(row["discuss"]),
        mention_role=row["mention_role"],
        approvals=row["approvals"],
        review_minutes=row["review_minutes"],
        source=ScheduleSource(row["source"]),
        config_hash=row["config_hash"],
        topic_source=row["topic_source"],
        feeds=from_json_column(row["feeds_json"]),
        folder=row["folder"],
        quiet_hours=row["quiet_hours"],
        in_quiet_hours=row["in_quiet_hours"],
        until=None if until is None else date.fromisoformat(until),
        jitter_minutes=row["jitter_minutes"],
        misfire=row["misfire"],
        community=row["community"],
    )
