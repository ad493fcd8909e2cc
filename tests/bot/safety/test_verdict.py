import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.verdict import ALLOW, Action, Verdict, combine

FLAG = Verdict(Action.FLAG, "guard", 0.6, "guard", "rude")
REDACT = Verdict(Action.REDACT, "mention", 0.9, "mentions", "many", "first")
REDACT_LATER = Verdict(Action.REDACT, "secret", 0.4, "secrets", "a key", "second")
BLOCK = Verdict(Action.BLOCK, "word", 0.2, "words", "a word")


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], ALLOW),
        ([ALLOW, ALLOW], ALLOW),
        ([ALLOW, FLAG], FLAG),
        ([FLAG, BLOCK, REDACT], BLOCK),
        ([REDACT], REDACT),
        (
            [FLAG, Verdict(Action.FLAG, "x", 0.7)],
            Verdict(Action.FLAG, "x", 0.7),
        ),
        ([FLAG, Verdict(Action.FLAG, "x", 0.6)], FLAG),
    ],
)
def test_combine_takes_the_strictest_surest_first(
    verdicts: list[Verdict], expected: Verdict
) -> None:
    assert combine(verdicts) == expected


def test_combine_keeps_the_text_of_the_last_redaction() -> None:
    combined = combine([REDACT, REDACT_LATER])

    assert combined == Verdict(
        Action.REDACT, "mention", 0.9, "mentions", "many", "second"
    )


def test_combine_keeps_no_redacted_text_where_all_is_blocked() -> None:
    assert combine([REDACT, BLOCK]).text is None


def test_verdict_does_not_show_its_text_when_printed() -> None:
    assert "first" not in repr(REDACT)


@given(st.permutations([ALLOW, FLAG, REDACT, BLOCK]))
def test_combine_finds_the_same_action_in_any_order(verdicts: list[Verdict]) -> None:
    assert combine(verdicts).action is Action.BLOCK
