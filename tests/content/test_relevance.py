import pytest

from bot.meaning.fake import FakeMeanings
from bot.meaning.meanings import NO_MEANINGS, Meanings
from content.quality import Part
from content.relevance import relevance_part

TOPIC = "Watering tomatoes in summer"
ON = "Watering tomatoes in the summer is a slow job. Summer tomatoes are thirsty."
OFF = "The moon is far away tonight. Stars shine above the hills."


async def relevance(
    text: str, meanings: Meanings, *, topic: str = TOPIC, language: str = "en"
) -> Part:
    return await relevance_part(text, topic, language=language, meanings=meanings)


@pytest.mark.parametrize("meanings", [NO_MEANINGS, FakeMeanings()])
async def test_text_about_something_else_is_refused(meanings: Meanings) -> None:
    off, on = await relevance(OFF, meanings), await relevance(ON, meanings)
    assert str(off.reason) == "it leaves its topic"
    assert on.reason is None
    assert off.value < 0.5 < on.value


async def test_section_that_leaves_the_topic_is_named() -> None:
    text = f"{ON} Water tomatoes in summer. {OFF} Nobody knows why owls hoot."
    part = await relevance(text, FakeMeanings())
    assert "“The moon is far away tonight.” … “Stars shine" in str(part.reason)
    assert "Watering" not in str(part.reason)


async def test_same_said_otherwise_keeps_to_the_topic_only_by_meaning() -> None:
    text = "Give thirsty vines a drink while July burns. Vines drink at dawn in July."
    same = {"vines": "tomatoes", "drink": "watering", "july": "summer"}
    by_words = await relevance(text, NO_MEANINGS)
    by_meaning = await relevance(text, FakeMeanings(same))
    assert by_words.reason is not None
    assert by_meaning.reason is None


async def test_other_languages_are_compared_by_words() -> None:
    meanings = FakeMeanings()
    part = await relevance(
        "夏天给番茄浇水要早。", meanings, topic="番茄", language="zh"
    )
    assert part.reason is None
    assert not meanings.asked


@pytest.mark.parametrize("topic", ["", "!!"])
async def test_topic_without_words_does_not_ask_for_them(topic: str) -> None:
    part = await relevance("Plain words.", FakeMeanings(), topic=topic)
    assert part == Part("relevance", 1.0)
