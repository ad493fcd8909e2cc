"""Numbers that tell whether something has changed since somebody looked."""

from sqlite_utils import Database

from bot.store.store import Store

__all__ = ["ChangeRepository"]

NEWEST = {
    "posts": "SELECT max(id) FROM post_transition",
    "reviews": "SELECT max(id) FROM review_press",
    "runs": "SELECT max(updated_utc) FROM schedule_run",
    "cases": "SELECT max(number) FROM moderation_case",
    "case_notes": "SELECT max(id) FROM case_note",
}
"""By what it is about: each is answered from the end of an index, at once."""


class ChangeRepository:
    """What is newest of what the moderators' desk shows."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def numbers(self) -> dict[str, int | str]:
        """Return a value for each thing, which is another once it has changed."""

        def read(db: Database) -> dict[str, int | str]:
            return {
                name: db.execute(sql).fetchone()[0] or 0 for name, sql in NEWEST.items()
            }

        return await self._store.read(read)
