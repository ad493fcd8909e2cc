"""The rows of cases, read."""

import json
import sqlite3

from sqlite_utils import Database

from bot.cases import Case, CaseKind, CaseMessage, CaseNote, CaseState, Outcome, Voice
from bot.errors import UserError
from bot.store.columns import from_utc_column
from bot.words import T

__all__ = [
    "find_case",
    "find_cases",
    "known_case",
    "messages_of",
    "notes_of",
    "voices_of",
]

_CASE = (
    "SELECT c.*,"
    " (SELECT count(*) FROM case_message m WHERE m.number = c.number) AS num_messages,"
    " (SELECT count(DISTINCT m.author_id) FROM case_message m"
    " WHERE m.number = c.number) AS num_people,"
    " (SELECT count(*) FROM report r WHERE r.case_number = c.number)"
    " + (SELECT count(*) FROM appeal a WHERE a.case_number = c.number) AS num_voices"
    " FROM moderation_case c WHERE "
)

_VOICE = (
    "SELECT 'report' AS kind, id, channel_key, person_id, person_name, reason"
    " FROM report WHERE case_number = :number AND (is_told = 0 OR NOT :untold)"
    " UNION ALL"
    " SELECT 'appeal', id, channel_key, person_id, person_name, '' FROM appeal"
    " WHERE case_number = :number AND (is_told = 0 OR NOT :untold) ORDER BY id"
)


def find_cases(
    db: Database, condition: str, values: dict[str, str | int]
) -> tuple[Case, ...]:
    """Return the cases for which a condition on `c` holds; it may end in an order."""
    rows = db.execute(_CASE + condition, values).fetchall()
    return tuple(_case(row) for row in rows)


def find_case(db: Database, number: int) -> Case | None:
    """Return a case by its number, or None."""
    found = find_cases(db, "c.number = :number", {"number": number})
    return found[0] if found else None


def known_case(db: Database, number: int) -> Case:
    """Return a case by its number.

    Raises:
        UserError: there is none.
    """
    case = find_case(db, number)
    if case is None:
        raise UserError(T("There is no case {number}.", number=number))
    return case


def messages_of(db: Database, number: int) -> tuple[CaseMessage, ...]:
    """Return what a case is about, oldest first."""
    rows = db.execute(
        "SELECT * FROM case_message WHERE number = ? ORDER BY at_utc, message_id",
        (number,),
    ).fetchall()
    return tuple(
        CaseMessage(
            channel_key=row["channel_key"],
            message_id=row["message_id"],
            author_id=row["author_id"],
            author_name=row["author_name"],
            text=row["text"],
            link=row["link"],
            judgement_id=row["judgement_id"],
            at_utc=from_utc_column(row["at_utc"]),
        )
        for row in rows
    )


def notes_of(db: Database, number: int) -> tuple[CaseNote, ...]:
    """Return what moderators wrote down and did, oldest first."""
    rows = db.execute(
        "SELECT * FROM case_note WHERE number = ? ORDER BY id", (number,)
    ).fetchall()
    return tuple(
        CaseNote(
            row["what"], row["by_name"], row["text"], from_utc_column(row["at_utc"])
        )
        for row in rows
    )


def voices_of(db: Database, number: int, *, only_untold: bool) -> tuple[Voice, ...]:
    """Return who brought a case up; with `only_untold` those without an answer."""
    rows = db.execute(_VOICE, {"number": number, "untold": only_untold}).fetchall()
    return tuple(
        Voice(
            kind=CaseKind(row["kind"]),
            id=row["id"],
            channel_key=row["channel_key"],
            person_id=row["person_id"],
            person_name=row["person_name"],
            reason=row["reason"],
        )
        for row in rows
    )


def _case(row: sqlite3.Row) -> Case:
    outcome = row["outcome"]
    return Case(
        number=row["number"],
        kind=CaseKind(row["kind"]),
        state=CaseState(row["state"]),
        community_key=row["community_key"],
        created_utc=from_utc_column(row["created_utc"]),
        updated_utc=from_utc_column(row["updated_utc"]),
        owner_id=row["owner_id"],
        owner_name=row["owner_name"],
        outcome=None if outcome is None else Outcome(outcome),
        num_messages=row["num_messages"],
        num_people=row["num_people"],
        num_voices=row["num_voices"],
        cards=tuple((key, name) for key, name in json.loads(row["cards_json"])),
    )
