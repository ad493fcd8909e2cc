import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from bot.errors import BackendError
from bot.safety.classifier import NEVER, Scores
from bot.safety.combined import CombinedClassifier
from bot.safety.fake import FakeClassifier
from bot.safety.policy import Category, Level
from bot.safety.together import all_of
from bot.safety.verdict import Stage
from bot.words import T

HATE, VIOLENCE, INJECTION = Category.HATE, Category.VIOLENCE, Category.INJECTION
LEVELS = (Level.STRICT, Level.STANDARD, Level.RELAXED)


class Sharp(FakeClassifier):
    """Has thresholds of its own, and sees no injections."""

    def __init__(self, scores: Scores, *thresholds: float) -> None:
        super().__init__(lambda text, stage: scores, name="sharp")
        self._own = dict(zip(LEVELS, thresholds, strict=True))

    @override
    def threshold(self, category: Category, level: Level) -> float:
        if category is INJECTION or level is Level.OFF:
            return NEVER
        return self._own[level]


def finding(**scores: float) -> FakeClassifier:
    found = {Category(name): score for name, score in scores.items()}
    return FakeClassifier(lambda text, stage: found)


async def test_one_that_cannot_judge_spoils_the_whole() -> None:
    def broken(text: str, stage: Stage) -> Scores:
        raise BackendError(T("The model could not answer this."))

    both = CombinedClassifier([finding(hate=0.1), FakeClassifier(broken)])
    with pytest.raises(BackendError):
        await both.classify("Hello", Stage.INPUT)


async def test_first_failure_ends_the_other_questions() -> None:
    ended: list[str] = []

    async def slow() -> str:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("slow")
        return ""

    async def failing() -> str:
        await asyncio.sleep(0)
        raise ValueError("no")

    async with asyncio.timeout(5):
        with pytest.raises(ValueError, match="no"):
            await all_of([slow(), failing()])
        await asyncio.sleep(0)
    assert ended == ["slow"]


async def test_highest_probability_counts_and_nothing_is_lost() -> None:
    both = CombinedClassifier(
        [finding(hate=0.2, violence=0.6), finding(hate=0.5, injection=0.9)]
    )
    assert await both.classify("Hello", Stage.INPUT) == {
        HATE: 0.5,
        VIOLENCE: 0.6,
        INJECTION: 0.9,
    }
    assert both.name == "fake+fake"


async def test_each_is_asked_about_the_same() -> None:
    first, second = finding(), finding()
    await CombinedClassifier([first, second]).classify("Hello", Stage.OUTPUT)
    assert first.asked == second.asked == [("Hello", Stage.OUTPUT)]


def test_threshold_is_that_of_the_first_one_that_has_any() -> None:
    both = CombinedClassifier([Sharp({}, 0.1, 0.2, 0.3), finding()])
    assert both.threshold(HATE, Level.STANDARD) == 0.2
    assert both.threshold(INJECTION, Level.STANDARD) == 0.7
    assert both.threshold(HATE, Level.OFF) == NEVER


@given(
    score=st.floats(0, 1),
    own=st.lists(st.floats(0.01, 1), min_size=3, max_size=3).map(sorted),
    common=st.lists(st.floats(0.01, 1), min_size=3, max_size=3).map(sorted),
    category=st.sampled_from([HATE, INJECTION]),
)
async def test_each_level_acts_as_it_would_for_the_one_that_found_it(
    score: float, own: list[float], common: list[float], category: Category
) -> None:
    second = Sharp({category: score}, *own)
    both = CombinedClassifier([Sharp({}, *common), second])

    (moved,) = (await both.classify("Hello", Stage.INPUT)).values()

    assert 0 <= moved <= 1
    for level in LEVELS:
        acts_alone = score >= second.threshold(category, level)
        # Equal thresholds of two levels in the common scale cannot be told apart.
        if len(set(common)) == 3 or acts_alone:
            assert (moved >= both.threshold(category, level)) is acts_alone
