"""Lessons: which words a schedule taught, and when each comes up again."""

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.store.columns import from_utc_column, json_column, utc_column
from bot.store.store import Store

__all__ = ["BOX_DAYS", "LessonItem", "LessonRepository", "LessonStep"]

BOX_DAYS = (1, 3, 7, 14, 30)
"""How many days a word rests in each box of Leitner's before it is asked again."""


@dataclass(frozen=True, slots=True)
class LessonStep:
    """What one post did for one word.

    Attributes:
        is_new: it was taught; else it was asked again.
    """

    word: str
    meaning: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class LessonItem:
    """A word that was taught.

    Attributes:
        box: from 1 (it comes soon) to 5 (it is known well).
        is_due: it is time to ask it again.
    """

    word: str
    meaning: str
    box: int
    due_utc: datetime
    is_due: bool


@dataclass(frozen=True, slots=True)
class _Event:
    step: LessonStep
    at_utc: datetime
    was_known: bool


class LessonRepository:
    """The words of each schedule.

    A step stands beside its post and counts only while that post does. The box of a
    word follows from its steps: one higher each time it was asked, the first again
    where most did not know it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def put(
        self, post_id: str, schedule_id: str, steps: Iterable[LessonStep]
    ) -> None:
        """Keep what a post taught and asked, in place of an earlier draft of it."""
        now_utc = utc_column(self._store.clock.now_utc())
        rows = [
            (post_id, schedule_id, step.word, step.meaning, step.is_new, now_utc)
            for step in steps
        ]

        def write(db: Database) -> None:
            db.execute("DELETE FROM lesson_step WHERE post_id = ?", (post_id,))
            for row in rows:
                db.execute(
                    "INSERT INTO lesson_step"
                    " (post_id, schedule_id, word, meaning, is_new, at_utc)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    row,
                )

        await self._store.write(write)

    async def answered(self, post_id: str, word: str, *, was_known: bool) -> bool:
        """Note whether most people knew a word; return whether the post asked it."""

        def write(db: Database) -> bool:
            changed = db.execute(
                "UPDATE lesson_step SET was_known = ? WHERE post_id = ? AND word = ?",
                (was_known, post_id, word),
            )
            return changed.rowcount > 0

        return await self._store.write(write)

    async def of(
        self,
        schedule_id: str,
        *,
        except_post: str = "",
        except_statuses: Collection[str] = (),
    ) -> tuple[LessonItem, ...]:
        """Return the words that a schedule taught, the one due first before the rest.

        Left out is what a post did that is being written anew, or that is in one of
        these states.
        """
        now_utc = self._store.clock.now_utc()

        def read(db: Database) -> tuple[LessonItem, ...]:
            rows = db.execute(
                "SELECT lesson_step.* FROM lesson_step JOIN post ON post.id = post_id"
                " WHERE lesson_step.schedule_id = ? AND post_id != ?"
                " AND status NOT IN (SELECT value FROM json_each(?))"
                " ORDER BY lesson_step.id",
                (schedule_id, except_post, json_column([*except_statuses])),
            )
            events: dict[str, list[_Event]] = {}
            for row in rows:
                events.setdefault(row["word"], []).append(_event(row))
            items = [_item(of_word, now_utc) for of_word in events.values()]
            return tuple(sorted(items, key=lambda item: item.due_utc))

        return await self._store.read(read)


def _item(events: list[_Event], now_utc: datetime) -> LessonItem:
    box = 0
    for event in events:
        box = min(box + 1, len(BOX_DAYS)) if event.was_known else 1
    last = events[-1]
    due_utc = last.at_utc + timedelta(days=BOX_DAYS[box - 1])
    # An hour's grace: a daily post is not always written at the same second.
    is_due = due_utc - timedelta(hours=1) <= now_utc
    return LessonItem(last.step.word, last.step.meaning, box, due_utc, is_due)


def _event(row: sqlite3.Row) -> _Event:
    return _Event(
        LessonStep(row["word"], row["meaning"], bool(row["is_new"])),
        from_utc_column(row["at_utc"]),
        bool(row["was_known"]),
    )
