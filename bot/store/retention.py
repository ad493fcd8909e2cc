"""Forgets what has been kept long enough."""

import asyncio
from datetime import timedelta

import structlog
from sqlite_utils import Database

from bot.clock import Clock
from bot.errors import StoreError
from bot.store.case_retention import forget_cases
from bot.store.columns import json_column, utc_column
from bot.store.copies_age import drop_old_copies
from bot.store.drawn import forget_drawn
from bot.store.feedback import fold_feedback
from bot.store.people_retention import forget_people
from bot.store.retention_days import KeepingDays, community_days, forget_said
from bot.store.store import Store

__all__ = ["Retention"]

logger = structlog.get_logger(__name__)

EVERY_S = 6 * 3600.0


_KEEP_MATERIAL = timedelta(days=1)
_KEEP_WISHES = timedelta(days=365)
_IN_THE_MAKING = ("planned", "drafting", "pending_review", "approved", "publishing")
_NEVER_OUT = ("rejected", "expired", "skipped", "failed")
"""A failed post may be tried again: then it gets a new picture."""


class Retention:
    """Looks through the store when the bot starts, and again and again.

    `async with Retention(…):` runs it. Texts that were judged are emptied after
    `keep_texts_days`, and the records themselves are deleted after `keep_records_days`:
    then also who reacted to posts, of which the counts stay, and suggestions that were
    decided. Those that nobody has taken up go after a year, and what a post was put
    together from a day after it has ended. Pictures of posts that did not go out go
    with the texts, as what was drawn in chats, others with the records. What was said
    is deleted after `keep_turns_days`, and copies of the store after
    `keep_backups_days`; 0 is no limit. A community may have chosen shorter times.
    """

    def __init__(
        self,
        store: Store,
        *,
        keep_texts_days: int,
        keep_records_days: int,
        keep_turns_days: int = 0,
        keep_backups_days: int = 0,
        clock: Clock,
    ) -> None:
        self._store = store
        self._days = KeepingDays(keep_turns_days, keep_texts_days, keep_records_days)
        self._keep_backups_days = keep_backups_days
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Retention":
        self._task = asyncio.get_running_loop().create_task(self._run())
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def forget(self) -> int:
        """Forget what is due; return how many rows that concerned."""
        now_utc = self._clock.now_utc()
        texts_before = utc_column(now_utc - timedelta(days=self._days.texts))
        records_before = utc_column(now_utc - timedelta(days=self._days.records))
        material_before = utc_column(now_utc - _KEEP_MATERIAL)
        wishes_before = utc_column(now_utc - _KEEP_WISHES)

        def write(db: Database) -> int:
            num_rows = _forget_suggestions(db, records_before, wishes_before)
            num_rows += _forget_material(db, material_before)
            num_rows += forget_said(db, "", self._days, now_utc)
            for community, days in community_days(db, self._days).items():
                num_rows += forget_said(db, community, days, now_utc)
            num_rows += db.execute(
                "DELETE FROM memory_use WHERE created_utc < ?", (records_before,)
            ).rowcount
            num_rows += fold_feedback(db, records_before)
            num_rows += forget_people(db, now_utc, records_before=records_before)
            num_rows += forget_drawn(db, texts_before)
            num_rows += forget_cases(db, texts_before, records_before)
            return num_rows + _forget_pictures(db, texts_before, records_before)

        return await self._store.write(write)

    async def _run(self) -> None:
        while True:
            try:
                num_rows = await self.forget()
                if num_rows:
                    await self._store.tidy(is_whole=False)
                await self._drop_copies()
            except StoreError as error:
                # The next round takes it up; nothing is lost by keeping longer.
                logger.warning("could not forget what is due", reason=str(error))
            else:
                logger.debug("forgot what was due", rows=num_rows)
            await self._clock.sleep(EVERY_S)

    async def _drop_copies(self) -> None:
        if self._keep_backups_days:
            await asyncio.to_thread(
                drop_old_copies,
                self._store.path,
                keep_days=self._keep_backups_days,
                now_utc=self._clock.now_utc(),
            )


def _forget_suggestions(db: Database, settled_before: str, made_before: str) -> int:
    """Forget what was decided long ago, and what nobody has taken up for a year."""
    values = (settled_before, made_before)
    db.execute(
        "DELETE FROM suggestion_vote WHERE number IN (SELECT number FROM suggestion"
        " WHERE settled_utc < ? OR created_utc < ?)",
        values,
    )
    return db.execute(
        "DELETE FROM suggestion WHERE settled_utc < ? OR created_utc < ?", values
    ).rowcount


def _forget_material(db: Database, before: str) -> int:
    return db.execute(
        "UPDATE post_material SET items_json = '[]' WHERE items_json != '[]'"
        " AND post_id IN (SELECT id FROM post WHERE updated_utc < ?"
        " AND status NOT IN (SELECT value FROM json_each(?)))",
        (before, json_column([*_IN_THE_MAKING])),
    ).rowcount


def _forget_pictures(db: Database, texts_before: str, records_before: str) -> int:
    return db.execute(
        "DELETE FROM post_picture WHERE post_id IN (SELECT id FROM post WHERE"
        " (status IN (SELECT value FROM json_each(:never_out))"
        " AND updated_utc < :texts_before)"
        " OR (status = 'published' AND updated_utc < :records_before))",
        {
            "never_out": json_column(_NEVER_OUT),
            "texts_before": texts_before,
            "records_before": records_before,
        },
    ).rowcount
