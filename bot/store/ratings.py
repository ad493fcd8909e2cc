"""How people liked answers."""

from dataclasses import dataclass

from sqlite_utils import Database

from bot.messages import Author, Scope
from bot.store.columns import scope_column, utc_column
from bot.store.store import Store
from bot.store.wishes import keeps_nothing

__all__ = ["RatingCount", "RatingRepository"]


@dataclass(frozen=True, slots=True)
class RatingCount:
    """How many found an answer good, and how many did not."""

    good: int
    bad: int


class RatingRepository:
    """Ratings: one for each person and answer, the last one counts.

    An answer is named by the message that it answers.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def rate(
        self, scope: Scope, question_id: str, person: Author, *, is_good: bool
    ) -> None:
        """Keep what a person thinks of an answer, unless they want nothing kept."""
        row = (
            scope_column(scope),
            question_id,
            scope.platform,
            person.id,
            is_good,
            utc_column(self._store.clock.now_utc()),
        )

        def write(db: Database) -> None:
            if keeps_nothing(db, scope.platform, person.id):
                return
            db.execute(
                "INSERT OR REPLACE INTO rating (scope, question_id, platform,"
                " person_id, is_good, created_utc) VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )

        await self._store.write(write)

    async def count(self, scope: Scope, question_id: str) -> RatingCount:
        """Return how an answer was rated."""

        def read(db: Database) -> RatingCount:
            row = db.execute(
                "SELECT sum(is_good), count(*) FROM rating"
                " WHERE scope = ? AND question_id = ?",
                (scope_column(scope), question_id),
            ).fetchone()
            good = int(row[0] or 0)
            return RatingCount(good, int(row[1]) - good)

        return await self._store.read(read)
