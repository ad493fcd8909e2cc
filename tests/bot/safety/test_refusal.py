import pytest

from bot.safety.refusal import REFUSALS, refusal
from bot.safety.verdict import Action, Stage, Verdict


def blocked(category: str, **values: float) -> Verdict:
    return Verdict(
        Action.BLOCK,
        category,
        1.0,
        "some_filter",
        "reason for moderators",
        limit=int(values["limit"]) if "limit" in values else None,
        retry_after_s=values.get("retry_after_s"),
    )


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("category", ["", "something new", "length", "word"])
def test_refusal_always_has_words(stage: Stage, category: str) -> None:
    text = str(refusal(blocked(category), stage=stage))

    assert len(text) > 30
    assert text.endswith(".")
    assert "Please" in text
    assert "reason for moderators" not in text


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (blocked("flood", retry_after_s=4.2), "write again in 5 seconds."),
        (blocked("flood", retry_after_s=0.3), "write again in 1 second."),
        (blocked("flood"), "write again in 1 second."),
        (blocked("length", limit=8000), "I can take 8000 characters."),
        (blocked("length", limit=1), "I can take 1 character."),
        (blocked("length"), "shorten it"),
        (blocked("word"), "a word that is not wanted"),
        (blocked("failure"), "could not check it"),
        (blocked("new"), "against a rule of this community"),
    ],
)
def test_refusal_says_the_rule_and_what_to_do(verdict: Verdict, expected: str) -> None:
    assert expected in str(refusal(verdict))


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("word", "I was about to use a word"),
        ("failure", "could not check what comes next"),
        ("new", "against a rule of this community"),
    ],
)
def test_refusal_of_an_answer_says_that_it_ends(category: str, expected: str) -> None:
    text = str(refusal(blocked(category), stage=Stage.OUTPUT))

    assert text.startswith("I stop here")
    assert expected in text


def test_each_refusal_says_something_else() -> None:
    for rows in REFUSALS.values():
        # Some categories share a refusal: then it is the same function.
        texts = {
            str(write(blocked(category, retry_after_s=9, limit=9)))
            for category, write in rows.items()
        }
        assert len(texts) == len(set(rows.values()))


def test_picture_that_is_not_safe_is_not_called_a_message() -> None:
    shown = Verdict(Action.BLOCK, "sexual", 0.9, "pictures", "sexual 0.9")

    assert str(refusal(shown)).startswith("That picture")
    assert "the picture I made" in str(refusal(shown, stage=Stage.OUTPUT))
