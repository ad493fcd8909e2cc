"""A store with a key: nothing of what people write can be read in its file."""

import asyncio
import sqlite3
from contextlib import AbstractAsyncContextManager, closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.cases import CaseMessage
from bot.clock import FakeClock
from bot.conversation import Turn
from bot.errors import StoreSealedError
from bot.generation.requests import TurnRole
from bot.messages import Attachment, Author, Button, Channel, Scope
from bot.store.audit import AuditEntry, AuditRepository
from bot.store.case_intake import CaseIntake
from bot.store.copies import copy_store, restore_store
from bot.store.corrections import CorrectionRepository
from bot.store.materials import Material, MaterialRepository, StoredMaterial
from bot.store.own_lessons import OwnLessonRepository, OwnLessons, OwnWord
from bot.store.room_files import RoomFile
from bot.store.rooms import RoomMessage, RoomRepository
from bot.store.seal_sweep import BATCH_ROWS, SealSweep
from bot.store.seal_task import SealTask
from bot.store.sealed_columns import SEALED, primary_key
from bot.store.sealing import MARK, Sealer
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.suggestions import SuggestionRepository
from bot.store.turns import TurnRepository

WORDS = "zwetschgenknoedel"
SCOPE = Scope("web", "home", "general", None, None)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
OTHER_SCOPE = replace(SCOPE, channel_id="other")
CHANNEL = Channel("web", "general", "home")
ANN = Author("1", "Ann")
OLD, NEW, OTHER_KEY = b"o" * 32, b"n" * 32, b"x" * 32
ROOT = Path(__file__).parents[3]
WAIT_S = 30


def opened(
    path: Path, clock: FakeClock, *keys: bytes
) -> AbstractAsyncContextManager[Store]:
    sealer = Sealer(keys) if keys else None
    return Store.open(path, backups=1, clock=clock, sealer=sealer)


def turn(number: int) -> Turn:
    return Turn(SCOPE, TurnRole.USER, f"{WORDS} {number}", f"m{number}", NOW)


def insert(db: Database, table: str, **values: object) -> None:
    """Add a row with some values, and "" in every column that must have one."""
    for column in db.table(table).columns:
        if column.notnull:
            values.setdefault(column.name, "")
    db.table(table).insert(values)


async def say(store: Store, numbers: range, scope: Scope = SCOPE) -> None:
    turns = TurnRepository(store)
    said = [replace(turn(number), scope=scope) for number in numbers]
    await asyncio.gather(*(turns.add(one) for one in said))


async def fill(store: Store) -> None:
    """Say something in every place that is sealed."""
    await say(store, range(30))
    picture = Attachment(f"{WORDS}.png", "image/png", MARK + WORDS.encode())
    file = RoomFile("f", picture.name, "image/png", len(picture.content or b""), WORDS)
    message = RoomMessage(
        *("r1", "general", "p", "Ann", WORDS, NOW),
        buttons=(Button("Again", "/stop 1", "Text?", WORDS),),
        files=(file,),
        is_bot=True,
    )
    await RoomRepository(store).add(message, [picture], nonce="n")
    said = CaseMessage(CHANNEL.key, "m1", "b", "Ben", WORDS)
    opened = await CaseIntake(store).report(said, CHANNEL, ANN, reason=WORDS)
    assert opened is not None
    await SuggestionRepository(store).add(CHANNEL, ANN, WORDS)
    material = StoredMaterial(WORDS, items=(Material(WORDS),))
    await MaterialRepository(store).put("p1", material)
    lessons = OwnLessons(words=(OwnWord(WORDS, WORDS, 1, NOW),))
    own = OwnLessonRepository(SettingsRepository(store))
    await own.put("person:web:1", "de", lessons)
    await SettingsRepository(store).set("discord:buttons", "b1", f"/imagine {WORDS}")
    await AuditRepository(store).add(AuditEntry("command.done", "x"))

    def write(db: Database) -> None:
        at = {"created_utc": "2026-01-01T00:00:00+00:00"}
        judged = {"stage": "input", "text": WORDS, **at}
        keys = {"judgement_id": 1, "category": "hate", "is_harmful": 1, "by_id": "x"}
        insert(db, "correction", **keys, **judged)
        insert(db, "judgement", id=1, score=1, **judged)
        insert(db, "post", id="p1", **at)
        insert(db, "review_press", id=1, post_id="p1", note=WORDS)
        insert(db, "case_note", id=1, number=opened[0].number, text=WORDS)
        for table in ("warning", "person_note", "memory"):
            insert(db, table, text=WORDS)
        insert(db, "drawn_sheet", id="s1", prompt=WORDS)

    await store.write(write)


