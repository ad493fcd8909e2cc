"""What is kept of one person: how much, all of it as a file, and nothing any more."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from bot.messages import Scope
from bot.store.audit_chain import AuditEntry, append_audit
from bot.store.columns import scope_column, utc_column
from bot.store.feedback import FeedbackRepository
from bot.store.persons_rows import PERSONS_ROWS
from bot.store.quoted import fill_gaps, find_quotes
from bot.store.store import Store

__all__ = ["EXPORT_VERSION", "Forgotten", "Kept", "PersonRepository"]

EXPORT_VERSION = 1
MAX_FILE_BYTES = 4 * 1024 * 1024
"""Files of a person are in the export up to so much together; of others the name."""
LEFT_OUT = (
    "Not in here: answers in channels of many, where others may be quoted; of "
    "questions and reports of other people, all; posts, which are the community's."
)

_MORE_COUNTS = {
    "judged_texts": "SELECT count(*) FROM judgement WHERE text != '' AND"
    " author_id = :person AND substr(scope, 1, length(:prefix)) = :prefix",
    "lesson_words": "SELECT count(*) FROM setting, json_each(CASE WHEN setting.name"
    " LIKE 'lesson-%' THEN setting.value ELSE '{}' END, '$.words')"
    " WHERE setting.key = 'person:' || :who",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """How many rows of each kind are kept, by the names of bot.store.persons_rows.

    Attributes:
        judged_texts: how many verdicts still have their text.
        lesson_words: what /lesson taught them.
    """

    rows: Mapping[str, int]
    judged_texts: int
    lesson_words: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What came of forgetting.

    Attributes:
        is_clean: nothing is left in the files either; False: somebody was reading
            them, and the log is emptied later.
    """

    num_rows: int
    is_clean: bool


class PersonRepository:
    """Looks through all tables for one person."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._feedback = FeedbackRepository(store)

    async def kept(self, platform: str, person_id: str) -> Kept:
        """Return how much is kept of a person."""
        values = await self._values(platform, person_id)

        def read(db: Database) -> Kept:
            def count(sql: str) -> int:
                return int(db.execute(sql, values).fetchone()[0])

            rows = {
                rows.name: count(rows.counting()) for rows in PERSONS_ROWS if rows.name
            }
            return Kept(rows, **{name: count(_MORE_COUNTS[name]) for name in _MORE})

        return await self._store.read(read)

    async def export(self, platform: str, person_id: str) -> bytes:
        """Return all that is kept of a person, and nothing of others, as JSON."""
        values = await self._values(platform, person_id)

        def read(db: Database) -> dict[str, Any]:
            left_bytes = [MAX_FILE_BYTES]
            return {
                rows.name: [
                    _plain(dict(row), left_bytes)
                    for row in db.execute(rows.exporting(), values)
                ]
                for rows in PERSONS_ROWS
                if rows.name
            }

        exported = {
            "format": "hearthbot-person",
            "version": EXPORT_VERSION,
            "made_utc": utc_column(self._store.clock.now_utc()),
            "platform": platform,
            "person_id": person_id,
            "left_out": LEFT_OUT,
            "kept": await self._store.read(read),
        }
        text = json.dumps(exported, ensure_ascii=False, indent=1)
        return text.encode("utf-8", "replace")

    async def forget(self, platform: str, person_id: str) -> Forgotten:
        """Forget all that is kept of a person, and leave no trace in the files.

        That it was done is kept in the audit, with a hash that names nobody.

        Raises:
            StoreError: nothing was forgotten, or the files could not be written anew.
        """
        values = await self._values(platform, person_id)
        now_utc = self._store.clock.now_utc()

        gaps = await self._store.read(lambda db: find_quotes(db, values))

        def write(db: Database) -> int:
            num_rows = fill_gaps(db, gaps)
            for rows in PERSONS_ROWS:
                num_rows += db.execute(rows.forgetting(), values).rowcount
            entry = AuditEntry(
                "person.forgotten",
                values["hash"],
                facts={"platform": platform, "rows": num_rows},
            )
            append_audit(db, entry, now_utc)
            return num_rows

        num_rows = await self._store.write(write)
        return Forgotten(num_rows, await self._store.tidy())

    async def _values(self, platform: str, person_id: str) -> dict[str, str]:
        """Return what the conditions of bot.store.persons_rows are about."""
        scope = scope_column(Scope(platform, "", "", None, person_id))
        digest = await self._feedback.person_hash(platform, person_id)
        return {
            "platform": platform,
            "person": person_id,
            "who": f"{platform}:{person_id}",
            "prefix": scope[: scope.index("|") + 1],
            "end": scope[scope.rindex("|") :],
            "hash": digest,
            "nobody": f"forgotten:{digest[:16]}",
            "now": utc_column(self._store.clock.now_utc()),
        }


_MORE = tuple(_MORE_COUNTS)


def _plain(row: dict[str, Any], left_bytes: list[int]) -> dict[str, Any]:
    """Return a row as JSON can have it; a file only while there is room."""
    for name, value in row.items():
        if isinstance(value, bytes):
            has_room = len(value) <= left_bytes[0]
            left_bytes[0] -= len(value) if has_room else 0
            row[name] = base64.b64encode(value).decode() if has_room else None
    return row
