import asyncio
from itertools import count

import pytest
from typing_extensions import override

from bot.generation.requests import PromptTurn, TextParams
from bot.store.materials import Material
from bot.words import T
from content.drafting import Brief, Draft, DraftFailedError
from content.kinds import KINDS
from content.languages import base_of
from content.quality import META, SELF
from content.sentences import count_words
from content.templates import read_template
from content.text_maker import FakeTextMaker
from tests.content.kinds.hopeless import HOPELESS

TOPIC = "Watering tomatoes in summer"
MATERIAL = (
    Material(
        "Tomatoes need less water than people think",
        "https://example.org/tomatoes",
        "A study of tomatoes in summer found that watering twice a week is enough. "
        "The plants had deeper roots in the end.",
        "Garden Letter",
    ),
    Material("#garden", "", "Watering tomatoes in summer is a chore.", "ann"),
    Material("#garden", "", "My tomatoes love watering in the morning.", "bob"),
)
NEEDS_A_MODEL = frozenset({"article", "poem", "story", "translation"})
"""Kinds of which nothing is left without a model that can write."""


async def draft(kind: str, maker: FakeTextMaker, *, language: str = "en") -> Draft:
    brief = Brief(TOPIC, language=language, material=MATERIAL)
    async with asyncio.timeout(20):
        return await KINDS[kind]().draft(brief, maker)


@pytest.mark.parametrize("name", HOPELESS)
@pytest.mark.parametrize("kind", KINDS)
async def test_hopeless_model_ends_in_a_kind_failure_or_a_post(
    kind: str, name: str
) -> None:
    maker = FakeTextMaker(HOPELESS[name])
    made = failure = None
    try:
        made = await draft(kind, maker)
    except DraftFailedError as error:
        failure = error
    assert failure is None or (failure.reasons and str(failure.text))
    if made is not None:
        seen = f"{made.text} {made.poll}"
        assert "<|" not in seen
        assert not SELF.search(seen)
        assert "Las plantas" not in seen
        assert made.title
        assert count_words(made.body) < 400
        assert made.body.count("a good thing to do") <= 1
    assert len(maker.prompts) < 40


@pytest.mark.parametrize("kind", sorted(NEEDS_A_MODEL))
async def test_kind_that_needs_a_model_fails_with_one_that_refuses(kind: str) -> None:
    with pytest.raises(DraftFailedError):
        await draft(kind, FakeTextMaker(HOPELESS["a refusal"]))


@pytest.mark.parametrize("kind", sorted(set(KINDS) - NEEDS_A_MODEL))
async def test_kind_with_a_design_is_presentable_without_a_model(kind: str) -> None:
    made = await draft(kind, FakeTextMaker(HOPELESS["a refusal"]))
    assert made.score.is_good_enough, made.score.reasons
    assert not META.search(made.body)


@pytest.mark.parametrize("kind", KINDS)
async def test_model_that_cannot_be_asked_is_told_to_the_caller(kind: str) -> None:
    def answer(prompt: str, params: TextParams) -> str:
        raise ConnectionError("gone")

    maker = FakeTextMaker(answer)
    if kind in {"digest", "recap"}:
        await draft(kind, maker)  # no model is asked
        return
    with pytest.raises(ConnectionError):
        await draft(kind, maker, language="zh" if kind == "translation" else "en")


@pytest.mark.parametrize("kind", [name for name in KINDS if KINDS[name].needs_material])
async def test_kind_from_material_says_that_there_is_none(kind: str) -> None:
    maker = FakeTextMaker(HOPELESS["nothing"])
    with pytest.raises(DraftFailedError) as caught:
        await KINDS[kind]().draft(Brief(TOPIC), maker)
    assert caught.value.reasons
    assert not maker.prompts


@pytest.mark.parametrize("kind", KINDS)
def test_kind_says_what_it_is(kind: str) -> None:
    found = KINDS[kind]
    assert found.name == kind
    assert isinstance(found.summary, type(T("x")))
    assert found.parts
    assert found.tone
    assert 0 <= found.min_words < found.max_words
    texts = read_template(kind)
    assert set(found.languages) <= {base_of(language) for language in texts}


async def test_longer_and_shorter_are_heard(good_maker: FakeTextMaker) -> None:
    numbers = count()

    def answer(prompt: str, params: TextParams) -> str:
        number = next(numbers)
        return f"Tomatoes{'abcdefghij'[number % 10]} {LINES[number % len(LINES)]}"

    lengths = []
    for scale in (0.5, 1.0, 1.5):
        brief = Brief(TOPIC, scale=scale)
        made = await KINDS["poem"]().draft(brief, FakeTextMaker(answer))
        lengths.append(made.body.count("\n\n") + 1)
    assert lengths == [1, 2, 3]


async def test_wish_of_a_moderator_is_in_the_prompt() -> None:
    systems: list[str] = []

    class Listening(FakeTextMaker):
        @override
        async def write(
            self, turns: tuple[PromptTurn, ...], *, params: TextParams
        ) -> str:
            systems.append(turns[0].content)
            return await super().write(turns, params=params)

    maker = Listening(HOPELESS["nothing"])
    brief = Brief(TOPIC, wish="Speak of bees.", avoid=(T("it repeats itself"),))
    await KINDS["discussion"]().draft(brief, maker)
    assert systems[0].endswith("The editor asks for this: Speak of bees.")
    assert "Avoid this: it repeats itself." in systems[0]


LINES = (
    "rest under morning clouds",
    "drink from silver cans",
    "shine beside warm bricks",
    "lean towards open windows",
    "hang like paper lanterns",
    "wait for evening shade",
    "grow along green strings",
    "glow over dusty soil",
    "sleep between tall leaves",
    "hum with small bees",
    "turn slowly in wind",
    "drop onto soft straw",
)
