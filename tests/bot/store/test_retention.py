"""What goes after its time, and what stays."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import FakeClock
from bot.conversation import Turn
from bot.generation.requests import TurnRole
from bot.messages import Author, Channel, scope_of
from bot.preferences import community_key
from bot.publication import Link
from bot.store.copies import copies_folder
from bot.store.copies_age import dated_copies, drop_old_copies
from bot.store.materials import Material, MaterialRepository, StoredMaterial
from bot.store.posts import PostRepository, StoredPost
from bot.store.ratings import RatingRepository
from bot.store.retention import Retention
from bot.store.retention_days import Keep
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.suggestions import SuggestionRepository
from bot.store.turns import TurnRepository

HERE = Channel("fake", "general", "home")
ANN, BOB = Author("1", "Ann"), Author("2", "Bob")
TALK = StoredMaterial(
    "quoted", (Link("a", "b"),), (Material("#garden", text="So hot.", source="Ann"),)
)


@pytest.fixture
def retention(store: Store, clock: FakeClock) -> Retention:
    return Retention(store, keep_texts_days=7, keep_records_days=90, clock=clock)


async def test_suggestion_goes_after_it_was_decided_and_an_open_one_much_later(
    store: Store, clock: FakeClock, retention: Retention
) -> None:
    suggestions = SuggestionRepository(store)
    refused, _ = await suggestions.add(HERE, ANN, "Ants")
    waiting, _ = await suggestions.add(HERE, ANN, "Bees")
    await suggestions.vote(HERE, BOB, waiting.number)
    await suggestions.refuse(HERE, refused.number)
    await clock.advance(89 * 86400)
    assert await retention.forget() == 0
    await clock.advance(2 * 86400)
    assert await retention.forget() == 1
    assert await suggestions.count_open(HERE, ANN) == 1
    await clock.advance(275 * 86400)
    assert await retention.forget() == 1
    assert await suggestions.count_open(HERE, ANN) == 0


@pytest.mark.parametrize(
    ("status", "is_kept"),
    [
        ("planned", True),
        ("pending_review", True),
        ("publishing", True),
        ("published", False),
        ("rejected", False),
        ("failed", False),
    ],
)
async def test_what_was_said_goes_when_the_post_about_it_has_ended(
    store: Store, clock: FakeClock, retention: Retention, status: str, is_kept: bool
) -> None:
    now_utc = clock.now_utc()
    post = StoredPost("p", "recap", "T", status, "en", "", now_utc, now_utc)
    materials = MaterialRepository(store)
    await PostRepository(store).create(post, actor="test")
    await materials.put("p", TALK)
    await clock.advance(timedelta(hours=23).total_seconds())
    assert await retention.forget() == 0
    await clock.advance(timedelta(hours=2).total_seconds())
    assert await retention.forget() == (0 if is_kept else 1)
    kept = await materials.get("p")
    assert (kept.material, kept.links) == (TALK.material, TALK.links)
    assert bool(kept.items) is is_kept


async def test_a_community_forgets_sooner_than_others_and_never_later(
    store: Store, clock: FakeClock
) -> None:
    settings, turns = SettingsRepository(store), TurnRepository(store)
    there, odd = Channel("fake", "g", "away"), Channel("fake", "g", "a|way:%")
    for channel, days in ((there, "10"), (odd, "1000")):
        await settings.set(community_key(channel), Keep.TURNS, days)
    await settings.set(community_key(odd), Keep.RECORDS, "many")
    for channel in (HERE, there, odd):
        scope = scope_of(channel, ANN)
        said = Turn(scope, TurnRole.USER, "Hi", "1", clock.now_utc(), ANN.id, ANN.name)
        await turns.add(said)
        await RatingRepository(store).rate(scope, "1", ANN, is_good=True)
    retention = Retention(
        store, keep_texts_days=7, keep_records_days=50, keep_turns_days=30, clock=clock
    )
    counts = [await retention.forget()]
    for more_days in (11, 20, 20):
        await clock.advance(more_days * 86400)
        counts.append(await retention.forget())
    assert counts == [0, 1, 2, 3]  # there; here and the odd one; then the ratings


async def test_without_a_limit_what_was_said_stays(
    store: Store, clock: FakeClock, retention: Retention
) -> None:
    scope = scope_of(HERE, ANN)
    said = Turn(scope, TurnRole.USER, "Hi", "1", clock.now_utc(), ANN.id, ANN.name)
    await TurnRepository(store).add(said)
    await clock.advance(5000 * 86400)
    assert await retention.forget() == 0


async def test_old_copies_go_and_a_new_one_takes_the_place_of_the_last(
    store: Store, path: Path, clock: FakeClock
) -> None:
    folder = copies_folder(path)
    for file in (
        folder / "hearthbot-20250101T000000Z.sqlite3",
        path.with_name(f"{path.name}.v3-20250101T000000000000Z.backup.sqlite3"),
        path.with_name(f"{path.name}.replaced-20250101T000000000000Z"),
        path.with_name(f"{path.name}.replaced-20250101T000000000000Z-wal"),
        folder / "my-own.sqlite3",
    ):
        file.parent.mkdir(exist_ok=True)
        file.write_text("old")
    now_utc = clock.now_utc()
    assert len(dated_copies(path)) == 3
    assert drop_old_copies(path, keep_days=9999, now_utc=now_utc) == 0
    assert drop_old_copies(path, keep_days=90, now_utc=now_utc) == 3
    ((left, made_utc),) = dated_copies(path)
    assert (left.parent, made_utc) == (folder, now_utc)
    assert left.read_bytes().startswith(b"SQLite format 3")
    assert {file.name for file in folder.iterdir()} == {"my-own.sqlite3", left.name}
    assert not list(path.parent.glob("*.replaced-*"))
    assert drop_old_copies(path, keep_days=90, now_utc=now_utc) == 0
