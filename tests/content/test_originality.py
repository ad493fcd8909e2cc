import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.meaning.fake import FakeMeanings
from bot.meaning.meanings import NO_MEANINGS, Meanings
from content.originality import (
    NUM_RECENT_POSTS,
    copied,
    copying_part,
    originality_part,
)
from content.quality import Part
from content.sentences import words

EARLIER = (
    "Tea\n\nDutch merchants brought tea to Europe around 1610. Kings drank it first.",
    "Cats\n\nCats feel safe in small boxes. They sleep there all day.",
)
AGAIN = "Traders from Holland first carried leaves west. Monarchs were early drinkers."
SAME = {
    "traders": "merchants",
    "holland": "dutch",
    "carried": "brought",
    "leaves": "tea",
    "west": "europe",
    "first": "around",
    "monarchs": "kings",
    "drinkers": "drank",
    "early": "around",
    "were": "kings",
}
SOURCE = (
    "The town opened a new cycle path along the river on Monday. It leads from the old "
    "mill to the station."
)


async def originality(
    text: str, meanings: Meanings = NO_MEANINGS, *, told: tuple[str, ...] = ()
) -> Part:
    return await originality_part(
        text, EARLIER, told=told, language="en", meanings=meanings
    )


async def test_what_was_told_before_is_refused() -> None:
    part = await originality("Cats feel safe in small boxes. They purr.")
    assert str(part.reason) == "it was told before"
    assert part.value == 0.5


async def test_run_of_words_from_an_earlier_post_was_told_before() -> None:
    text = (
        "And so every quiet old grey house of ours has cats feel safe in small boxes."
    )
    assert (await originality(text)).reason is None  # six in a row are none
    text = text.replace(".", ", they sleep there all day.")
    assert (await originality(text)).reason is not None


async def test_idea_told_in_other_words_is_refused_only_by_meaning() -> None:
    assert (await originality(AGAIN)).reason is None
    assert (await originality(AGAIN, FakeMeanings(SAME))).reason is not None


async def test_what_was_told_long_ago_may_be_told_again_in_other_words() -> None:
    newer = tuple(f"Note\n\nNumber {n} says little." for n in range(NUM_RECENT_POSTS))

    async def retold(*earlier: str) -> Part:
        return await originality_part(
            AGAIN, earlier, told=(), language="en", meanings=FakeMeanings(SAME)
        )

    assert (await retold(*newer[1:], *EARLIER)).reason is not None
    assert (await retold(*newer, *EARLIER)).reason is None


async def test_what_a_kind_repeats_by_design_does_not_count() -> None:
    designed = "Cats feel safe in small boxes."
    text = f"{designed} Owls hoot at night."
    assert (await originality(text, FakeMeanings())).reason is not None
    assert (await originality(text, FakeMeanings(), told=(designed,))).reason is None


async def test_quotation_does_not_count() -> None:
    text = "“Cats feel safe in small boxes.” Owls hoot at night."
    assert (await originality(text, FakeMeanings())).value == 1.0


async def test_without_earlier_posts_all_is_new() -> None:
    part = await originality_part(
        AGAIN, (), told=(), language="en", meanings=FakeMeanings()
    )
    assert part == Part("originality", 1.0)


def test_copy_of_a_source_is_named() -> None:
    text = "Good news: the town opened a new cycle path along the river, at last."
    part = copying_part(text, [SOURCE], topic="cycle paths", language="en")
    assert "the town opened a new cycle path along the river" in str(part.reason)
    assert part.value < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "The town opened a new cycle path by the water.",  # seven in a row
        "The paper says “the town opened a new cycle path along the river”.",
        "A path now runs beside the river, from the mill to the trains.",
    ],
)
def test_short_run_or_quotation_is_no_copy(text: str) -> None:
    assert copying_part(text, [SOURCE], topic="", language="en").reason is None


def test_words_of_the_topic_are_no_copy() -> None:
    topic = "The town opened a new cycle path along the river"
    assert copied(f"{topic}!", [SOURCE]) != []
    assert copied(f"{topic}!", [SOURCE], topic=topic) == []


def test_chinese_copy_is_counted_in_characters() -> None:
    source = "雨后的公园很安静，孩子们在水洼边玩耍，老人坐在长椅上看书。"
    assert copied("雨后的公园很安静。", [source], language="zh") == []
    assert len(copied(source, [source], language="zh")) == 1


@given(
    st.lists(
        st.sampled_from(["one", "two", "three", "four", "five", "six"]), max_size=40
    )
)
def test_text_copies_all_of_itself_or_is_too_short(tokens: list[str]) -> None:
    text = " ".join(tokens)
    found = [word for run in copied(text, [text]) for word in run]
    assert found == (words(text) if len(tokens) >= 8 else [])
