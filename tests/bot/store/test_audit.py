import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.clock import FakeClock
from bot.errors import StoreError
from bot.messages import Author, Channel
from bot.safety.filter import Judgement, Subject
from bot.safety.verdict import Action, Stage, Verdict
from bot.store.audit import AuditEntry, AuditRepository, Checked, Fault, Flaw
from bot.store.audit_chain import COLUMNS, Chain, append_audit
from bot.store.judgements import JudgementRepository
from bot.store.migrations import m002_judgement
from bot.store.migrations_audit import m017_audit
from bot.store.posts import PostRepository, StoredPost
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from tests.stores import new_store

NUM_ROWS = 6
TRIGGERS = ("audit_is_not_changed", "audit_is_not_deleted", "audit_grows_at_its_end")


@pytest.fixture
def audit(store: Store) -> AuditRepository:
    return AuditRepository(store)


async def fill(audit: AuditRepository, num_rows: int = NUM_ROWS) -> None:
    for number in range(num_rows):
        await audit.add(
            AuditEntry(
                "command.done", f"/talk {number}", "web:1", "Ann", facts={"n": number}
            )
        )


def tamper(path: Path, *statements: tuple[str, tuple[object, ...]]) -> None:
    """Change the file as somebody would who knows SQL, with the triggers gone."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for name in TRIGGERS:
            connection.execute(f"DROP TRIGGER {name}")
        for sql, values in statements:
            connection.execute(sql, values)


async def checked(path: Path) -> Checked:
    async with new_store(path, clock=FakeClock()) as store:
        return await AuditRepository(store).verify()


def chain() -> Database:
    """Return a database with a chain and nothing that guards it."""
    db = Database(memory=True)
    m002_judgement(db)
    m017_audit(db)
    for name in TRIGGERS:
        db.execute(f"DROP TRIGGER {name}")
    for number in range(NUM_ROWS):
        entry = AuditEntry("command.done", f"/talk {number}", "web:1", "Ann", "c")
        append_audit(db, entry, FakeClock().now_utc())
    return db


def flaw_of(db: Database) -> Flaw | None:
    """Check a chain in small steps."""
    checking = Chain()
    while True:
        found = checking.step(db, 2)
        if isinstance(found, Flaw):
            return found
        if not found:
            return None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET subject = 'other'",
        "DELETE FROM audit WHERE number = 2",
        "INSERT OR REPLACE INTO audit SELECT 2, at_utc, 'x', actor_name, community,"
        " what, subject, facts_json, prev_hash, hash FROM audit WHERE number = 2",
    ],
)
async def test_row_cannot_be_changed_or_deleted(
    store: Store, audit: AuditRepository, sql: str
) -> None:
    await fill(audit)
    with pytest.raises(StoreError, match="only added to"):
        await store.write(lambda db: db.execute(sql))
    assert await audit.verify() == Checked(NUM_ROWS, None)


async def test_empty_audit_is_whole(audit: AuditRepository) -> None:
    assert await audit.verify() == Checked(0, None)
    assert await audit.latest(5) == ()
    assert await audit.export() == b""


@settings(deadline=None)
@given(
    number=st.integers(1, NUM_ROWS),
    column=st.sampled_from(COLUMNS[1:]),
    value=st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=70),
        st.binary(max_size=5),
    ),
)
def test_cell_that_was_changed_is_found(
    number: int, column: str, value: str | bytes
) -> None:
    with closing(chain()) as db:
        assert flaw_of(db) is None
        sql = f"SELECT {column} FROM audit WHERE number = ?"  # noqa: S608
        assume(db.execute(sql, (number,)).fetchone()[0] != value)
        sql = f"UPDATE audit SET {column} = ? WHERE number = ?"  # noqa: S608
        db.execute(sql, (value, number))
        flaw = flaw_of(db)
        assert flaw is not None
        assert flaw.number == number


def test_cell_that_is_no_text_any_more_is_found() -> None:
    with closing(chain()) as db:
        db.execute("UPDATE audit SET actor = CAST(x'ff' AS TEXT) WHERE number = 3")
        assert flaw_of(db) == Flaw(3, Fault.CHANGED)


@pytest.mark.parametrize("number", range(1, NUM_ROWS + 1))
@pytest.mark.parametrize("relation", ["=", ">="])
def test_row_that_was_deleted_is_missed(number: int, relation: str) -> None:
    with closing(chain()) as db:
        sql = f"DELETE FROM audit WHERE number {relation} ?"  # noqa: S608
        db.execute(sql, (number,))
        assert flaw_of(db) == Flaw(number, Fault.MISSING)


@settings(deadline=None)
@given(numbers=st.lists(st.integers(1, NUM_ROWS), min_size=2, max_size=2, unique=True))
def test_rows_that_were_swapped_are_found(numbers: list[int]) -> None:
    one, other = sorted(numbers)
    with closing(chain()) as db:
        move = "UPDATE audit SET number = ? WHERE number = ?"
        for values in ((99, one), (one, other), (other, 99)):
            db.execute(move, values)
        assert flaw_of(db) == Flaw(one, Fault.OUT_OF_ORDER)


@pytest.mark.parametrize("number", range(NUM_ROWS + 2))
def test_row_that_was_put_in_is_found(number: int) -> None:
    with closing(chain()) as db:
        if number:
            for old in range(NUM_ROWS, number - 1, -1):
                db.execute(
                    "UPDATE audit SET number = number + 1 WHERE number = ?", [old]
                )
        db.execute(
            "INSERT INTO audit VALUES (:number, '2026', 'web:2', 'Eve', '', 'x', 'y',"
            " '{}', coalesce((SELECT hash FROM audit WHERE number = :number - 1), ''),"
            " 'made up')",
            {"number": number},
        )
        flaw = flaw_of(db)
        assert flaw is not None
        assert flaw.number == number
        append_audit(db, AuditEntry("x", "y"), FakeClock().now_utc())
        assert flaw_of(db) is not None


@pytest.mark.parametrize("taken", ["audit", "audit_end", "audit%"])
async def test_chain_without_its_key_or_its_end_is_not_whole_again(
    path: Path, clock: FakeClock, taken: str
) -> None:
    async with new_store(path, clock=clock) as store:
        await fill(AuditRepository(store))
    tamper(
        path,
        ("DELETE FROM audit WHERE number > 3", ()),
        ("DELETE FROM secret WHERE name LIKE ?", (taken,)),
    )
    assert (await checked(path)).flaw is not None
    async with new_store(path, clock=clock) as store:
        await fill(AuditRepository(store))
    assert (await checked(path)).flaw is not None


async def test_end_that_was_cut_off_is_missed_after_more_was_added(
    path: Path, clock: FakeClock
) -> None:
    async with new_store(path, clock=clock) as store:
        await fill(AuditRepository(store))
    tamper(path, ("DELETE FROM audit WHERE number > 4", ()))
    async with new_store(path, clock=clock) as store:
        await fill(AuditRepository(store))
    assert (await checked(path)).flaw == Flaw(5, Fault.MISSING)


async def test_write_that_fails_leaves_no_row(
    store: Store, audit: AuditRepository
) -> None:
    posts = PostRepository(store)
    post = StoredPost(
        "p1", "article", "herbs", "planned", "en", "hearth",
        store.clock.now_utc(), store.clock.now_utc(),
    )  # fmt: skip
    await posts.create(post, actor="writer")
    with pytest.raises(StoreError):
        await posts.create(post, actor="writer")
    assert not await posts.transition("p1", "approved", "published", actor="Ann")
    assert await posts.transition("p1", "planned", "drafting", actor="Ann")
    rows = await audit.latest(9)
    assert [(row.entry.what, row.entry.actor_name) for row in rows] == [
        ("post.planned", "writer"),
        ("post.drafting", "Ann"),
    ]


async def test_many_who_write_at_once_make_one_chain(
    store: Store, audit: AuditRepository
) -> None:
    async with asyncio.timeout(20):
        await asyncio.gather(
            *(audit.add(AuditEntry("x", str(number))) for number in range(1200)),
            *(audit.verify() for _ in range(3)),
        )
    assert await audit.verify() == Checked(1200, None)
    assert len((await audit.export()).splitlines()) == 1200


async def test_verdict_that_acted_is_kept_without_whose_it_was(
    store: Store, audit: AuditRepository
) -> None:
    here = Channel("fake", "den", "guild")
    ann = Author("7", "Ann")
    judgements = JudgementRepository(store)
    subject = Subject("you fool", Stage.INPUT, here, ann)
    for action in Action:
        verdict = Verdict(action, "harassment", 0.9, "guard", "mean")
        judgement = Judgement(verdict, "", (verdict,), verdict, seen="you fool")
        await judgements.add("m1", subject, judgement, author=ann, channel=here)
    rows = await audit.latest(9)
    assert [row.entry.what for row in rows] == ["verdict.redact", "verdict.block"]
    assert rows[1].entry.community == "community:fake:guild"
    exported = (await audit.export()).decode()
    assert "fool" not in exported
    assert "Ann" not in exported


async def test_setting_of_moderators_is_kept_and_a_persons_own_is_not(
    store: Store, audit: AuditRepository
) -> None:
    kept = SettingsRepository(store)
    await kept.set("person:fake:7", "language", "zh")
    await kept.set("fake:den", "persona", "pirate")
    await kept.set("community:fake:guild", "language", "zh")
    assert [row.entry.subject for row in await audit.latest(9)] == [
        "fake:den persona",
        "community:fake:guild language",
    ]
    of_guild = await audit.latest(9, community="community:fake:guild")
    assert [dict(row.entry.facts) for row in of_guild] == [{"to": "zh"}]
