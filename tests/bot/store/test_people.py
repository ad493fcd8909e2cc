"""What is kept of a person: all of it is shown, taken and erased; nothing of others."""

import asyncio
import json
import random
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.cases import CaseMessage
from bot.clock import FakeClock
from bot.consent import Consent
from bot.conversation import Turn
from bot.generation.requests import TurnRole
from bot.messages import Attachment, Author, Channel, Scope, scope_of
from bot.preferences import community_key
from bot.publication import Link
from bot.safety.filter import Judgement, Subject
from bot.safety.policy import Category
from bot.safety.verdict import Action, Stage, Verdict
from bot.store.appeals import AppealRepository
from bot.store.audit import AuditRepository
from bot.store.case_intake import CaseIntake
from bot.store.columns import utc_column
from bot.store.corrections import Correction, CorrectionRepository
from bot.store.feedback import FeedbackRepository
from bot.store.judgements import JudgementRepository
from bot.store.materials import Material, MaterialRepository, StoredMaterial
from bot.store.migrations import MIGRATIONS
from bot.store.people import PersonRepository
from bot.store.persons_free import PERSONS_FREE
from bot.store.persons_rows import PERSONS_ROWS
from bot.store.posts import PostRepository, StoredPost
from bot.store.ratings import RatingRepository
from bot.store.room_files import RoomFile
from bot.store.rooms import RoomMessage, RoomRepository
from bot.store.sealing import Sealer
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.suggestions import SuggestionRepository
from bot.store.traces import Trace, TraceRepository
from bot.store.turns import TurnRepository
from bot.store.visitors import VisitorRepository
from tests.stores import new_store

SPLITS = 2  # with these, overwriting alone would leave some
ADA, BOB = Author("ada-7", "Ada Zwicky"), Author("bob-9", "Bob Yarrow")
GROUP = Channel("web", "garden", "home", "garden")
ALONE = Channel("web", "desk", "private:ada-7", is_private=True)


def sentence(word: str, where: str) -> str:
    return f"my {word} is buried below the {where} oak"


