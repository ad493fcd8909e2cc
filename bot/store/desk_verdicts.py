"""What filters noticed, as moderators look through it at their desk."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.safety.policy import Category
from bot.store.columns import utc_column
from bot.store.judgements import StoredJudgement, stored_judgement
from bot.store.store import Store

__all__ = ["DeskVerdicts", "Label", "Scores"]

MOST_SCORES = 5000
_OPEN = "scope LIKE '%|-'"
"""Private channels are nobody else's business."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a moderator said of a judged text, in the category that it is about."""

    category: Category
    is_harmful: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """How probable a category was, 0 to 1.

    Attributes:
        labelled: of the texts that moderators labelled, and whether they were harmful.
        recent: of everything that was judged lately.
    """

    labelled: tuple[tuple[float, bool], ...]
    recent: tuple[float, ...]


class DeskVerdicts:
    """Reads judgements and corrections of communities."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def noticed(
        self,
        communities: Collection[str] | None,
        *,
        category: str = "",
        before: int | None = None,
        limit: int,
    ) -> tuple[tuple[StoredJudgement, tuple[Label, ...]], ...]:
        """Return what was not simply allowed, newest first, and what was said of it.

        No communities: of all. An empty category: any.
        """
        values = {
            "communities": _listed(communities),
            "category": category,
            "before": before,
            "limit": limit,
        }

        def read(
            db: Database,
        ) -> tuple[tuple[StoredJudgement, tuple[Label, ...]], ...]:
            rows = db.execute(
                "SELECT *, (SELECT json_group_array("  # noqa: S608 (own text)
                "json_array(category, is_harmful)) FROM correction"
                " WHERE judgement_id = judgement.id) AS labels FROM judgement"
                f" WHERE action != 'allow' AND {_OPEN} AND (:communities IS NULL"
                " OR community_key IN (SELECT value FROM json_each(:communities)))"
                " AND (:category = '' OR category = :category)"
                " AND (:before IS NULL OR id < :before)"
                " ORDER BY id DESC LIMIT :limit",
                values,
            ).fetchall()
            return tuple(
                (stored_judgement(row), _labels(row["labels"])) for row in rows
            )

        return await self._store.read(read)

    async def scores(
        self,
        category: Category,
        communities: Collection[str] | None,
        *,
        since_utc: datetime,
    ) -> Scores:
        """Return how probable a category was in communities; None: in all."""
        values = {
            "communities": _listed(communities),
            "category": category.value,
            "path": f"$.{category.value}",
            "since": utc_column(since_utc),
            "limit": MOST_SCORES,
        }
        here = (
            "(:communities IS NULL"
            " OR community_key IN (SELECT value FROM json_each(:communities)))"
        )

        def read(db: Database) -> Scores:
            labelled = db.execute(
                "SELECT json_extract(scores_json, :path) AS found, is_harmful"  # noqa: S608
                " FROM correction JOIN judgement ON judgement.id = judgement_id"
                f" WHERE correction.category = :category AND {here}"
                " AND found IS NOT NULL ORDER BY found LIMIT :limit",
                values,
            ).fetchall()
            recent = db.execute(
                "SELECT json_extract(scores_json, :path) AS found"  # noqa: S608
                f" FROM judgement WHERE created_utc >= :since AND {here} AND {_OPEN}"
                " AND found IS NOT NULL ORDER BY id DESC LIMIT :limit",
                values,
            ).fetchall()
            return Scores(
                tuple((row[0], bool(row[1])) for row in labelled),
                tuple(row[0] for row in recent),
            )

        return await self._store.read(read)


def _listed(communities: Collection[str] | None) -> str | None:
    return None if communities is None else json.dumps(sorted(communities))


def _labels(stored: str) -> tuple[Label, ...]:
    return tuple(
        Label(Category(name), bool(is_harmful))
        for name, is_harmful in json.loads(stored)
    )
