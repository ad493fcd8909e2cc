"""How cases come up: somebody reports or appeals, or filters notice something."""

from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.cases import Case, CaseKind, CaseMessage, CaseState
from bot.messages import Author, Channel
from bot.preferences import community_key
from bot.store.case_rows import find_cases, known_case
from bot.store.columns import storable_text, utc_column
from bot.store.store import Store

__all__ = ["MAX_MESSAGES", "CaseIntake"]

MAX_MESSAGES = 500
"""So many messages of a raid are kept: what comes after those opens the next case."""


class CaseIntake:
    """Opens cases: one for each message that is reported, however many report it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def report(
        self, message: CaseMessage, channel: Channel, person: Author, *, reason: str
    ) -> tuple[Case, bool] | None:
        """Keep that somebody reported a message of a channel.

        Return the case that the message has, and whether it is new; None where the
        person reported it before.
        """
        now_utc = self._store.clock.now_utc()
        community = community_key(channel)
        row = (
            message.channel_key,
            community,
            message.message_id,
            channel.platform,
            person.id,
            person.name,
            storable_text(reason),
            utc_column(now_utc),
        )

        def write(db: Database) -> tuple[Case, bool] | None:
            added = db.execute(
                "INSERT OR IGNORE INTO report (channel_key, community_key, message_id,"
                " platform, person_id, person_name, reason, created_utc, is_told)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
                row,
            )
            if added.rowcount == 0:
                return None
            known = find_cases(
                db,
                "c.kind = 'report' AND c.number IN (SELECT number FROM case_message"
                " WHERE channel_key = :channel AND message_id = :message)",
                {"channel": message.channel_key, "message": message.message_id},
            )
            if known:
                number = known[0].number
            else:
                number = _insert(db, CaseKind.REPORT, community, now_utc)
                _add_message(db, number, message, now_utc)
            db.execute(
                "UPDATE report SET case_number = ? WHERE id = ?",
                (number, added.lastrowid),
            )
            return known_case(db, number), not known

        return await self._store.write(write)

    async def appeal(self, message: CaseMessage, community: str, appeal: int) -> Case:
        """Open the case of an appeal that was just made."""
        now_utc = self._store.clock.now_utc()

        def write(db: Database) -> Case:
            number = _insert(db, CaseKind.APPEAL, community, now_utc)
            _add_message(db, number, message, now_utc)
            db.execute(
                "UPDATE appeal SET case_number = ?, is_told = 0 WHERE id = ?",
                (number, appeal),
            )
            return known_case(db, number)

        return await self._store.write(write)

    async def notice(
        self, message: CaseMessage, community: str, *, within: timedelta
    ) -> Case:
        """Keep a message that filters noticed; return its case.

        It joins the community's latest case of that kind, where that one has grown
        within so long and nobody has taken it up yet.
        """
        now_utc = self._store.clock.now_utc()
        since = utc_column(now_utc - within)

        def write(db: Database) -> Case:
            found = find_cases(
                db,
                "c.kind = 'noticed' AND c.state = 'open' AND c.updated_utc >= :since"
                " AND c.community_key = :community ORDER BY c.number DESC LIMIT 1",
                {"community": community, "since": since},
            )
            if found and found[0].num_messages < MAX_MESSAGES:
                number = found[0].number
                _touch(db, number, now_utc)
            else:
                number = _insert(db, CaseKind.NOTICED, community, now_utc)
            _add_message(db, number, message, now_utc)
            return known_case(db, number)

        return await self._store.write(write)


def _insert(db: Database, kind: CaseKind, community: str, now_utc: datetime) -> int:
    now = utc_column(now_utc)
    inserted = db.execute(
        "INSERT INTO moderation_case (kind, state, community_key, owner_id, owner_name,"
        " cards_json, created_utc, updated_utc) VALUES (?, ?, ?, '', '', '[]', ?, ?)",
        (kind, CaseState.OPEN, community, now, now),
    )
    return int(inserted.lastrowid or 0)


def _touch(db: Database, number: int, now_utc: datetime) -> None:
    db.execute(
        "UPDATE moderation_case SET updated_utc = ? WHERE number = ?",
        (utc_column(now_utc), number),
    )


def _add_message(
    db: Database, number: int, message: CaseMessage, now_utc: datetime
) -> None:
    db.execute(
        "INSERT OR IGNORE INTO case_message (number, channel_key, message_id,"
        " author_id, author_name, text, link, judgement_id, at_utc)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            message.channel_key,
            message.message_id,
            message.author_id,
            message.author_name,
            storable_text(message.text),
            message.link,
            message.judgement_id,
            utc_column(now_utc),
        ),
    )
