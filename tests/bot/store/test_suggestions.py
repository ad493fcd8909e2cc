import asyncio

import pytest

from bot.messages import Author, Channel, Role
from bot.preferences import community_key
from bot.store.store import Store
from bot.store.suggestions import SuggestionRepository, SuggestionState

HERE = Channel("fake", "general", "home")
THERE = Channel("fake", "general", "elsewhere")
HOME = [community_key(HERE)]
ANN, BOB = Author("1", "Ann"), Author("2", "Bob")
MOD = Author("9", "Mo", Role.MODERATOR)


@pytest.fixture
def suggestions(store: Store) -> SuggestionRepository:
    return SuggestionRepository(store)


async def test_what_is_not_open_here_cannot_be_changed(
    suggestions: SuggestionRepository,
) -> None:
    elsewhere, _ = await suggestions.add(THERE, ANN, "Bees")
    for number in (elsewhere.number, 99, -1):
        assert await suggestions.vote(HERE, BOB, number) is None
        assert await suggestions.unvote(HERE, ANN, number) is None
        assert not await suggestions.refuse(HERE, number)
        assert not await suggestions.claim(number, HOME)
    assert await suggestions.open(HOME, limit=9) == ()
    (kept,) = await suggestions.open([community_key(THERE)], limit=9)
    assert kept == elsewhere


async def test_each_person_has_one_vote(suggestions: SuggestionRepository) -> None:
    kept, is_new = await suggestions.add(HERE, ANN, "Bees")
    assert (kept.votes, is_new, kept.is_moderator) == (1, True, False)
    for person, votes in ((ANN, 1), (BOB, 2), (BOB, 2)):
        voted = await suggestions.vote(HERE, person, kept.number)
        assert voted is not None
        assert voted.votes == votes
    # The same id on another platform is another person.
    other = Channel("web", "general", "home")
    assert await suggestions.vote(other, BOB, kept.number) is None
    for _ in range(2):
        less = await suggestions.unvote(HERE, BOB, kept.number)
        assert less is not None
        assert less.votes == 1


async def test_same_words_again_are_a_vote(suggestions: SuggestionRepository) -> None:
    first, _ = await suggestions.add(HERE, ANN, "Why bees hum")
    again, is_new = await suggestions.add(HERE, BOB, "  why BEES  hum? ")
    assert (again.number, again.votes, is_new) == (first.number, 2, False)
    moderators, _ = await suggestions.add(HERE, MOD, "Why bees hum")
    assert (moderators.is_moderator, moderators.person_name) == (True, "Ann")
    assert await suggestions.count_open(HERE, ANN) == 1
    assert await suggestions.count_open(HERE, BOB) == 0
    assert await suggestions.count_open(THERE, ANN) == 0


async def test_closed_suggestion_can_be_made_anew(
    suggestions: SuggestionRepository,
) -> None:
    for close in (suggestions.refuse, lambda _, n: suggestions.claim(n, HOME)):
        kept, is_new = await suggestions.add(HERE, ANN, "Bees")
        assert is_new
        assert await close(HERE, kept.number)
        assert not await close(HERE, kept.number)
        assert await suggestions.vote(HERE, BOB, kept.number) is None
    assert await suggestions.open(HOME, limit=9) == ()


async def test_one_claims_it(suggestions: SuggestionRepository) -> None:
    kept, _ = await suggestions.add(HERE, ANN, "Bees")
    claims = [suggestions.claim(kept.number, HOME) for _ in range(8)]
    assert sorted(await asyncio.gather(*claims)) == [False] * 7 + [True]


async def test_order_is_moderators_votes_age(suggestions: SuggestionRepository) -> None:
    for text, author, voters in (
        ("one", ANN, 0),
        ("two", ANN, 2),
        ("three", ANN, 2),
        ("four", MOD, 0),
    ):
        kept, _ = await suggestions.add(HERE, author, text)
        for number in range(voters):
            await suggestions.vote(HERE, Author(f"v{number}", ""), kept.number)
    found = await suggestions.open(HOME, limit=9)
    assert [one.text for one in found] == ["four", "two", "three", "one"]
    assert [one.text for one in await suggestions.open(HOME, limit=1)] == ["four"]
    assert all(one.state is SuggestionState.OPEN for one in found)
    assert await suggestions.open([], limit=9) == ()
