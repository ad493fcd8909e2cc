import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from bot.clock import FakeClock
from bot.errors import StoreError, StoreTooNewError
from bot.store.backups import backups_of
from bot.store.migrations import (
    MIGRATIONS,
    m001_conversation,
    m002_judgement,
    m003_posts,
    m004_rooms,
    m005_safety,
    m006_answers,
    m007_review,
    m008_sources,
    m009_schedules,
    m010_publishing,
    m011_stories,
    m012_after,
    m013_pictures,
    m014_feedback,
    m015_moved,
    m016_material,
    m017_audit,
    m018_stickers,
    m019_people,
    m020_members,
    m021_memory,
    m022_links,
    m023_cases,
    m024_desk,
    m025_sealing,
    m026_faces,
    m027_drawn,
)
from bot.store.opening import APPLICATION_ID
from bot.store.store import Store

STEPS = (
    m001_conversation,
    m002_judgement,
    m003_posts,
    m004_rooms,
    m005_safety,
    m006_answers,
    m007_review,
    m008_sources,
    m009_schedules,
    m010_publishing,
    m011_stories,
    m012_after,
    m013_pictures,
    m014_feedback,
    m015_moved,
    m016_material,
    m017_audit,
    m018_stickers,
    m019_people,
    m020_members,
    m021_memory,
    m022_links,
    m023_cases,
    m024_desk,
    m025_sealing,
    m026_faces,
    m027_drawn,
)

SCHEMA = {
    "turn": "id scope role text message_id reply_to_id author_id author_name"
    " created_utc",
    "turn_message": "scope message_id turn_id",
    "seen_message": "platform channel_key message_id seen_utc",
    "trace": "id request_id scope message_id model persona seed prompt_tokens"
    " completion_tokens waited_ms first_piece_ms duration_ms finish_reason error_id"
    " created_utc",
    "setting": "key name value updated_utc",
    "secret": "name value created_utc",
    "password": "name hash updated_utc",
    "start": "number started_utc",
    "schedule": "id kind channels_json topics_json cron every_minutes at_utc timezone"
    " at_first_start grace_minutes persona language is_enabled source config_hash"
    " created_utc approvals review_minutes topic_source feeds_json folder"
    " quiet_hours in_quiet_hours until_date jitter_minutes misfire community tags_json"
    " discuss mention_role",
    "feed": "url etag last_modified last_checked_utc next_check_utc failures error",
    "feed_entry": "feed_url entry_id title url summary author feed_title published_utc"
    " first_seen_utc last_seen_utc used_utc",
    "suggestion": "number community_key text text_key platform person_id person_name"
    " is_moderator state created_utc settled_utc",
    "suggestion_vote": "number platform person_id created_utc",
    "post_material": "post_id material links_json items_json",
    "schedule_run": "schedule_id due_utc state reason post_id updated_utc",
    "post": "id schedule_id kind topic language persona status created_utc"
    " updated_utc title body summary poll_json sources_json scene",
    "post_transition": "id post_id from_status to_status actor reason at_utc",
    "delivery": "id post_id channel_key nonce state attempts message_id error"
    " next_attempt_utc updated_utc message_ids_json poll_message_id poll_id thread_id"
    " picture_message_id",
    "delivery_message": "place_key message_id delivery_id",
    "delivery_change": "id delivery_id kind actor nonce state attempts error"
    " next_attempt_utc created_utc updated_utc",
    "room_message": "number id room author_id author_name text created_utc is_bot"
    " reply_to_id audience_id buttons_json is_edited nonce post_id poll_json",
    "room_reaction": "message_id person_id emoji",
    "room_vote": "message_id person_id answer",
    "post_reaction": "post_id channel_key person_hash emoji at_utc",
    "post_vote": "post_id channel_key person_hash answers_json at_utc",
    "post_reply": "post_id channel_key person_hash message_hash at_utc",
    "post_total": "post_id channel_key what message_id name num",
    "room_file": "id message_id name media_type content description",
    "visitor": "id name name_key language seen_utc",
    "seat": "session_key expires_utc",
    "desk_visit": "key is_begun person_id person_name role place_json seen_utc"
    " expires_utc",
    "judgement": "id scope channel_key community_key message_id author_id author_name"
    " stage action category score filter reason has_acted scores_json verdicts_json"
    " text created_utc",
    "review": "post_id round communities_json approvals expires_utc ask_utc",
    "review_press": "id post_id round person_id person_name action note at_utc",
    "rating": "scope question_id platform person_id is_good created_utc",
    "report": "id channel_key community_key message_id platform person_id person_name"
    " reason created_utc case_number is_told",
    "correction": "judgement_id category is_harmful stage text by_id created_utc"
    " platform author_id",
    "appeal": "id judgement_id channel_key person_id person_name state decided_by"
    " created_utc decided_utc case_number is_told",
    "moderation_case": "number kind state community_key owner_id owner_name outcome"
    " cards_json created_utc updated_utc",
    "case_message": "number channel_key message_id author_id author_name text link"
    " judgement_id at_utc",
    "case_note": "id number what by_id by_name text at_utc",
    "warning": "id case_number community_key platform person_id person_name by_id"
    " by_name text at_utc",
    "watch_count": "channel_key day what num",
    "story_part": "post_id schedule_id title plan characters_json plot_json last_lines"
    " part has_ended updated_utc",
    "lesson_step": "id post_id schedule_id word meaning is_new was_known at_utc",
    "post_picture": "post_id number content media_type alt title prompt model seed"
    " is_cover made_utc",
    "slot_move": "schedule_id slot_utc to_utc by_name moved_utc",
    "post_hold": "post_id until_utc",
    "drawn_sheet": "number id place_hash person_hash purpose prompt model taken"
    " made_utc took_ms steps judgement_id",
    "drawn_picture": "sheet_id number content seed judgement_id",
    "drawn_message": "message_id sheet_id number side_px",
    "drawn_vote": "sheet_id person_hash number",
    "persona_avatar": "community persona prompt content model seed made_utc",
    "audit": "number at_utc actor actor_name community what subject facts_json"
    " prev_hash hash",
    "ban": "place platform person_id kind person_name until_utc reason by_id by_name"
    " by_owner created_utc told_utc appealed_utc",
    "person_note": "number community platform person_id text author_id author_name"
    " created_utc",
    "usage_day": "day community person requests seconds",
    "memory": "number place platform person_id text created_utc updated_utc",
    "memory_use": "scope message_id number created_utc",
    "linked_account": "id platform person_id person_name channel_id link linked_utc",
    "link_code": "platform person_id person_name channel_id code_hash expires_utc"
    " taken_platform taken_id",
    "link_try": "id platform person_id at_utc",
    "picture_hash": "community hash further_hashes note added_by created_utc",
    "seal_key": "id proof first_used_utc is_clean",
}


