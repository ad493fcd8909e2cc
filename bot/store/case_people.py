"""People in cases: what they asked, whether they were answered, and their warnings."""

from collections.abc import Sequence

from sqlite_utils import Database

from bot.cases import By, Case, CaseKind, History, Voice
from bot.messages import Author
from bot.store.case_rows import find_cases
from bot.store.columns import storable_text, utc_column
from bot.store.store import Store

__all__ = ["CasePeople"]

_THEIRS = (
    "c.number IN (SELECT case_number FROM report"
    " WHERE platform = :platform AND person_id = :person{and_untold}"
    " UNION SELECT case_number FROM appeal"
    " WHERE channel_key LIKE :platform || ':%' AND person_id = :person{and_untold})"
)


class CasePeople:
    """Looks up and keeps what concerns one person."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def cases_of(
        self, platform: str, person_id: str, *, limit: int
    ) -> tuple[Case, ...]:
        """Return the latest cases that somebody brought up, newest first."""
        condition = _THEIRS.format(and_untold="")

        def read(db: Database) -> tuple[Case, ...]:
            return find_cases(
                db,
                f"{condition} ORDER BY c.number DESC LIMIT :limit",
                {"platform": platform, "person": person_id, "limit": limit},
            )

        return await self._store.read(read)

    async def unanswered(self) -> frozenset[tuple[str, str]]:
        """Return who waits for the answer of a closed case: platform and id."""

        def read(db: Database) -> frozenset[tuple[str, str]]:
            rows = db.execute(
                "SELECT platform, person_id FROM report JOIN moderation_case"
                " ON number = case_number WHERE is_told = 0 AND state = 'closed'"
                " UNION SELECT substr(channel_key, 1, instr(channel_key, ':') - 1),"
                " person_id FROM appeal JOIN moderation_case"
                " ON number = case_number WHERE is_told = 0"
                " AND moderation_case.state = 'closed'"
            ).fetchall()
            return frozenset((row[0], row[1]) for row in rows)

        return await self._store.read(read)

    async def unanswered_of(self, platform: str, person_id: str) -> tuple[Case, ...]:
        """Return the closed cases of which somebody was told nothing yet."""
        condition = _THEIRS.format(and_untold=" AND is_told = 0")

        def read(db: Database) -> tuple[Case, ...]:
            return find_cases(
                db,
                f"c.state = 'closed' AND {condition} ORDER BY c.number",
                {"platform": platform, "person": person_id},
            )

        return await self._store.read(read)

    async def told(self, voice: Voice) -> None:
        """Remember that somebody was answered."""
        table = "report" if voice.kind is CaseKind.REPORT else "appeal"

        def write(db: Database) -> None:
            db.execute(
                f"UPDATE {table} SET is_told = 1 WHERE id = ?",  # noqa: S608 (own names)
                (voice.id,),
            )

        await self._store.write(write)

    async def told_all(
        self, platform: str, person_id: str, cases: Sequence[Case]
    ) -> None:
        """Remember that somebody has seen how these cases were decided."""
        numbers = [case.number for case in cases if case.is_closed]

        def write(db: Database) -> None:
            for number in numbers:
                db.execute(
                    "UPDATE report SET is_told = 1 WHERE case_number = ?"
                    " AND platform = ? AND person_id = ?",
                    (number, platform, person_id),
                )
                db.execute(
                    "UPDATE appeal SET is_told = 1 WHERE case_number = ?"
                    " AND channel_key LIKE ? || ':%' AND person_id = ?",
                    (number, platform, person_id),
                )

        await self._store.write(write)

    async def warn(
        self,
        case: Case,
        platform: str,
        person: Author,
        text: str,
        by: By,
    ) -> int:
        """Keep a warning; return how many the person has in the community then."""
        row = (
            case.number,
            case.community_key,
            platform,
            person.id,
            person.name,
            by.id,
            by.name,
            storable_text(text),
            utc_column(self._store.clock.now_utc()),
        )

        def write(db: Database) -> int:
            db.execute(
                "INSERT INTO warning (case_number, community_key, platform, person_id,"
                " person_name, by_id, by_name, text, at_utc)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            return _count(
                db,
                "warning WHERE community_key = :community AND person_id = :person",
                case.community_key,
                person.id,
            )

        return await self._store.write(write)

    async def history(self, community: str, person_id: str) -> History:
        """Return how often somebody was noticed, in cases, and warned."""

        def read(db: Database) -> History:
            wheres = (
                "judgement WHERE community_key = :community AND author_id = :person"
                " AND stage = 'input' AND action != 'allow'",
                "moderation_case c WHERE c.community_key = :community AND EXISTS"
                " (SELECT 1 FROM case_message m WHERE m.number = c.number"
                " AND m.author_id = :person) AND c.kind != 'appeal'",
                "warning WHERE community_key = :community AND person_id = :person",
            )
            return History(*(_count(db, w, community, person_id) for w in wheres))

        return await self._store.read(read)


def _count(db: Database, where: str, community: str, person_id: str) -> int:
    row = db.execute(
        f"SELECT count(*) FROM {where}",  # noqa: S608 (own text)
        {"community": community, "person": person_id},
    ).fetchone()
    return int(row[0])
