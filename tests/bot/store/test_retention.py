"""What goes after its time, and what stays."""

from datetime import timedelta

import pytest

from bot.clock import FakeClock
from bot.messages import Author, Channel
from bot.publication import Link
from bot.store.materials import Material, MaterialRepository, StoredMaterial
from bot.store.posts import PostRepository, StoredPost
from bot.store.retention import Retention
from bot.store.store import Store
from bot.store.suggestions import SuggestionRepository

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
