import pytest

from bot.meaning.fake import FakeMeanings
from bot.meaning.meanings import NO_MEANINGS, Meanings
from bot.store.stories import StorySoFar
from content.drafting import Brief
from content.kinds.story_ideas import was_told

MAP = (
    "{} found a torn map under the bench in the park.",
    "{} knew the old oak tree that was drawn on it.",
    "Below the roots lay a small tin box.",
)
OTHER = (
    "{} baked a pie for the whole village.",
    "{} forgot the sugar and nobody said a word.",
)
RETOLD = (
    "A ragged chart lay beneath a seat, and {} picked it up among the lawns.",
    "The ancient trunk sketched there was familiar to {}.",
    "A little metal chest was buried underneath.",
)
SAME = {
    "ragged": "torn",
    "chart": "map",
    "beneath": "under",
    "seat": "bench",
    "lawns": "park",
    "ancient": "old",
    "trunk": "oak",
    "sketched": "drawn",
    "familiar": "knew",
    "little": "small",
    "metal": "tin",
    "chest": "box",
    "underneath": "below",
    "picked": "found",
    "lay": "the",
    "buried": "lay",
    "among": "the",
    "and": "the",
    "was": "the",
    "there": "that",
}


def story(plot: tuple[str, ...], hero: str) -> StorySoFar:
    lines = tuple(line.format(hero) for line in plot)
    return StorySoFar("A story", "", (hero, "Tom", "the park"), lines, "", 1)


async def is_told(
    plot: tuple[str, ...], *earlier: StorySoFar, meanings: Meanings = NO_MEANINGS
) -> bool:
    brief = Brief("a walk", stories=earlier, meanings=meanings)
    return await was_told(story(plot, "Mira"), brief)


async def test_same_plot_with_other_people_was_told() -> None:
    assert await is_told(MAP, story(OTHER, "Ada"), story(MAP, "Ada"))


async def test_idea_retold_is_known_only_by_its_meaning() -> None:
    earlier = story(MAP, "Ada")
    assert not await is_told(RETOLD, earlier)
    assert await is_told(RETOLD, earlier, meanings=FakeMeanings(SAME))


@pytest.mark.parametrize("meanings", [NO_MEANINGS, FakeMeanings(SAME)])
async def test_another_idea_is_new(meanings: Meanings) -> None:
    assert not await is_told(OTHER, story(MAP, "Ada"), meanings=meanings)
    assert not await is_told(OTHER, meanings=meanings)
