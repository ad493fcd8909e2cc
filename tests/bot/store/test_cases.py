"""Cases in the store: opened once, forgotten in time, also from older stores."""

import asyncio
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sqlite_utils import Database

from bot.cases import By, CaseKind, CaseMessage, Move, Outcome
from bot.clock import FakeClock
from bot.messages import Author, Channel
from bot.store.case_intake import MAX_MESSAGES, CaseIntake
from bot.store.case_people import CasePeople
from bot.store.cases import CaseRepository
from bot.store.migrations import MIGRATIONS
from bot.store.retention import Retention
from bot.store.store import Store

GENERAL = Channel("fake", "general", "village")
VILLAGE = "community:fake:village"
MO = By("fake:mo", "Mo")
FOLD = timedelta(minutes=2)


def said(name: str = "7", author: str = "cy") -> CaseMessage:
    return CaseMessage(GENERAL.key, name, author, author.title(), "buy my stuff")


async def test_message_that_all_report_at_once_is_one_case(store: Store) -> None:
    intake = CaseIntake(store)
    people = [Author(f"p{number}", f"P{number}") for number in range(50)]
    kept = await asyncio.gather(
        *(intake.report(said(), GENERAL, who, reason="") for who in [*people, *people])
    )
    opened = [one for one in kept if one is not None]
    assert len(opened) == 50
    assert sum(is_new for _, is_new in opened) == 1
    case = await CaseRepository(store).get(1)
    assert case is not None
    assert (case.num_messages, case.num_voices) == (1, 50)


async def test_what_comes_too_late_or_too_much_is_another_case(
    store: Store, clock: FakeClock
) -> None:
    intake = CaseIntake(store)
    first = await intake.notice(said("1"), VILLAGE, within=FOLD)
    elsewhere = await intake.notice(said("2"), "community:fake:town", within=FOLD)
    assert elsewhere.number != first.number
    await clock.advance(119)
    same = await intake.notice(said("3", "bo"), VILLAGE, within=FOLD)
    assert (same.number, same.num_messages, same.num_people) == (first.number, 2, 2)
    await clock.advance(121)
    late = await intake.notice(said("4"), VILLAGE, within=FOLD)
    assert late.number not in {first.number, elsewhere.number}
    for number in range(MAX_MESSAGES):
        last = await intake.notice(said(f"m{number}"), VILLAGE, within=FOLD)
    assert (last.number, last.num_messages) == (late.number + 1, 1)


async def test_cases_are_forgotten_words_first(store: Store, clock: FakeClock) -> None:
    intake, cases, people = CaseIntake(store), CaseRepository(store), CasePeople(store)
    ada = Author("ada", "Ada")
    await intake.report(said(), GENERAL, ada, reason="spam")
    case = await cases.move(1, Move.CLOSE, MO, outcome=Outcome.ACTED)
    await cases.note(1, "note", "as always", MO)
    await people.warn(case, "fake", Author("cy", "Cy"), "Do not.", MO)
    retention = Retention(store, keep_texts_days=7, keep_records_days=90, clock=clock)

    await clock.advance(8 * 86_400)
    await retention.forget()
    assert [one.text for one in await cases.messages(1)] == [""]
    assert [one.number for one in await people.cases_of("fake", "ada", limit=9)] == [1]
    assert (await people.history(VILLAGE, "cy")).warnings == 1

    await clock.advance(90 * 86_400)
    await retention.forget()
    assert await cases.get(1) is None
    assert await cases.notes(1) == ()
    assert await cases.messages(1) == ()
    assert await people.cases_of("fake", "ada", limit=9) == ()
    assert (await people.history(VILLAGE, "cy")).warnings == 0
    again = await intake.report(said(), GENERAL, ada, reason="")
    assert again is not None
    assert again[0].number == 2  # no number is given twice


def test_appeal_that_nobody_has_decided_gets_its_case(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "old.sqlite3")) as db:
        MIGRATIONS.apply(db, stop_before="m023_cases")
        for number, state in ((1, "granted"), (2, "open")):
            db.execute(
                "INSERT INTO judgement VALUES (?, 's', 'fake:general', ?, '5', 'ada',"
                " 'Ada', 'input', 'block', 'hate', 0.9, 'guard', '', 1, '{}', '[]',"
                " 'words', '2026')",
                (number, VILLAGE),
            )
            db.execute(
                "INSERT INTO appeal VALUES (?, ?, 'fake:general', 'ada', 'Ada', ?, '',"
                " '2026', NULL)",
                (number, number, state),
            )
        MIGRATIONS.apply(db)
        cases = db.execute("SELECT kind, state, community_key FROM moderation_case")
        assert cases.fetchall() == [(CaseKind.APPEAL, "open", VILLAGE)]
        rows = db.execute("SELECT case_number, is_told FROM appeal ORDER BY id")
        assert rows.fetchall() == [(None, 1), (1, 0)]
        about = db.execute("SELECT author_id, text, judgement_id FROM case_message")
        assert about.fetchall() == [("ada", "words", 2)]
