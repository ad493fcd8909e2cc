import asyncio

import pytest

from bot.clock import FakeClock
from bot.messages import Author, Channel, Role
from bot.preferences import community_key
from bot.store.posts import PostRepository, StoredPost
from bot.store.store import Store
from bot.store.suggestions import SuggestionRepository
from content.sources.errors import NoTopicError
from content.sources.likeness import WordLikeness
from content.sources.suggestions import Suggestions

HERE = Channel("fake", "general", "home")
THERE = Channel("fake", "general", "elsewhere")
ANN, BOB, MOD = (
    Author("1", "Ann"),
    Author("2", "Bob"),
    Author("9", "Mo", Role.MODERATOR),
)


@pytest.fixture
def suggestions(store: Store) -> SuggestionRepository:
    return SuggestionRepository(store)


@pytest.fixture
def source(
    suggestions: SuggestionRepository, store: Store, clock: FakeClock
) -> Suggestions:
    return Suggestions(
        [community_key(HERE)],
        kind="article",
        suggestions=suggestions,
        posts=PostRepository(store),
        likeness=WordLikeness(),
        clock=clock,
    )


async def test_without_anybody_else_a_suggestion_waits(
    source: Suggestions, suggestions: SuggestionRepository
) -> None:
    for channel in (HERE, THERE):
        await suggestions.add(channel, ANN, "Bees")
    await suggestions.add(THERE, MOD, "Bees")
    with pytest.raises(NoTopicError, match="no suggestion waits"):
        await source.next_topic()
    await suggestions.vote(HERE, BOB, 1)
    assert (await source.next_topic()).text == "Bees"
    with pytest.raises(NoTopicError):
        await source.next_topic()


async def test_moderators_come_first_then_the_most_wanted(
    source: Suggestions, suggestions: SuggestionRepository
) -> None:
    for text, voters in (("Bees", 2), ("Ants", 4), ("Owls", 3)):
        kept, _ = await suggestions.add(HERE, ANN, text)
        for number in range(voters):
            await suggestions.vote(HERE, Author(f"v{number}", "V"), kept.number)
    await suggestions.add(HERE, MOD, "Rules of the house")
    found = [(await source.next_topic()).text for _ in range(4)]
    assert found == ["Rules of the house", "Ants", "Owls", "Bees"]


async def test_what_was_told_lately_waits(
    source: Suggestions, suggestions: SuggestionRepository, store: Store
) -> None:
    now_utc = store.clock.now_utc()
    post = StoredPost("p", "article", "Why bees hum", "x", "en", "", now_utc, now_utc)
    await PostRepository(store).create(post, actor="test")
    await suggestions.add(HERE, MOD, "Why do bees hum?")
    with pytest.raises(NoTopicError):
        await source.next_topic()
    await suggestions.add(HERE, MOD, "Owls")
    assert (await source.next_topic()).text == "Owls"


async def test_two_who_ask_at_once_get_two(
    source: Suggestions, suggestions: SuggestionRepository
) -> None:
    for text in ("Bees", "Ants", "Owls"):
        await suggestions.add(HERE, MOD, text)
    found = await asyncio.gather(*(source.next_topic() for _ in range(3)))
    assert {topic.text for topic in found} == {"Bees", "Ants", "Owls"}
