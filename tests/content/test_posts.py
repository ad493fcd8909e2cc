import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.posts import (
    TRANSITIONS,
    PostStatus,
    WrongTransitionError,
    check_transition,
)

FINAL = {status for status, following in TRANSITIONS.items() if not following}
statuses = st.sampled_from(list(PostStatus))


@given(old=statuses, new=statuses)
def test_transition_passes_exactly_what_the_table_has(
    old: PostStatus, new: PostStatus
) -> None:
    if new in TRANSITIONS[old]:
        check_transition(old, new)
    else:
        with pytest.raises(WrongTransitionError, match=f"{old} cannot become {new}"):
            check_transition(old, new)


def test_table_knows_every_status() -> None:
    assert set(TRANSITIONS) == set(PostStatus)


def test_what_was_refused_or_taken_back_never_changes_again() -> None:
    assert {PostStatus.RETRACTED, PostStatus.REJECTED, PostStatus.SKIPPED} == FINAL


def test_post_that_is_out_can_be_taken_back() -> None:
    before = {old for old, new in TRANSITIONS.items() if PostStatus.RETRACTING in new}
    assert before == {PostStatus.PUBLISHING, PostStatus.PUBLISHED, PostStatus.UNKNOWN}


@given(path=st.lists(statuses, max_size=30))
def test_nothing_goes_out_that_was_not_approved(path: list[PostStatus]) -> None:
    """Whatever is tried, publishing is only reached by way of approved."""
    status, was_approved = PostStatus.PLANNED, False
    for wanted in path:
        # What was never sent has no reason to be sent again by a moderator.
        if status is PostStatus.FAILED and not was_approved:
            wanted = PostStatus.PLANNED
        if status is PostStatus.EXPIRED and not was_approved:
            break
        if wanted in TRANSITIONS[status]:
            status = wanted
        was_approved = was_approved or status is PostStatus.APPROVED
        if status in (PostStatus.PUBLISHING, PostStatus.PUBLISHED):
            assert was_approved


@pytest.mark.parametrize("status", sorted(set(PostStatus) - FINAL))
def test_every_open_status_can_still_end(status: PostStatus) -> None:
    reached, frontier = {status}, [status]
    while frontier:
        for following in TRANSITIONS[frontier.pop()] - reached:
            reached.add(following)
            frontier.append(following)
    assert reached & FINAL
