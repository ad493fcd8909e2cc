import re
from dataclasses import replace
from itertools import count

import pytest

from bot.generation.requests import TextParams
from bot.store.stories import StorySoFar
from content.drafting import Brief, Draft, DraftFailedError
from content.kinds.story import Story
from content.templates import read_template
from content.text_maker import FakeTextMaker

TOPIC = "a walk in the park after the rain"
TEXTS = read_template("story")


def telling() -> FakeTextMaker:
    """Say two things about what the prompt says happened, others each time."""
    numbers = count()

    def answer(prompt: str, params: TextParams) -> str:
        if "numbered" in prompt:
            return "I cannot."
        number = next(numbers)
        beats = [
            beat["beat"] for plot in TEXTS["en"]["plots"] for beat in plot["beats"]
        ]
        here = next(one for one in beats if one.split("}")[-1] in prompt)
        beat = max(re.findall(r"\b[a-z]+\b", here.split("}")[-1]), key=len)
        things = ("wind", "grass", "air", "dust", "moss", "rain", "fog", "cold")
        thing = things[number % len(things)]
        return (
            f"The {thing} near the {beat} was {'very ' * (number % 2)}still that hour. "
            f"They held their breath and heard the {beat} for a while with {thing}."
        )

    return FakeTextMaker(answer)


async def part(
    *stories: StorySoFar, maker: FakeTextMaker | None = None, seed: int = 1
) -> Draft:
    brief = Brief(TOPIC, seed=seed, stories=stories)
    return await Story().draft(brief, maker or telling())


def told(made: Draft) -> StorySoFar:
    assert made.story is not None
    return made.story


async def test_first_part_brings_in_topic_people_and_the_plot() -> None:
    made = await part()
    story = told(made)
    hero = story.characters[0]
    assert made.title == f"{story.title} · Part 1"
    assert TOPIC in made.body
    assert hero in made.body
    assert story.plot[0].split("\n")[1] in made.body
    assert made.body.endswith("*To be continued.*")
    assert not story.has_ended
    assert story.part == 1


async def test_each_part_goes_on_from_the_last_until_the_end() -> None:
    stories: tuple[StorySoFar, ...] = ()
    bodies: list[str] = []
    for number in range(1, 6):
        made = await part(*stories)
        story = told(made)
        assert story.part == number
        if stories:
            assert story.characters == stories[0].characters
            assert f"*Before this: {stories[-1].last_lines}*" in made.body
        stories, bodies = (*stories, story), [*bodies, made.body]
    assert stories[-1].has_ended
    assert bodies[-1].endswith("*The end.*")
    assert len(set(bodies)) == 5


async def test_story_that_ended_is_followed_by_another() -> None:
    ended = replace(told(await part()), part=5, has_ended=True)
    after = told(await part(ended))
    assert after.plan != ended.plan
    assert after.part == 1


async def test_when_all_plots_were_told_the_oldest_comes_again() -> None:
    first = told(await part())
    plans = [plot["name"] for plot in TEXTS["en"]["plots"]]
    stories = tuple(replace(first, plan=plan, part=5, has_ended=True) for plan in plans)
    assert told(await part(*stories)).plan == plans[0]


@pytest.mark.parametrize(
    "sentence",
    [
        "{hero} opens the door of the house and is happy.",
        "“The light is gone,” said {hero} to the old key and stairs.",
        "{hero} and Elena saw the light of the old key together.",
        "I saw the light and the key and the old boat myself.",
        "The dragon in the castle saw the key, light, boat and clock.",
        "{friend} looked at her key, light, boat and clock and was glad.",
    ],
)
async def test_sentence_that_breaks_the_story_is_not_taken(sentence: str) -> None:
    hero, friend, _ = told(await part()).characters
    wrong = sentence.replace("{hero}", hero).replace("{friend}", friend)
    if "her key" in wrong:
        wrong = wrong.replace("her key", "her own key")
    maker = FakeTextMaker(lambda prompt, params: wrong)
    with pytest.raises(DraftFailedError):
        await part(maker=maker)


async def test_plot_of_a_model_that_can_make_one_is_used() -> None:
    hero, friend, _ = told(await part()).characters
    plot = [
        f"{hero} found a torn map under the bench in the park.",
        f"{friend} knew the old oak tree that was drawn on it.",
        f"{hero} and {friend} dug below the roots until it was dark.",
        f"{friend} pulled a small tin box out of the wet earth.",
        f"{hero} gave the box back to the gardener who had lost it.",
    ]
    lines = "\n".join(f"{i}. {line}" for i, line in enumerate(plot, 1))
    inner = (
        f"{hero} wiped the mud from the torn map with a sleeve. "
        f"The bench and the map smelled of moss after the long shower."
    )

    def answer(prompt: str, params: TextParams) -> str:
        return lines if "numbered" in prompt else inner

    made = await part(maker=FakeTextMaker(answer))
    story = told(made)
    assert story.plan == ""
    assert [line.strip() for line in story.plot] == plot
    assert plot[0] in made.body


async def test_story_without_a_telling_is_none() -> None:
    with pytest.raises(DraftFailedError) as caught:
        await part(maker=FakeTextMaker(lambda prompt, params: "Well."))
    assert "part of the story" in str(caught.value)
