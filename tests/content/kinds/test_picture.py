"""A picture of the day: what is drawn, its title and its caption."""

from collections.abc import Mapping

import pytest

from bot.generation.requests import TextParams
from content.drafting import Brief, Draft
from content.kinds.picture import Picture
from content.text_maker import FakeTextMaker

TOPIC = "Lighthouses at dusk"
GOOD: Mapping[str, str] = {
    "scene": "The picture shows a white lighthouse on a rock under a pink sky.",
    "title": "Title: “A Lighthouse Glows”",
    "caption": "The lighthouse stands quietly while the day goes to rest.",
}


async def draft(
    answers: Mapping[str, str], *, topic: str = TOPIC, language: str = "en"
) -> Draft:
    def answer(prompt: str, params: TextParams) -> str:
        if params.max_tokens == 60:
            return answers["scene"]
        return answers["title" if params.max_tokens == 24 else "caption"]

    brief = Brief(topic, language=language)
    return await Picture().draft(brief, FakeTextMaker(answer))


@pytest.mark.parametrize(
    "scene",
    [
        "",
        "A lighthouse.",
        "I am an AI language model and cannot draw a lighthouse at dusk.",
        "A portrait of Peter Smith in front of a lighthouse at dusk.",
        "A lighthouse with the words “welcome home” written on its white wall.",
        "The picture is a stunning example of a lighthouse at dusk.",
        "A lighthouse and lighthouse in the light of light and light.",
        "Eine weiße Lampe und das Meer ist in der Nacht zu sehen.",
        "A bowl of ripe apples on a wooden table by the window.",
        "In 1998 there were 12 lighthouses at dusk on this coast.",
    ],
)
async def test_scene_that_cannot_be_drawn_is_designed(scene: str) -> None:
    made = await draft({**GOOD, "scene": scene})
    assert made.scene.startswith("lighthouses at dusk")


async def test_scene_title_and_caption_are_those_of_the_model() -> None:
    made = await draft(GOOD)
    assert made.scene == "a white lighthouse on a rock under a pink sky"
    assert made.title == "A Lighthouse Glows"
    assert made.body == GOOD["caption"]
    assert made.extras.scene == made.scene
    assert made.score.is_good_enough


@pytest.mark.parametrize(
    "title", ["", "Untitled", "Here is a title about lighthouses for you", "A / B | C"]
)
async def test_title_that_is_none_is_the_topic(title: str) -> None:
    made = await draft({**GOOD, "title": title})
    assert "ighthouses at dusk" in made.title


async def test_caption_of_a_babbling_model_is_designed() -> None:
    babble = "The lighthouse is a lighthouse of pure joy and joy and joy."
    made = await draft({**GOOD, "caption": babble})
    assert "joy" not in made.body
    assert "lighthouses at dusk" in made.body
    assert made.score.is_good_enough


async def test_caption_has_three_sentences_at_most() -> None:
    lines = (
        "Lighthouses shine softly when dusk comes over the sea.",
        "Each lighthouse has a patient keeper in old stories.",
        "At dusk the gulls fly home past the white tower.",
        "Few things look as calm as lighthouses before the night.",
    )
    made = await draft({**GOOD, "caption": " ".join(lines)})
    assert 1 <= made.body.count(".") <= 3


async def test_chinese_post_has_a_chinese_caption_and_an_english_scene() -> None:
    answers = {"scene": "", "title": "", "caption": ""}
    made = await draft(answers, topic="海边的灯塔", language="zh")
    assert made.scene.isascii()
    assert "海边的灯塔" in made.title
    assert "海边的灯塔" in made.body
