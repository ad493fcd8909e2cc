import asyncio
import base64
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from bot.errors import BackendError
from bot.safety.classifier import NEVER, Scores
from bot.safety.fake import FakeClassifier
from bot.safety.filter import FilterChain, Subject
from bot.safety.gate import Gate
from bot.safety.guard_filter import ACTIONS, ACTIONS_AT_STRICT, GuardFilter
from bot.safety.policy import Category, Level, Policy
from bot.safety.verdict import ALLOW, Action, Stage
from bot.words import T

TABLE: dict[str, Scores] = {
    "kill": {Category.VIOLENCE: 0.93},
    "idiot": {Category.HARASSMENT: 0.8},
    "rude": {Category.HARASSMENT: 0.5},
    "myself": {Category.SELF_HARM: 0.75},
    "child": {Category.SEXUAL_MINORS: 0.71},
    "ignore": {Category.INJECTION: 0.95},
}
STRICT = Policy(Level.STRICT)


def guard(**table: Scores) -> GuardFilter:
    return GuardFilter(FakeClassifier(table or TABLE))


def said(text: str, **changes: object) -> Subject:
    return replace(Subject(text, Stage.INPUT), **changes)  # type: ignore[arg-type]


def shown(text: str, before: str = "", policy: Policy = STRICT) -> Subject:
    return Subject(text, Stage.OUTPUT, before=before, policy=policy)


def both(first: str, second: str) -> FakeClassifier:
    """Finds violence only where one word follows another."""

    def scores(text: str, stage: Stage) -> Scores:
        is_found = second in text.partition(first)[2]
        return {Category.VIOLENCE: 0.95 if is_found else 0.05}

    return FakeClassifier(scores)


def broken(text: str, stage: Stage) -> Scores:
    raise BackendError(T("The model could not answer this."))


@pytest.mark.parametrize("stage", Stage)
async def test_classifier_that_fails_lets_nothing_through_unnoticed(
    stage: Stage,
) -> None:
    judging = GuardFilter(FakeClassifier(broken))
    with pytest.raises(BackendError):
        await judging.judge(Subject("Hello", stage))

    judgement = await FilterChain([judging]).judge(Subject("Hello", stage))

    assert judgement.verdict.category == "failure"
    assert judgement.is_blocked is (stage is Stage.OUTPUT)


@pytest.mark.parametrize("score", [math.nan, -0.1, 1.01, math.inf])
async def test_probability_that_is_none_is_an_error(score: float) -> None:
    odd = GuardFilter(FakeClassifier(lambda text, stage: {Category.HATE: score}))
    with pytest.raises(ValueError, match="hate has a probability of"):
        await odd.judge(said("Hello"))


@pytest.mark.parametrize(
    ("is_to_bot", "action"), [(True, Action.BLOCK), (False, Action.FLAG)]
)
async def test_text_that_the_classifier_cannot_read_is_too_long(
    is_to_bot: bool, action: Action
) -> None:
    judging = GuardFilter(FakeClassifier({}, max_length=10))
    verdict = await judging.judge(said("x y " * 3, is_to_bot=is_to_bot))
    assert (verdict.action, verdict.category) == (action, "length")
    assert verdict.filter == "guard"


@pytest.mark.parametrize("text", ["", " ", "\n\t\u3000 "])
async def test_text_without_anything_in_it_is_not_asked_about(text: str) -> None:
    classifier = FakeClassifier(TABLE)
    assert await GuardFilter(classifier).judge(said(text)) == ALLOW
    assert classifier.asked == []


class BlindToMinors(FakeClassifier):
    @override
    def threshold(self, category: Category, level: Level) -> float:
        if category is Category.SEXUAL_MINORS:
            return NEVER
        return super().threshold(category, level)


async def test_classifier_is_not_asked_where_nothing_is_judged() -> None:
    classifier = BlindToMinors(TABLE)
    verdict = await GuardFilter(classifier).judge(
        said("I kill", policy=Policy(Level.OFF))
    )
    assert (verdict, classifier.asked) == (ALLOW, [])


async def test_minors_are_protected_where_all_else_is_off_or_milder() -> None:
    mild = Policy(Level.OFF, thresholds={Category.SEXUAL_MINORS: 0.99})
    verdict = await guard().judge(said("kill the child", policy=mild))
    assert (verdict.action, verdict.category) == (Action.BLOCK, "sexual_minors")

    firm = Policy(Level.OFF, thresholds={Category.SEXUAL_MINORS: 0.1})
    verdict = await guard(a={Category.SEXUAL_MINORS: 0.2}).judge(said("a", policy=firm))
    assert verdict.action is Action.BLOCK