class Life:
    """Does with a store what a person and the bot do, each time with a word of it."""

    def __init__(self, store: Store, person: Author, word: str) -> None:
        self.store, self.person, self.word = store, person, word
        self.name = person.id[:1]

    def say(self, where: str) -> str:
        return sentence(self.word, where)

    async def talk(self, channel: Channel) -> Turn:
        turns, now = TurnRepository(self.store), self.store.clock.now_utc()
        scope = scope_of(channel, self.person)
        number = f"{self.person.id}.{channel.id}"
        asked = Turn(
            scope,
            TurnRole.USER,
            self.say(channel.id),
            f"q.{number}",
            now,
            self.person.id,
            self.person.name,
        )
        await turns.add(asked, (f"q2.{number}",))
        await turns.add(
            Turn(
                scope,
                TurnRole.ASSISTANT,
                f"You say: {asked.text}!",
                f"a.{number}",
                now,
                reply_to_id=asked.message_id,
            )
        )
        await TraceRepository(self.store).add(
            Trace("r", scope.key, asked.message_id, "m", "p", now, 7)
        )
        await RatingRepository(self.store).rate(
            scope, asked.message_id, self.person, is_good=True
        )
        return asked

    async def be_judged(self, asked: Turn, channel: Channel) -> None:
        found = Verdict(Action.BLOCK, "insult", 0.9, "guard", "no")
        judgements = JudgementRepository(self.store)
        number = 0
        for stage, text in (
            (Stage.OUTPUT, f"An answer with {asked.text}."),
            (Stage.INPUT, asked.text),
        ):
            number = await judgements.add(
                asked.message_id,
                Subject(text, stage, channel, self.person),
                Judgement(found, "", (found,), found, {"harassment": 0.9}, text),
                author=self.person,
                channel=channel,
            )
        stored = await judgements.get(number)
        assert stored is not None
        await AppealRepository(self.store).open(stored, self.person)
        await CorrectionRepository(self.store).add(
            Correction(
                number,
                Category.HARASSMENT,
                True,
                Stage.INPUT,
                asked.text,
                "web:mo",
                self.store.clock.now_utc(),
            )
        )

    async def take_part(self) -> None:
        store, person = self.store, self.person
        about = CaseMessage(GROUP.key, "somebody's", "x", "Xi", "Ouch")
        await CaseIntake(store).report(about, GROUP, person, reason=self.say("report"))
        suggestion, _ = await SuggestionRepository(store).add(
            GROUP, person, self.say("suggestion")
        )
        await SuggestionRepository(store).vote(GROUP, BOB, suggestion.number)
        await self.be_heeded()
        await Consent(SettingsRepository(store)).set("web", person.id, may=True)
        visitors, now = VisitorRepository(store), store.clock.now_utc()
        await visitors.set_name(
            person.id, person.name, name_key=person.name.lower(), seen_utc=now
        )
        mine = RoomMessage(
            f"m.{self.name}",
            "garden",
            person.id,
            person.name,
            self.say("room"),
            now,
            files=(RoomFile(f"f.{self.name}", self.word, "text/plain", 3),),
        )
        rooms = RoomRepository(store)
        content = Attachment(self.word, "text/plain", self.say("file").encode())
        await rooms.add(mine, (content,))
        await rooms.add(
            RoomMessage(
                f"b.{self.name}",
                "garden",
                "",
                "Hearth",
                f"{self.say('room')} indeed",
                now,
                is_bot=True,
                reply_to_id=mine.id,
            )
        )
        await rooms.feelings.react("post", person.id, "🎉", is_added=True)

    async def be_heeded(self) -> None:
        """Let a post be made of what they suggested."""
        suggestions, now = SuggestionRepository(self.store), self.store.clock.now_utc()
        used, _ = await suggestions.add(GROUP, self.person, self.say("wish"))
        await suggestions.claim(used.number, [community_key(GROUP)])
        post = StoredPost(
            f"wish.{self.name}", "poem", used.text, "published", "en", "", now, now, "T"
        )
        await PostRepository(self.store).create(post, actor="test")

    async def be_quoted(self) -> None:
        """Let a recap be made of what they said, and be told to moderators."""
        store, now = self.store, self.store.clock.now_utc()
        post_id = f"recap.{self.name}"
        said = self.say("garden")
        post = StoredPost(
            post_id,
            "recap",
            "T",
            "published",
            "en",
            "",
            now,
            now,
            "T",
            f"They: {said}.",
        )
        await PostRepository(store).create(post, actor="test")
        await MaterialRepository(store).put(
            post_id,
            StoredMaterial(
                f"Said: {said}",
                (Link("a", "b"),),
                (
                    Material("#garden", text=said, source=self.person.name),
                    Material(
                        "#garden", text="what nobody in here has said", source="C"
                    ),
                ),
            ),
        )
        await RoomRepository(store).add(
            RoomMessage(
                f"card.{self.name}",
                "mods",
                "",
                "H",
                f"Look: {said}",
                now,
                is_bot=True,
            )
        )

    async def have_dealings(self) -> None:
        """Ask to be remembered, vote for a sticker, and be looked at by moderators."""
        person = {"platform": "web", "person_id": self.person.id}
        named = {**person, "person_name": self.person.name}
        digest = await FeedbackRepository(self.store).person_hash("web", self.person.id)
        case = {"channel_key": GROUP.key, "message_id": f"q.{self.name}"}
        said = {"author_id": self.person.id, "author_name": self.person.name}

        def write(db: Database) -> None:
            note = insert(db, "memory", text=self.say("memory"), **person)
            insert(db, "memory_use", scope="s", message_id="m", number=note)
            insert(db, "linked_account", channel_id=self.word, link=self.name, **named)
            insert(db, "link_try", **person)
            insert(db, "person_note", text=self.say("note"), **person)
            insert(db, "usage_day", day="2025-01-01", person=f"web:{self.person.id}")
            number = insert(db, "moderation_case", kind="report")
            text = self.say("case")
            insert(db, "case_message", number=number, text=text, **case, **said)
            insert(db, "case_note", number=number, text=f"Said: {text}", at_utc="9")
            insert(db, "warning", text=self.say("warning"), **named)
            sheet = {"id": self.name, "person_hash": digest}
            insert(db, "drawn_sheet", prompt=self.say("drawing"), **sheet)
            insert(db, "drawn_vote", sheet_id=self.name, person_hash=digest, number=1)
            visit = {"key": self.name, "place_json": PLACE}
            known = {"person_id": self.person.id, "person_name": self.person.name}
            insert(db, "desk_visit", **visit, **known)

        await self.store.write(write)

    async def live(self) -> None:
        for channel in (GROUP, *((ALONE,) if self.person == ADA else ())):
            asked = await self.talk(channel)
            await self.be_judged(asked, channel)
        await self.take_part()
        await self.be_quoted()
        await self.have_dealings()


PLACE = '{"platform": "web"}'


def insert(db: Database, table: str, **values: str | int) -> int:
    """Add a row with some values, and "" in every column that must have one."""
    for column in db[table].columns:
        if column.notnull and (column.type != "INTEGER" or not column.is_pk):
            values.setdefault(column.name, "")
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    query = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
    return int(db.execute(query, [*values.values()]).lastrowid or 0)


