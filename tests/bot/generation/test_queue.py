"""Whose turn it is."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import OverloadedError
from bot.generation.queue import FairQueue
from bot.generation.requests import Owner, Priority

OWNERS = st.builds(Owner, st.sampled_from("AB"), st.sampled_from("xyz"))
PUSHES = st.lists(st.tuples(OWNERS, st.sampled_from(Priority)), max_size=30)


def filled(pushes: list[tuple[Owner, Priority]]) -> FairQueue:
    waiting = FairQueue(100)
    for number, (owner, priority) in enumerate(pushes):
        waiting.push(str(number), owner=owner, priority=priority)
    return waiting


def popped(waiting: FairQueue) -> list[str]:
    ids = []
    while (request_id := waiting.pop()) is not None:
        ids.append(request_id)
    return ids


def test_push_full_is_refused_kindly() -> None:
    waiting = FairQueue(1)
    waiting.push("a", owner=Owner("A", "x"), priority=Priority.CHAT)
    with pytest.raises(OverloadedError, match="try again"):
        waiting.push("b", owner=Owner("A", "y"), priority=Priority.CHAT)
    assert "b" not in waiting
    assert len(waiting) == 1


@given(PUSHES)
def test_lanes_count_what_waits_in_each_class(
    pushes: list[tuple[Owner, Priority]],
) -> None:
    lanes = filled(pushes).lanes()
    assert list(lanes) == list(Priority)
    assert lanes == {
        priority: sum(one is priority for _, one in pushes) for priority in Priority
    }


def test_push_twice_is_a_mistake() -> None:
    waiting = filled([(Owner("A", "x"), Priority.CHAT)])
    with pytest.raises(ValueError, match="waits already"):
        waiting.push("0", owner=Owner("A", "x"), priority=Priority.CHAT)


def test_pop_empty_is_none() -> None:
    assert FairQueue(1).pop() is None


def test_remove_unknown_is_false() -> None:
    assert not FairQueue(1).remove("a")
    assert FairQueue(1).position("a") is None


def test_pop_takes_turns_among_communities_and_people() -> None:
    pushes = [
        (Owner("A", "x"), Priority.CHAT),
        (Owner("A", "x"), Priority.CHAT),
        (Owner("A", "x"), Priority.CHAT),
        (Owner("A", "y"), Priority.CHAT),
        (Owner("B", "z"), Priority.CHAT),
        (Owner("B", "z"), Priority.CHAT),
        (Owner("A", "x"), Priority.POST),
        (Owner("A", "x"), Priority.COMMAND),
    ]
    assert popped(filled(pushes)) == ["0", "4", "3", "5", "1", "2", "7", "6"]


def test_pop_skips_who_may_not_run_and_keeps_their_place() -> None:
    waiting = filled(
        [(Owner("A", "x"), Priority.CHAT), (Owner("A", "y"), Priority.CHAT)]
    )
    assert waiting.pop(lambda request_id: request_id != "0") == "1"
    assert waiting.pop(lambda request_id: request_id != "0") is None
    assert waiting.position("0") == 1


@given(PUSHES)
def test_position_is_the_order_of_pops(pushes: list[tuple[Owner, Priority]]) -> None:
    waiting = filled(pushes)
    places = {str(n): waiting.position(str(n)) for n in range(len(pushes))}
    order = popped(waiting)
    assert {id: place for place, id in enumerate(order, 1)} == places


@given(PUSHES.filter(bool), st.data())
def test_remove_makes_nobody_wait_longer(
    pushes: list[tuple[Owner, Priority]], data: st.DataObject
) -> None:
    waiting = filled(pushes)
    before = waiting.order()
    gone = data.draw(st.sampled_from(before))
    assert waiting.remove(gone)
    after = waiting.order()
    assert sorted([*after, gone]) == sorted(before)
    assert all(after.index(id) <= before.index(id) for id in after)


@given(PUSHES)
def test_pop_keeps_each_persons_order_and_loses_nothing(
    pushes: list[tuple[Owner, Priority]],
) -> None:
    order = [int(id) for id in popped(filled(pushes))]
    assert sorted(order) == list(range(len(pushes)))
    for push in set(pushes):
        own = [n for n in order if pushes[n] == push]
        assert own == sorted(own)


@given(PUSHES)
def test_pop_follows_the_classes(pushes: list[tuple[Owner, Priority]]) -> None:
    classes = [pushes[int(id)][1] for id in popped(filled(pushes))]
    assert classes == sorted(classes)


@given(st.integers(1, 30), PUSHES)
def test_a_busy_person_delays_others_by_one_turn_each(
    num_busy: int, pushes: list[tuple[Owner, Priority]]
) -> None:
    busy = [(Owner("A", "busy"), Priority.CHAT)] * num_busy
    others = [(owner, Priority.CHAT) for owner, _ in pushes]
    waiting = filled([*busy, *others, (Owner("A", "new"), Priority.CHAT)])
    newcomer = str(num_busy + len(others))
    order = popped(waiting)
    before = [(*busy, *others)[int(id)][0] for id in order[: order.index(newcomer)]]
    turns = Counter(owner for owner in before if owner.community == "A")
    assert max(turns.values(), default=0) <= 1
    # And the other community has at most one turn for each turn of this one.
    assert len(before) <= 2 * (sum(turns.values()) + 1)


@given(PUSHES, PUSHES)
def test_nobody_starves_while_others_keep_coming(
    pushes: list[tuple[Owner, Priority]], later: list[tuple[Owner, Priority]]
) -> None:
    waiting = FairQueue(1000)
    waiting.push("patient", owner=Owner("C", "p"), priority=Priority.CHAT)
    for number, (owner, _) in enumerate([*pushes, *later] * 3):
        waiting.push(str(number), owner=owner, priority=Priority.CHAT)
        if "patient" not in waiting:
            break
        if number >= len(pushes):
            waiting.pop()
    num_communities = 3
    for _ in range(num_communities):
        waiting.pop()
    assert "patient" not in waiting