async def assert_all_there(store: Store) -> None:
    turns = await TurnRepository(store).recent(SCOPE, limit=50)
    assert [one.text for one in turns] == [f"{WORDS} {n}" for n in range(30)]
    rooms = RoomRepository(store)
    message = await rooms.get("r1")
    assert message is not None
    assert message.text == message.buttons[0].prefill == WORDS
    assert message.files[0].size_bytes == len(MARK + WORDS.encode())
    found = await rooms.file("f")
    assert found is not None
    assert found[0].content == MARK + WORDS.encode()
    assert await rooms.add(replace(message, id="r2"), nonce="n") == message
    material = await MaterialRepository(store).get("p1")
    assert (material.material, material.items[0].title) == (WORDS, WORDS)
    own = OwnLessonRepository(SettingsRepository(store))
    assert (await own.get("person:web:1", "de")).words[0].word == WORDS
    settings = SettingsRepository(store)
    assert await settings.all("discord:buttons") == {"b1": f"/imagine {WORDS}"}
    (correction,) = await CorrectionRepository(store).all()
    assert correction.text == WORDS
    (wish,) = await SuggestionRepository(store).open(["community:web:home"], limit=2)
    _, is_new = await SuggestionRepository(store).add(CHANNEL, ANN, f"{WORDS}!")
    assert (wish.text, is_new) == (WORDS, False)
    assert (await AuditRepository(store).verify()).flaw is None
    for table, column in PLAIN.items():
        assert await store.read(partial(first, table=table, column=column)) == WORDS


PLAIN = {
    "report": "reason",
    "judgement": "text",
    "review_press": "note",
    "case_message": "text",
    "case_note": "text",
    "warning": "text",
    "person_note": "text",
    "memory": "text",
    "drawn_sheet": "prompt",
}


def first(db: Database, *, table: str, column: str) -> object:
    """Return what a column of the first row of a table holds."""
    query = f"SELECT {column} FROM {table}"  # noqa: S608 (own names)
    return db.execute(query).fetchone()[0]


async def seal(store: Store) -> SealSweep:
    assert store.sealer is not None
    sweep = SealSweep(store, store.sealer)
    while await sweep.step():
        pass
    await sweep.finish()
    return sweep


def traces(folder: Path, what: bytes) -> list[str]:
    return [file.name for file in folder.iterdir() if what in file.read_bytes()]


def audit_secret(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as db:
        sql = "SELECT value FROM secret WHERE name = 'audit'"
        return bytes(db.execute(sql).fetchone()[0])


async def test_what_is_written_never_lies_open(path: Path, clock: FakeClock) -> None:
    async with opened(path, clock, NEW) as store:
        await fill(store)
        assert traces(path.parent, WORDS.encode()) == []
        await TurnRepository(store).rewrite(SCOPE, "m0", f"{WORDS} 0")
        # More than the page cache of SQLite holds, in one transaction.
        big = Attachment("b", "x/y", WORDS.encode() * 300_000)
        message = RoomMessage("b", "other", "p", "Ann", "", NOW)
        file = RoomFile("b", "b", "x/y", len(big.content or b""))
        await RoomRepository(store).add(replace(message, files=(file,)), [big])
        assert traces(path.parent, WORDS.encode()) == []
        found = await RoomRepository(store).file("b")
        assert found is not None
        assert found[0].content == big.content
        await assert_all_there(store)


async def test_what_lay_open_is_sealed_without_a_trace(
    path: Path, clock: FakeClock
) -> None:
    async with opened(path, clock) as store:
        await fill(store)
        await say(store, range(30, 900))  # pages split and merge: they keep remains
        await store.write(
            lambda db: db.execute("DELETE FROM turn WHERE id > 30").rowcount
        )
    secret = audit_secret(path)
    assert traces(path.parent, WORDS.encode())
    async with opened(path, clock, NEW) as store:
        await assert_all_there(store)  # also before anything is sealed
        assert (await seal(store)).num_sealed > 40
        assert traces(path.parent, WORDS.encode()) == []
        assert traces(path.parent, secret) == []
        await assert_all_there(store)
        assert (await seal(store)).num_sealed == 0


async def test_bot_seals_in_the_background(path: Path, clock: FakeClock) -> None:
    async with opened(path, clock) as store:
        await say(store, range(2 * BATCH_ROWS))
    async with opened(path, clock, NEW) as store, asyncio.timeout(WAIT_S):
        sealing = asyncio.create_task(SealTask(store).run())
        while not sealing.done():
            await clock.advance(1)
            await asyncio.sleep(0)
        assert traces(path.parent, WORDS.encode()) == []


async def test_interrupted_answers_are_closed_though_they_are_sealed(
    path: Path, clock: FakeClock
) -> None:
    async with opened(path, clock, NEW) as store:
        await fill(store)
        rooms = RoomRepository(store)
        assert await rooms.end_interrupted("/other", "No.") == 0
        assert await rooms.end_interrupted("/stop", "I was interrupted.") == 1
        message = await rooms.get("r1")
        assert message is not None
        assert message.text == f"{WORDS}\n\nI was interrupted."
        assert message.buttons == ()
    assert traces(path.parent, b"interrupted") == []


async def test_copies_are_sealed_and_come_back_with_the_key(
    path: Path, clock: FakeClock, tmp_path: Path
) -> None:
    copy = tmp_path / "copies" / "copy.sqlite3"
    async with opened(path, clock, NEW) as store:
        await fill(store)
        await asyncio.to_thread(copy_store, path, copy)
    assert traces(copy.parent, WORDS.encode()) == []
    restore_store(path, copy, now_utc=clock.now_utc())
    with pytest.raises(StoreSealedError):
        async with opened(path, clock):
            pass
    async with opened(path, clock, NEW) as store:
        await assert_all_there(store)


async def test_every_line_of_the_table_names_columns_that_there_are(
    store: Store,
) -> None:
    def read(db: Database) -> None:
        for one in SEALED:
            names = {column.name for column in db.table(one.table).columns}
            assert {*one.key, *one.columns} <= names, one.table
            assert not {*primary_key(db, one)} & {*one.columns}, one.table

    await store.read(read)