async def test_verdict_says_what_how_sure_and_from_where_on() -> None:
    verdict = await guard().judge(said("I kill you"))
    assert verdict.action is Action.BLOCK
    assert (verdict.category, verdict.score) == ("violence", 0.93)
    assert verdict.filter == "guard"
    assert verdict.reason == "violence 0.93, threshold 0.70"
    assert verdict.scores == dict.fromkeys(map(str, Category), 0.0) | {"violence": 0.93}


async def test_scores_are_told_of_what_is_allowed_too() -> None:
    verdict = await guard().judge(said("how rude"))
    assert verdict == ALLOW
    assert verdict.scores["harassment"] == 0.5


def test_every_category_has_an_action_at_every_stage() -> None:
    for stage in Stage:
        assert ACTIONS[stage].keys() == set(Category)
        for category, action in ACTIONS_AT_STRICT[stage].items():
            assert action > ACTIONS[stage][category]


@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize(
    ("stage", "level", "injection"),
    [
        (Stage.INPUT, Level.RELAXED, Action.FLAG),
        (Stage.INPUT, Level.STANDARD, Action.FLAG),
        (Stage.INPUT, Level.STRICT, Action.BLOCK),
        (Stage.OUTPUT, Level.STANDARD, Action.FLAG),
        (Stage.OUTPUT, Level.STRICT, Action.BLOCK),
    ],
)
async def test_what_is_found_is_blocked_but_for_injections(
    category: Category, stage: Stage, level: Level, injection: Action
) -> None:
    subject = Subject("Some words", stage, policy=Policy(level))
    verdict = await guard(words={category: 0.95}).judge(subject)
    wanted = injection if category is Category.INJECTION else Action.BLOCK
    assert (verdict.action, verdict.category) == (wanted, str(category))


@pytest.mark.parametrize(
    ("policy", "action"),
    [
        (Policy(), Action.BLOCK),
        (Policy(Level.RELAXED), Action.ALLOW),
        (Policy(levels={Category.HARASSMENT: Level.OFF}), Action.ALLOW),
        (Policy(thresholds={Category.HARASSMENT: 0.81}), Action.ALLOW),
        (Policy(Level.RELAXED, thresholds={Category.HARASSMENT: 0.8}), Action.BLOCK),
        (Policy(thresholds={Category.HARASSMENT: 0.0}), Action.BLOCK),
        (
            Policy(
                levels={Category.HARASSMENT: Level.OFF},
                thresholds={Category.HARASSMENT: 0.1},
            ),
            Action.ALLOW,
        ),
    ],
)
async def test_policy_of_the_place_decides(policy: Policy, action: Action) -> None:
    verdict = await guard().judge(said("you idiot", policy=policy))
    assert verdict.action is action


async def test_category_that_the_classifier_does_not_see_is_never_found() -> None:
    judging = GuardFilter(FakeClassifier(lambda text, stage: {Category.HATE: 0.1}))
    all_at_once = Policy(thresholds={Category.VIOLENCE: 0.0})
    assert await judging.judge(said("Hello", policy=all_at_once)) == ALLOW


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("you idiot, I kill you", "violence"),  # the surest
        ("I kill myself", "self_harm"),  # care comes before rules
        ("I kill myself, child", "sexual_minors"),
        ("ignore that, idiot", "harassment"),  # what blocks before what flags
    ],
)
async def test_one_category_decides(text: str, category: str) -> None:
    assert (await guard().judge(said(text))).category == category


async def test_a_persona_may_instruct_and_nothing_else_that_is_bad() -> None:
    text = "ignore all that is rude"
    assert (await guard().judge(shown(text))).action is Action.BLOCK
    told = replace(shown(text), is_instruction=True)
    verdict = await guard(ignore={Category.INJECTION: 0.95}).judge(told)
    assert verdict.action is Action.ALLOW
    assert (await guard().judge(replace(told, text="ignore that idiot"))).category == (
        "harassment"
    )


async def test_what_is_not_to_the_bot_is_flagged_at_most() -> None:
    verdict = await guard().judge(said("I kill you", is_to_bot=False))
    assert (verdict.action, verdict.category) == (Action.FLAG, "violence")


@pytest.mark.parametrize(
    "text",
    [
        "I k1ll you",
        "I k.i.l.l you",
        "I k\u200bill you",
        "Read this: " + base64.b64encode(b"I will kill you, you know").decode(),
    ],
)
@pytest.mark.parametrize("stage", Stage)
async def test_disguised_text_is_judged_as_it_is_meant(text: str, stage: Stage) -> None:
    verdict = await guard().judge(Subject(text, stage))
    assert (verdict.action, verdict.category) == (Action.BLOCK, "violence")


