"""What moderators said a filter got wrong: labelled texts to learn from."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from bot.safety.policy import Category
from bot.safety.verdict import Stage
from bot.store.columns import from_utc_column, utc_column
from bot.store.store import Store

__all__ = ["Correction", "CorrectionRepository"]


@dataclass(frozen=True, slots=True)
class Correction:
    """What is true of one text in one category, as a moderator sees it."""

    judgement_id: int
    category: Category
    is_harmful: bool
    stage: Stage
    text: str = field(repr=False)
    by_id: str
    created_utc: datetime


class CorrectionRepository:
    """Corrections; a later one of the same text and category replaces the earlier."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, correction: Correction) -> None:
        """Keep a correction."""
        row = (
            correction.judgement_id,
            correction.category,
            correction.is_harmful,
            correction.stage,
            correction.text,
            correction.by_id,
            utc_column(correction.created_utc),
        )

        def write(db: Database) -> None:
            db.execute(
                "INSERT OR REPLACE INTO correction (judgement_id, category, is_harmful,"
                " stage, text, by_id, created_utc) VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            # Whose words they are: for when that person has them forgotten.
            db.execute(
                "UPDATE correction SET (platform, author_id) = (SELECT"
                " substr(channel_key, 1, instr(channel_key, ':') - 1), author_id"
                " FROM judgement WHERE id = judgement_id)"
                " WHERE judgement_id = ?1"
                " AND judgement_id IN (SELECT id FROM judgement)",
                (correction.judgement_id,),
            )

        await self._store.write(write)

    async def all(self) -> tuple[Correction, ...]:
        """Return all corrections, in the order of the judgements."""

        def read(db: Database) -> tuple[Correction, ...]:
            rows = db.execute(
                "SELECT * FROM correction ORDER BY judgement_id, category"
            )
            return tuple(
                Correction(
                    judgement_id=row["judgement_id"],
                    category=Category(row["category"]),
                    is_harmful=bool(row["is_harmful"]),
                    stage=Stage(row["stage"]),
                    text=row["text"],
                    by_id=row["by_id"],
                    created_utc=from_utc_column(row["created_utc"]),
                )
                for row in rows
            )

        return await self._store.read(read)