@pytest.fixture(params=["open", "sealed"])
async def store(
    path: Path, clock: FakeClock, request: pytest.FixtureRequest
) -> AsyncIterator[Store]:
    sealer = Sealer([b"k" * 32]) if request.param == "sealed" else None
    async with Store.open(path, backups=2, clock=clock, sealer=sealer) as opened:
        yield opened


@pytest.fixture
def people(store: Store) -> PersonRepository:
    return PersonRepository(store)


@pytest.fixture
async def lived(store: Store) -> None:
    now = store.clock.now_utc()
    post = RoomMessage("post", "garden", "", "Hearth", "A post.", now, is_bot=True)
    await RoomRepository(store).add(post)
    await Life(store, ADA, "xylophone").live()
    await Life(store, BOB, "quicksilver").live()


def traces_of(path: Path, *words: str) -> list[str]:
    """Return which words stand in the files of a store, and in which."""
    return [
        f"{word} in {file.name}"
        for file in sorted(path.parent.iterdir())
        for word in words
        if word.encode() in file.read_bytes()
    ]


def test_every_column_that_can_hold_words_is_accounted_for() -> None:
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    known: dict[str, set[str]] = {}
    for rows in PERSONS_ROWS:
        known.setdefault(rows.table, set()).update(rows.covers.split())
    for free in PERSONS_FREE:
        assert free.because
        known.setdefault(free.table, set()).update(free.columns.split())
    there = {
        table: {
            column.name
            for column in db[table].columns
            if column.type not in {"INTEGER", "REAL"} or column.name in known[table]
        }
        for table in db.table_names()
        if not table.startswith(("sqlite_", "_sqlite_"))
    }
    assert known == there


async def test_nothing_is_kept_of_a_stranger(people: PersonRepository) -> None:
    kept = await people.kept("web", "nobody")
    assert not any(kept.rows.values())
    exported = json.loads(await people.export("web", "nobody"))
    assert not any(exported["kept"].values())
    assert (await people.forget("web", "nobody")).num_rows == 0


@pytest.mark.usefixtures("lived")
async def test_the_same_id_on_another_platform_is_somebody_else(
    people: PersonRepository, path: Path
) -> None:
    assert (await people.forget("discord", ADA.id)).num_rows == 0
    assert (await people.forget("we_", ADA.id)).num_rows == 0
    assert sum((await people.kept("web", ADA.id)).rows.values()) > 15


@pytest.mark.usefixtures("lived")
async def test_an_export_has_all_of_a_person_and_no_word_of_others(
    people: PersonRepository,
) -> None:
    content = await people.export("web", ADA.id)
    exported = json.loads(content)
    assert (exported["format"], exported["version"]) == ("hearthbot-person", 1)
    kept = exported["kept"]
    empty = {name for name, rows in kept.items() if not rows}
    assert empty == {
        "bans",
        *("examples_chosen", "votes_below_posts", "replies_below_posts"),
        *("reactions_below_posts", "room_votes", "decisions_on_posts"),
    }
    said = json.dumps(kept)
    for where in (
        *("garden", "desk", "report", "suggestion", "room"),
        *("memory", "drawing", "case", "warning"),
    ):
        assert sentence("xylophone", where) in said
    assert sentence("xylophone", "note") not in said  # moderators' words
    assert not re.search("quicksilver|bob-9|Yarrow", said)
    assert {row["text"] for row in kept["verdicts"]} == {
        "",
        sentence("xylophone", "garden"),
        sentence("xylophone", "desk"),
        f"An answer with {sentence('xylophone', 'desk')}.",
    }


@pytest.mark.usefixtures("lived")
async def test_what_is_forgotten_is_in_no_file_any_more(
    people: PersonRepository, store: Store, path: Path
) -> None:
    assert traces_of(path, "xylophone", "Zwicky", "ada-7")
    done = await people.forget("web", ADA.id)
    assert done.is_clean
    assert done.num_rows > 15
    assert traces_of(path, "xylophone", "XYLOPHONE", "Zwicky", "ada-7") == []
    kept = await people.kept("web", ADA.id)
    assert not any(kept.rows.values())
    (row,) = await AuditRepository(store).latest(1)
    assert row.entry.what == "person.forgotten"
    assert "ada" not in f"{row.entry}"


@pytest.mark.usefixtures("lived")
async def test_forgetting_one_leaves_what_is_the_other_ones(
    people: PersonRepository, store: Store
) -> None:
    def whole(content: bytes) -> Any:
        return json.loads(content)["kept"]

    before = whole(await people.export("web", BOB.id))
    await people.forget("web", ADA.id)
    assert whole(await people.export("web", BOB.id)) == before
    material = await MaterialRepository(store).get("recap.a")
    assert "what nobody in here has said" in {one.text for one in material.items}