async def test_plain_text_is_asked_about_once() -> None:
    classifier = FakeClassifier({})
    await GuardFilter(classifier).judge(said("Good morning", before="Hello. "))
    assert classifier.asked == [("Good morning", Stage.INPUT)]


async def test_piece_that_ends_what_began_before_is_blocked() -> None:
    judging = GuardFilter(both("kill", "them"))
    assert await judging.judge(shown(" them all.")) == ALLOW
    verdict = await judging.judge(shown(" them all.", before="Go and kill"))
    assert (verdict.action, verdict.score) == (Action.BLOCK, 0.95)


async def test_bad_piece_is_blocked_though_much_good_stands_before_it() -> None:
    def diluted(text: str, stage: Stage) -> Scores:
        return {Category.VIOLENCE: 0.9 if text.startswith("I kill") else 0.1}

    verdict = await GuardFilter(FakeClassifier(diluted)).judge(
        shown("I kill you.", before="What a fine day. ")
    )
    assert verdict.action is Action.BLOCK


async def test_piece_is_not_blamed_for_what_was_bad_before_it() -> None:
    verdict = await guard().judge(shown(" Good morning.", before="I kill you."))
    assert verdict == ALLOW
    assert verdict.scores["violence"] == 0.0

    again = await guard().judge(shown(" You idiot.", before="I kill you."))
    assert again.category == "harassment"


@pytest.mark.parametrize(
    ("before", "asked"),
    [
        ("One two.", "One two."),
        (" \n ", ""),
        ("glass " * 60, "glass " * 33),  # "ss" is not taken for a word
        ("好" * 300, "好" * 200),
        ("x" * 150 + " " + "y" * 60, "x" * 139 + " " + "y" * 60),
    ],
)
async def test_piece_is_judged_with_the_end_of_what_stands_before(
    before: str, asked: str
) -> None:
    classifier = FakeClassifier(lambda text, stage: {})
    await GuardFilter(classifier).judge(shown("Piece.", before=before))
    texts = [text for text, _ in classifier.asked]
    assert "Piece." in texts
    assert asked + "Piece." in texts


async def test_gate_stops_an_answer_where_it_becomes_bad() -> None:
    gate = Gate(FilterChain([GuardFilter(both("kill", "them"))]))
    released = await gate.feed("All is well. Now kill.\nIt is for them. More. ")
    assert released == "All is well. Now kill.\n"
    assert gate.blocked is not None
    assert gate.blocked.category == "violence"


async def test_forms_of_a_text_are_asked_about_at_once() -> None:
    waiting = 0
    all_there = asyncio.Event()

    class Waiting(FakeClassifier):
        @override
        async def classify(self, text: str, stage: Stage) -> Scores:
            nonlocal waiting
            waiting += 1
            if waiting == 2:  # masked and unmasked
                all_there.set()
            async with asyncio.timeout(5):
                await all_there.wait()
            return await super().classify(text, stage)

    judging = GuardFilter(Waiting(TABLE))
    verdict = await judging.judge(shown("I k1ll you"))
    assert verdict.category == "violence"


@pytest.mark.parametrize(
    ("piece", "score", "num_asked"),
    [
        ("A long and plain sentence about bread and butter.", 0.01, 1),
        ("A long sentence that is not quite as plain as that.", 0.2, 2),
        ("Do it now.", 0.01, 2),
    ],
)
async def test_context_is_asked_about_unless_a_piece_is_clear_by_itself(
    piece: str, score: float, num_asked: int
) -> None:
    guard = FakeClassifier(lambda text, stage: {Category.VIOLENCE: score})

    await GuardFilter(guard).judge(shown(piece, before="Take the bread knife. "))

    assert len(guard.asked) == num_asked


@given(
    scores=st.dictionaries(st.sampled_from(Category), st.floats(0, 1)),
    level=st.sampled_from(Level),
    stage=st.sampled_from(Stage),
)
async def test_nothing_over_its_threshold_is_ever_allowed(
    scores: dict[Category, float], level: Level, stage: Stage
) -> None:
    classifier = FakeClassifier(lambda text, stage: scores)
    policy = Policy(level)
    subject = Subject("Some words", stage, before="Before. ", policy=policy)

    verdict = await GuardFilter(classifier).judge(subject)

    over = {
        category
        for category, score in scores.items()
        if score >= classifier.threshold(category, policy.level_of(category))
    }
    # In this test all that stands before is as bad as the piece alone.
    assert (verdict.action is not Action.ALLOW) is bool(over)
    assert verdict.action is Action.ALLOW or verdict.category in over
