"""What stands against a person in a community: verdicts and reports, counted."""

from dataclasses import dataclass

from sqlite_utils import Database

from bot.store.store import Store

__all__ = ["MarkRepository", "Marks"]


@dataclass(frozen=True, slots=True)
class Marks:
    """How often something was found or reported.

    Attributes:
        judgements: what the filters found in what they wrote or were answered.
        blocked: how many of those were refused.
        reports: what they reported themselves.
        reported: reports of messages of theirs.
    """

    judgements: int
    blocked: int
    reports: int
    reported: int


class MarkRepository:
    """Counts within one community; of others nothing is seen."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, community: str, platform: str, person_id: str) -> Marks:
        """Return what stands against a person in a community, given by its key."""
        values = {"community": community, "platform": platform, "person": person_id}

        def read(db: Database) -> Marks:
            judged = db.execute(
                "SELECT count(*), coalesce(sum(action = 'block' AND has_acted), 0)"
                " FROM judgement WHERE community_key = :community"
                " AND author_id = :person AND action != 'allow'",
                values,
            ).fetchone()
            reports = db.execute(
                "SELECT coalesce(sum(platform = :platform AND person_id = :person), 0),"
                " coalesce(sum(EXISTS (SELECT 1 FROM turn JOIN turn_message"
                " ON turn_message.turn_id = turn.id"
                " WHERE turn_message.message_id = report.message_id"
                " AND turn.author_id = :person)), 0)"
                " FROM report WHERE community_key = :community",
                values,
            ).fetchone()
            return Marks(*(int(one) for one in (*judged, *reports)))

        return await self._store.read(read)