async def test_a_split_page_keeps_no_copy_of_a_row(
    people: PersonRepository, store: Store, path: Path
) -> None:
    # Pages that are split and merged keep copies of rows in their gaps.
    chance = random.Random(SPLITS)  # noqa: S311
    scope, now = scope_of(GROUP, ADA).key, utc_column(store.clock.now_utc())

    def fill(db: Database) -> None:
        for number in range(600):
            who, word = chance.choice(((ADA, "xylophone"), (BOB, "quicksilver")))
            text = f"{word} " * chance.choice((1, 3, 10, 60, 200, 600))
            db.execute(
                "INSERT INTO turn (scope, role, text, message_id, author_id,"
                " author_name, created_utc) VALUES (?, 'user', ?, ?, ?, '', ?)",
                (scope, text, f"{number}", who.id, now),
            )
            for sql in (
                "UPDATE turn SET text = substr(opened(text), 1, 500) || opened(text)"
                " WHERE id = ?",
                "UPDATE turn SET text = substr(opened(text), 1, 30) WHERE id = ?",
            ):
                db.execute(sql, (chance.randint(1, number + 1),))

    await store.write(fill)
    kept = (await people.kept("web", BOB.id)).rows["messages"]
    await people.forget("web", ADA.id)
    assert traces_of(path, "xylophone") == []
    assert (await people.kept("web", BOB.id)).rows["messages"] == kept


@pytest.mark.usefixtures("lived")
async def test_who_reads_meanwhile_only_puts_the_cleaning_off(
    people: PersonRepository, store: Store, path: Path
) -> None:
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def linger(db: Database) -> int:
        db.execute("SELECT count(*) FROM turn").fetchone()
        loop.call_soon_threadsafe(begun.set)
        return sum(1 for _ in db.execute("SELECT 1 FROM turn"))

    async with asyncio.timeout(20):
        reading = asyncio.create_task(store.read(linger))
        await begun.wait()
        done = await people.forget("web", ADA.id)
        await reading
    assert done.is_clean
    assert traces_of(path, "xylophone") == []


WORDS = st.text("abcdefgh äß漢字🙂\"'|%[{", min_size=1, max_size=40)
SAID = st.lists(
    st.tuples(st.sampled_from("AB"), st.booleans(), WORDS), min_size=1, max_size=8
)


@given(SAID)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_whatever_two_people_say_each_has_their_own(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, bool, str]]
) -> None:
    path = tmp_path_factory.mktemp("said") / "store.sqlite3"
    async with new_store(path, clock=FakeClock()) as store:
        turns, people = TurnRepository(store), PersonRepository(store)
        own: dict[str, list[str]] = {"A": [], "B": []}
        for number, (who, is_alone, word) in enumerate(said):
            scope = Scope("web", "c", "x|=A", None, who if is_alone else None)
            text, id_ = f"<{who}> {word}", f"{number}"
            own[who].append(text)
            now = store.clock.now_utc()
            asked = Turn(scope, TurnRole.USER, text, id_, now, who, who)
            await turns.add(asked)
            answer = Turn(scope, TurnRole.ASSISTANT, text, f"a{id_}", now, "", "", id_)
            await turns.add(answer)
        exported = {
            who: json.loads(await people.export("web", who))["kept"] for who in "AB"
        }
        for who, kept in exported.items():
            assert [row["text"] for row in kept["messages"]] == own[who]
            other = "<B>" if who == "A" else "<A>"
            assert other not in json.dumps(kept)
        await people.forget("web", "A")
        kept = json.loads(await people.export("web", "B"))["kept"]
        assert kept == exported["B"]
        assert not any((await people.kept("web", "A")).rows.values())


async def test_who_is_forgotten_gets_round_no_ban_and_to_no_new_share_of_the_day(
    people: PersonRepository, store: Store
) -> None:
    today = utc_column(store.clock.now_utc())[:10]

    def banned(db: Database) -> None:
        named = {"platform": "web", "person_id": ADA.id, "person_name": ADA.name}
        insert(db, "ban", kind="ban", reason="shouting", **named)
        insert(db, "usage_day", day=today, person=f"web:{ADA.id}", requests=7)

    await store.write(banned)
    await people.forget("web", ADA.id)

    def read(db: Database) -> tuple[object, ...]:
        ban = db.execute("SELECT person_id, person_name, reason FROM ban").fetchone()
        return (*ban, db.execute("SELECT requests FROM usage_day").fetchone()[0])

    assert await store.read(read) == (ADA.id, "", "", 7)