def newer() -> Migrations:
    """Return the migrations of a version to come."""
    migrations = Migrations("hearthbot")
    for step in STEPS:
        migrations()(step)

    @migrations()
    def m999_to_come(db: Database) -> None:
        db.execute("CREATE TABLE to_come (id INTEGER PRIMARY KEY)")

    return migrations


def failing() -> Migrations:
    """Return migrations of which the last fails half-way."""
    migrations = newer()

    @migrations(name="m1000_fails")
    def fails(db: Database) -> None:
        db.execute("DROP TABLE seen_message")
        db.execute("INSERT INTO nowhere VALUES (1)")

    return migrations


def make_old(path: Path, num_steps: int) -> None:
    """Make the store that a version with so many steps would have left."""
    old = Migrations("hearthbot")
    for step in STEPS[:num_steps]:
        old()(step)
    with closing(Database(path)) as db:
        db.enable_wal()
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        old.apply(db)
        db.execute(
            "INSERT INTO turn (scope, role, text, message_id, author_id, author_name,"
            " created_utc) VALUES ('s', 'user', 'old words', '1', 'a', 'Ann', '2026')"
        )


def content(path: Path) -> bytes:
    return path.read_bytes()


def schema(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
        ).fetchall()


def old_words(path: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT text FROM turn").fetchall()


async def test_failing_migration_leaves_the_old_store(
    path: Path, clock: FakeClock
) -> None:
    make_old(path, len(STEPS))
    before = schema(path)
    with pytest.raises(StoreError, match="could not be upgraded") as caught:
        async with Store.open(path, backups=1, clock=clock, migrations=failing()):
            pass
    (backup,) = backups_of(path)
    assert f"a copy is in {backup}." in str(caught.value)
    assert schema(path) == before == schema(backup)
    assert old_words(path) == [("old words",)]
    async with Store.open(path, backups=1, clock=clock):
        pass


async def test_failing_migration_of_a_new_store_says_so(
    path: Path, clock: FakeClock
) -> None:
    with pytest.raises(StoreError, match="no such table: nowhere"):
        async with Store.open(path, backups=1, clock=clock, migrations=failing()):
            pass
    assert schema(path) == []
    async with Store.open(path, backups=1, clock=clock):
        pass


async def test_newer_store_is_refused_and_left_alone(
    path: Path, clock: FakeClock
) -> None:
    async with Store.open(path, backups=1, clock=clock, migrations=newer()):
        pass
    before = content(path)
    with pytest.raises(StoreTooNewError) as caught:
        async with Store.open(path, backups=1, clock=clock):
            pass
    assert str(caught.value) == (
        f"The database {path} was written by a newer Hearthbot (version "
        f"{len(STEPS) + 1} of the tables; this one knows {len(STEPS)}). "
        "Install the newer one again, or choose another [store] path in config.toml."
    )
    assert content(path) == before


async def test_newer_store_with_a_backup_names_it(path: Path, clock: FakeClock) -> None:
    make_old(path, len(STEPS))
    async with Store.open(path, backups=1, clock=clock, migrations=newer()):
        pass
    (backup,) = backups_of(path)
    with pytest.raises(StoreTooNewError, match="a copy of the backup") as caught:
        async with Store.open(path, backups=1, clock=clock):
            pass
    assert str(backup) in str(caught.value)


async def test_blank_store_gets_all_tables(path: Path, clock: FakeClock) -> None:
    async with Store.open(path, backups=1, clock=clock):
        pass
    with closing(Database(path)) as db:
        found = {
            table.name: " ".join(column.name for column in table.columns)
            for table in db.tables
            if not table.name.startswith(("_sqlite_", "sqlite_"))
        }
    assert found == SCHEMA
    assert backups_of(path) == ()


@pytest.mark.parametrize("num_steps", range(1, len(STEPS)))
async def test_older_store_is_upgraded_after_a_copy(
    path: Path, tmp_path: Path, clock: FakeClock, num_steps: int
) -> None:
    make_old(path, num_steps)
    old_schema = schema(path)
    async with Store.open(path, backups=1, clock=clock):
        pass
    blank = tmp_path / "blank.sqlite3"
    async with Store.open(blank, backups=1, clock=clock):
        pass
    assert schema(path) == schema(blank)
    assert old_words(path) == [("old words",)]
    (backup,) = backups_of(path)
    assert backup.name == (
        f"{path.name}.v{num_steps}-20260101T000000000000Z.backup.sqlite3"
    )
    assert schema(backup) == old_schema
    assert old_words(backup) == [("old words",)]
    assert backup.stat().st_mode & 0o077 == 0


async def test_store_that_is_up_to_date_is_not_copied(
    path: Path, clock: FakeClock
) -> None:
    for _ in range(2):
        async with Store.open(path, backups=1, clock=clock):
            pass
    assert backups_of(path) == ()


async def test_only_the_newest_backups_stay(path: Path, clock: FakeClock) -> None:
    for day in (3, 1, 2):
        path.with_name(
            f"{path.name}.v1-202501{day:02}T000000000000Z.backup.sqlite3"
        ).touch()
    stranger = path.with_name(f"other{path.name}.v1-x.backup.sqlite3")
    stranger.touch()
    make_old(path, 1)
    async with Store.open(path, backups=2, clock=clock):
        pass
    assert [backup.name.split("-")[1][:8] for backup in backups_of(path)] == [
        "20250103",
        "20260101",
    ]
    assert stranger.exists()


async def test_copy_cut_short_is_no_backup_and_is_made_again(
    path: Path, clock: FakeClock
) -> None:
    make_old(path, 1)
    unfinished = path.with_name(f"{path.name}.v1-20260101T000000000000Z.backup.part")
    unfinished.write_bytes(b"half")
    async with Store.open(path, backups=1, clock=clock):
        pass
    (backup,) = backups_of(path)
    assert old_words(backup) == [("old words",)]
    assert not unfinished.exists()


def test_steps_are_numbered_in_order() -> None:
    with closing(Database(memory=True)) as db:
        names = [step.name for step in MIGRATIONS.pending(db)]
    assert [int(name[1:4]) for name in names] == list(range(1, len(names) + 1))
    assert names == [step.__name__ for step in STEPS]
