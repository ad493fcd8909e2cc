"""Cases and people, as moderators look through them at their desk."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from bot.cases import Case, CaseState
from bot.messages import Scope
from bot.store.case_rows import find_cases
from bot.store.columns import from_utc_column
from bot.store.store import Store

__all__ = ["CaseGlance", "DeskCases", "DeskPeople", "Talker"]


@dataclass(frozen=True, slots=True)
class CaseGlance:
    """A case in a list.

    Attributes:
        author_name: who wrote its latest message; "": the bot, or there is none.
        text: what that says; "" once it is forgotten.
    """

    case: Case
    author_name: str = ""
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Talker:
    """Somebody who has written to the bot, or near it, in a community."""

    id: str
    name: str
    seen_utc: datetime


class DeskCases:
    """Looks for cases of communities."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(
        self,
        communities: Collection[str] | None,
        *,
        states: Collection[CaseState],
        not_about: tuple[str, str],
        before: int | None = None,
        limit: int,
    ) -> tuple[CaseGlance, ...]:
        """Return cases, newest first. No communities: of all.

        `not_about` is an account, platform and id: nobody deals with their own cases.
        """
        platform, person_id = not_about
        values: dict[str, str | int] = {
            "communities": "" if communities is None else json.dumps([*communities]),
            "states": json.dumps([*states]),
            "platform": platform,
            "person": person_id,
            "before": 0 if before is None else before,
            "limit": limit,
        }

        def read(db: Database) -> tuple[CaseGlance, ...]:
            found = find_cases(
                db,
                "(:communities = '' OR c.community_key IN"
                " (SELECT value FROM json_each(:communities)))"
                " AND c.state IN (SELECT value FROM json_each(:states))"
                " AND (:before = 0 OR c.number < :before)"
                " AND NOT EXISTS (SELECT 1 FROM case_message m"
                " WHERE m.number = c.number AND m.author_id = :person"
                " AND m.channel_key LIKE :platform || ':%')"
                " ORDER BY c.number DESC LIMIT :limit",
                values,
            )
            return tuple(_glance(db, case) for case in found)

        return await self._store.read(read)


class DeskPeople:
    """Looks for people who talked in a community, and for nothing that they said."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(
        self, platform: str, community_id: str, text: str, *, limit: int
    ) -> tuple[Talker, ...]:
        """Return who has an id, or a text in their name, latest first; "": anybody.

        Who wrote only in private is not among them.
        """
        scope = Scope(platform, community_id, "", None, None)
        begin = "|".join(scope.key.split("|")[:2])
        values = {
            "begin": f"{begin}|",
            "end": f"{begin}}}",  # the sign behind "|": an index finds what is between
            "text": text,
            "limit": limit,
        }

        def read(db: Database) -> tuple[Talker, ...]:
            rows = db.execute(
                "SELECT author_id, author_name, max(id), created_utc FROM turn"
                " WHERE scope >= :begin AND scope < :end AND scope LIKE '%|-'"
                " AND role = 'user'"
                " AND author_id != '' AND (:text = '' OR author_id = :text"
                " OR instr(lower(author_name), lower(:text)))"
                " GROUP BY author_id ORDER BY max(id) DESC LIMIT :limit",
                values,
            ).fetchall()
            return tuple(
                Talker(row[0], row[1] or row[0], from_utc_column(row[3]))
                for row in rows
            )

        return await self._store.read(read)


def _glance(db: Database, case: Case) -> CaseGlance:
    row = db.execute(
        "SELECT author_name, text FROM case_message WHERE number = ?"
        " ORDER BY at_utc DESC, message_id DESC LIMIT 1",
        (case.number,),
    ).fetchone()
    return CaseGlance(case) if row is None else CaseGlance(case, row[0], row[1])
