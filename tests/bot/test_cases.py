"""How a case moves on: whoever tries what, in whatever order."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases import By, Case, CaseKind, CaseState, Move, Outcome, moved
from bot.errors import UserError

THEN_UTC = datetime(2026, 1, 1, tzinfo=UTC)
MO, KIM = By("fake:mo", "Mo"), By("fake:kim", "Kim")
NEW = Case(
    3, CaseKind.REPORT, CaseState.OPEN, "community:fake:village", THEN_UTC, THEN_UTC
)

steps = st.tuples(
    st.sampled_from(Move), st.sampled_from((MO, KIM)), st.sampled_from(Outcome)
)


@given(st.lists(steps, max_size=12))
def test_case_has_an_owner_unless_open_and_an_outcome_only_when_closed(
    tried: list[tuple[Move, By, Outcome]],
) -> None:
    case = NEW
    for move, by, outcome in tried:
        before = case
        try:
            case = moved(case, move, by, outcome=outcome)
        except UserError:
            continue
        assert (case.owner_id == "") == (case.state is CaseState.OPEN)
        assert (case.outcome is not None) == case.is_closed
        if move is not Move.REOPEN:
            # Nobody takes from another what they have.
            assert before.owner_id in {"", by.id}
            assert not before.is_closed


@given(steps)
def test_closed_case_only_ever_opens_again(tried: tuple[Move, By, Outcome]) -> None:
    move, by, outcome = tried
    closed = moved(NEW, Move.CLOSE, MO, outcome=Outcome.ACTED)
    if move is Move.REOPEN:
        again = moved(closed, move, by)
        assert again == NEW
        return
    with pytest.raises(UserError, match="already decided by Mo"):
        moved(closed, move, by, outcome=outcome)


def test_second_moderator_is_told_who_has_it() -> None:
    case = moved(NEW, Move.TAKE, MO)
    with pytest.raises(UserError) as caught:
        moved(case, Move.TAKE, KIM)
    assert str(caught.value) == ("Case 3 is with Mo. To take it over: /case reopen 3")
    assert moved(case, Move.TAKE, MO) == case


def test_open_case_is_not_opened_again() -> None:
    with pytest.raises(UserError, match="is open already"):
        moved(NEW, Move.REOPEN, MO)
