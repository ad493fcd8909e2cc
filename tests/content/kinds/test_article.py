import re

import pytest

from bot.generation.requests import TextParams
from bot.words import T
from content.drafting import Brief, Draft, DraftFailedError
from content.kinds import KINDS
from content.kinds.article import Article
from content.sentences import count_words
from content.text_maker import FakeTextMaker
from tests.content.kinds.hopeless import HOPELESS

TOPIC = "Watering tomatoes in summer"


async def draft(
    maker: FakeTextMaker, topic: str = TOPIC, *, language: str = "en"
) -> Draft:
    return await KINDS["article"]().draft(Brief(topic, language=language), maker)


@pytest.mark.parametrize("name", HOPELESS)
async def test_hopeless_model_fails_with_reasons_after_few_questions(name: str) -> None:
    maker = FakeTextMaker(HOPELESS[name])
    with pytest.raises(DraftFailedError) as caught:
        await draft(maker)
    assert caught.value.step == T("section")
    assert caught.value.reasons
    assert len(maker.prompts) < 30


async def test_article_has_three_sections_title_and_summary(
    good_maker: FakeTextMaker,
) -> None:
    made = await draft(good_maker)
    assert made.title == TOPIC
    assert len(re.findall(r"^## ", made.body, re.MULTILINE)) == 3
    assert made.body.startswith(f"*{made.summary}*\n\n## ")
    assert made.text.startswith(f"# {TOPIC}\n\n*")
    assert 60 < count_words(made.body) < 250
    assert [part.name for part in made.score.parts] == [
        "length",
        "repetition",
        "leftovers",
        "language",
        "relevance",
        "originality",
        "grammar",
    ]


async def test_sentences_of_the_source_are_not_taken(good_maker: FakeTextMaker) -> None:
    first = (await draft(good_maker)).body.split("\n\n")[2]
    brief = Brief(TOPIC, outside=f"An article says: {first}")
    made = await KINDS["article"]().draft(brief, good_maker)
    assert first.split(".")[0] not in made.body
    (copying,) = [one for one in made.score.parts if one.name == "copying"]
    assert copying.value == 1.0


async def test_article_says_nothing_twice(good_maker: FakeTextMaker) -> None:
    made = await draft(good_maker)
    said = re.findall(r"[^.#*\n]+\.", made.body)
    assert len(said) == len(set(said))


async def test_headings_of_the_model_are_used_where_they_are_good(
    good_maker: FakeTextMaker,
) -> None:
    def answer(prompt: str, params: TextParams) -> str:
        if "subtopics" in prompt:
            return (
                "1. Choosing sturdy tomatoes\n2. Water from the barrel\n"
                "3. Summer shade for plants\n4. One more"
            )
        if "headline" in prompt:
            return '"Tomatoes and Water in Summer."\nand more'
        return good_maker.answer(prompt, params)

    made = await draft(FakeTextMaker(answer))
    assert re.findall(r"^## (.*)", made.body, re.MULTILINE) == [
        "Choosing sturdy tomatoes",
        "Water from the barrel",
        "Summer shade for plants",
    ]
    assert made.title == "Tomatoes and Water in Summer"


@pytest.mark.parametrize(
    "headings",
    [
        "Tomatoes\nWater\nSummer",
        "Watering tomatoes: 1\nWatering tomatoes: 2\nWatering tomatoes: 3",
        "Red tomatoes here\nRed tomatoes there\nRed tomatoes everywhere now",
        "The moon at night\nStars and sky\nFar away planets",
    ],
)
async def test_headings_of_the_model_that_are_no_good_are_not_used(
    headings: str, good_maker: FakeTextMaker
) -> None:
    def answer(prompt: str, params: TextParams) -> str:
        if "subtopics" in prompt:
            return headings
        return good_maker.answer(prompt, params)

    made = await draft(FakeTextMaker(answer))
    for heading in headings.splitlines():
        assert f"## {heading}" not in made.body


@pytest.mark.parametrize(
    "title",
    ["", "x" * 81, "Ten tips: #7!", "Las plantas y el agua", "The moon at night"],
)
async def test_title_that_is_no_good_becomes_the_topic(
    title: str, good_maker: FakeTextMaker
) -> None:
    def answer(prompt: str, params: TextParams) -> str:
        return title if "headline" in prompt else good_maker.answer(prompt, params)

    assert (await draft(FakeTextMaker(answer))).title == TOPIC


async def test_summary_that_is_no_good_is_designed(good_maker: FakeTextMaker) -> None:
    def answer(prompt: str, params: TextParams) -> str:
        if "one short sentence" in prompt:
            return "Sure."
        return good_maker.answer(prompt, params)

    made = await draft(FakeTextMaker(answer))
    assert made.summary == "A few thoughts on watering tomatoes in summer."


async def test_chinese_article_is_written_with_chinese_prompts() -> None:
    sentences = [
        "夏天的番茄需要很多水，早上浇水最合适。",
        "土壤干得快，所以要经常用手摸一摸番茄的根部。",
        "铺一层稻草可以让番茄的根保持凉爽。",
        "傍晚的番茄叶子常常会重新挺起来。",
        "花盆里的番茄比地里的更容易缺水。",
        "邻居之间交换番茄的经验是一件乐事。",
        "用桶里的雨水浇番茄比自来水更温和。",
        "中午太热的时候，给番茄搭一块遮阳布。",
        "收获番茄的那一天，全家人都会很高兴。",
        "好好照料番茄的人会吃到最甜的果实。",
    ]
    asked = 0

    def answer(prompt: str, params: TextParams) -> str:
        nonlocal asked
        asked += 1
        return "".join(sentences[(asked * 3 + i) % len(sentences)] for i in range(3))

    maker = FakeTextMaker(answer)
    made = await draft(maker, "夏天给番茄浇水", language="zh-CN")
    assert "请" in maker.prompts[0]
    assert "## 为什么值得" in made.body
    assert "。 " not in made.body


async def test_language_without_texts_is_asked_for_and_has_no_plans(
    good_maker: FakeTextMaker,
) -> None:
    with pytest.raises(DraftFailedError) as caught:
        await draft(good_maker, language="de")
    assert caught.value.step == T("outline")
    assert good_maker.prompts[0].endswith("Write in German.")


async def test_braces_in_a_topic_are_only_braces(good_maker: FakeTextMaker) -> None:
    made = await draft(good_maker, "Watering tomatoes {in} summer {0}")
    assert made.title == "Watering tomatoes {in} summer {0}"


def test_kind_is_found_by_its_name() -> None:
    assert KINDS[Article.name] is Article
    assert str(Article.summary)
