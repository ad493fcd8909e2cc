"""What is kept of one person."""

from dataclasses import dataclass

from sqlite_utils import Database

from bot.store.store import Store

__all__ = ["Kept", "PersonRepository"]


@dataclass(frozen=True, slots=True)
class Kept:
    """How much is kept of a person on a platform.

    Attributes:
        messages: what they wrote that conversations remember.
        judgements: what filters found in what they wrote or were answered.
        judged_texts: how many of those still have their text.
        ratings: what they thought of answers.
        reports: what they brought before the moderators.
        suggestions: what they would like posts to be about.
        votes: the suggestions that they voted for.
        lesson_words: what /lesson taught them.
    """

    messages: int
    judgements: int
    judged_texts: int
    ratings: int
    reports: int
    suggestions: int
    votes: int
    lesson_words: int


_COUNTS = {
    "messages": "turn WHERE scope LIKE :scope AND author_id = :person",
    "judgements": "judgement WHERE scope LIKE :scope AND author_id = :person",
    "judged_texts": "judgement WHERE scope LIKE :scope AND author_id = :person"
    " AND text != ''",
    "ratings": "rating WHERE platform = :platform AND person_id = :person",
    "reports": "report WHERE platform = :platform AND person_id = :person",
    "suggestions": "suggestion WHERE platform = :platform AND person_id = :person",
    "votes": "suggestion_vote WHERE platform = :platform AND person_id = :person",
    "lesson_words": "setting, json_each(CASE WHEN setting.name LIKE 'lesson-%'"
    " THEN setting.value ELSE '{}' END, '$.words')"
    " WHERE setting.key = 'person:' || :platform || ':' || :person",
}


class PersonRepository:
    """Looks through all tables for one person."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def kept(self, platform: str, person_id: str) -> Kept:
        """Return how much is kept of a person."""
        values = {
            "scope": f"={platform}|%",  # how Scope.key begins
            "platform": platform,
            "person": person_id,
        }

        def read(db: Database) -> Kept:
            counts = {
                name: int(
                    db.execute(
                        f"SELECT count(*) FROM {where}",  # noqa: S608 (own text)
                        values,
                    ).fetchone()[0]
                )
                for name, where in _COUNTS.items()
            }
            return Kept(**counts)

        return await self._store.read(read)
