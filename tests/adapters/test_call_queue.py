"""The next call is the right one, at the right time, without looking at the others."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.call_queue import CallQueue
from adapters.pace import MARGIN_S, ROUNDING_S, Rate
from adapters.queued_call import Lane, QueuedCall

ONE_A_SECOND = {"all": (Rate(1, 1.0),), "chat": ()}


def queue(rates: dict[str, tuple[Rate, ...]], post_wait_s: float = 60.0) -> CallQueue:
    return CallQueue(rates, post_wait_s=post_wait_s)


def call(chat: str = "", lane: Lane = Lane.CHAT) -> QueuedCall:
    return QueuedCall(lane, ("all", f"chat:{chat}") if chat else ("all",))


def taken(waiting: CallQueue, now_s: float) -> list[QueuedCall]:
    begun = []
    while (call := waiting.next(now_s)) is not None:
        begun.append(call)
    return begun


def run_dry(waiting: CallQueue) -> list[tuple[float, QueuedCall]]:
    """Take out each call when it may begin, and look at no other time."""
    now_s, begun = 0.0, []
    while waiting.num_calls:
        begun += [(now_s, call) for call in taken(waiting, now_s)]
        look_s = waiting.next_look_s()
        if look_s is not None:
            assert look_s > now_s, "it looks again and nothing has changed"
            now_s = look_s
    assert waiting.next_look_s() is None
    return begun


def add(waiting: CallQueue, *calls: QueuedCall, now_s: float = 0.0) -> None:
    for each in calls:
        waiting.add(each, now_s)


@pytest.mark.parametrize("keys", [(), ("all", "planet:1"), ("",)])
def test_call_that_no_rate_covers_is_refused(keys: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"one key|no rates"):
        queue(ONE_A_SECOND).check(keys)


def test_nothing_waits_in_an_empty_queue() -> None:
    waiting = queue(ONE_A_SECOND)
    assert waiting.next(0.0) is None
    assert waiting.next_look_s() is None


def test_calls_that_may_begin_do_so_together() -> None:
    waiting = queue({"all": (Rate(3, 1.0),)})
    calls = [call() for _ in range(4)]
    add(waiting, *calls)
    assert taken(waiting, 0.0) == calls[:3]
    assert waiting.next_look_s() == 1.0
    assert taken(waiting, 1.0) == calls[3:]


def test_higher_lane_goes_first_whenever_it_came() -> None:
    waiting = queue(ONE_A_SECOND)
    calls = [call("a", lane) for lane in reversed(Lane)]
    add(waiting, call("b", Lane.MODERATION))
    taken(waiting, 0.0)
    add(waiting, *calls)
    assert [each.lane for _, each in run_dry(waiting)] == list(Lane)


def test_busy_chat_does_not_hold_up_the_others() -> None:
    waiting = queue(ONE_A_SECOND)
    busy = [call("busy") for _ in range(50)]
    add(waiting, *busy)
    assert taken(waiting, 0.0) == busy[:1]
    quiet = call("quiet")
    waiting.add(quiet, 0.5)
    assert taken(waiting, 1.0) == [busy[1]]
    assert taken(waiting, 2.0) == [quiet]


def test_paused_chat_blocks_no_other() -> None:
    waiting = queue(ONE_A_SECOND)
    waiting.pace("chat:paused").pause(0.0, 100.0, begun_s=0.0)
    paused, others = call("paused"), [call(f"{n}") for n in range(3)]
    add(waiting, paused, *others)
    begun = {each: at_s for at_s, each in run_dry(waiting)}
    assert [begun[other] for other in others] == [0.0, 1.0, 2.0]
    assert begun[paused] == 100.0 + MARGIN_S


def test_chat_whose_pause_ends_goes_before_those_that_come_just_then() -> None:
    waiting = queue({"all": (Rate(2, 1.0),), "chat": ()})
    waiting.pace("chat:paused").pause(0.0, 5.0, begun_s=0.0)
    paused, ban, late = call("paused"), call("b", Lane.MODERATION), call("c")
    add(waiting, paused)
    assert taken(waiting, 0.0) == []
    add(waiting, ban, late, now_s=5.0 + MARGIN_S)
    assert taken(waiting, 5.0 + MARGIN_S) == [ban, paused]


def test_pause_of_the_widest_key_holds_up_all() -> None:
    waiting = queue(ONE_A_SECOND)
    waiting.pace("all").pause(0.0, 5.0, begun_s=0.0)
    add(waiting, call("a"), call("b", Lane.MODERATION))
    lanes = [(at_s, each.lane) for at_s, each in run_dry(waiting)]
    assert lanes == [(5.1, Lane.MODERATION), (6.1, Lane.CHAT)]


def test_pause_that_begins_while_calls_wait_holds_them_too() -> None:
    waiting = queue(ONE_A_SECOND)
    first, second = call("a"), call("a")
    add(waiting, call("b"), first, second)
    assert len(taken(waiting, 0.0)) == 1
    waiting.pace("chat:a").pause(0.5, 3.0, begun_s=0.5)
    assert taken(waiting, 1.0) == []
    assert waiting.next_look_s() == 3.5 + MARGIN_S
    assert taken(waiting, 3.6) == [first]


def test_post_that_has_waited_goes_before_newer_answers() -> None:
    waiting = queue(ONE_A_SECOND, post_wait_s=10.0)
    post = call("news", Lane.POST)
    add(waiting, call("first"), post)
    begun_s = None
    for second in range(60):
        for chat in ("a", "b"):  # twice as many answers as may go out
            waiting.add(call(chat), float(second))
        if post in taken(waiting, float(second)):
            begun_s = second
    assert begun_s is not None
    assert 10 <= begun_s <= 13


def test_moderation_goes_before_a_post_of_any_age() -> None:
    waiting = queue(ONE_A_SECOND, post_wait_s=0.0)
    add(waiting, call("a"), call("news", Lane.POST))
    taken(waiting, 0.0)
    ban = call("b", Lane.MODERATION)
    waiting.add(ban, 1000.0)
    assert taken(waiting, 1000.0) == [ban]


def test_brake_holds_answers_and_posts_only() -> None:
    waiting = queue({"all": (Rate(100, 1.0),)})
    waiting.brake.gap_s = 5.0
    calls = [call(lane=lane) for lane in Lane for _ in range(2)]
    add(waiting, *calls)
    times = [(at_s, each.lane) for at_s, each in run_dry(waiting)]
    fast = [(0.0, lane) for lane in (Lane.MODERATION, Lane.ACKNOWLEDGE)]
    assert times == [
        *sorted(fast * 2),
        (0.0, Lane.CHAT),
        (5.0, Lane.CHAT),
        (10.0, Lane.POST),
        (15.0, Lane.POST),
    ]


def test_brake_that_is_eased_lets_waiting_calls_go_sooner() -> None:
    waiting = queue({"all": ()})
    waiting.brake.gap_s = 5.0
    add(waiting, call(), call(), call())
    assert len(taken(waiting, 0.0)) == 1
    waiting.brake.gap_s = 1.0
    waiting.add(call(lane=Lane.POST), 0.5)
    for second in (1.0, 2.0, 3.0):
        assert waiting.next_look_s() == second
        assert len(taken(waiting, second)) == 1
    for second in (4.0, 5.0, 6.0):  # nothing is left of the look it took at 5 s
        waiting.add(call(), second - 0.5)
        waiting.add(call(), second - 0.5)
        taken(waiting, second - 0.5)
        assert waiting.next_look_s() == second
        taken(waiting, second)


def test_removed_call_takes_no_slot() -> None:
    waiting = queue(ONE_A_SECOND)
    calls = [call("a") for _ in range(3)]
    add(waiting, *calls)
    taken(waiting, 0.0)
    waiting.remove(calls[1])
    assert taken(waiting, 1.0) == [calls[2]]
    assert waiting.num_calls == 0


def test_chat_whose_calls_were_all_removed_can_wait_again() -> None:
    waiting = queue(ONE_A_SECOND)
    gone, back = call("a"), call("a")
    add(waiting, call("b"), gone)
    taken(waiting, 0.0)
    waiting.remove(gone)
    assert waiting.next_look_s() is None
    waiting.add(back, 0.5)
    assert waiting.next_look_s() == 1.0
    assert taken(waiting, 1.0) == [back]


def test_line_that_was_emptied_is_dropped() -> None:
    waiting = queue(ONE_A_SECOND)
    gone, other = call("a"), call("c")
    add(waiting, call("b"), gone, other)
    taken(waiting, 0.0)
    waiting.remove(gone)
    assert taken(waiting, 1.0) == [other]


def test_first_place_is_before_those_like_it() -> None:
    waiting = queue(ONE_A_SECOND)
    first, again = call("a"), call("a")
    add(waiting, call("b"), first)
    waiting.add(again, 0.0, is_first=True)
    taken(waiting, 0.0)
    assert taken(waiting, 1.0) == [again]


def test_drain_takes_out_every_call() -> None:
    waiting = queue(ONE_A_SECOND)
    calls = [call(f"{n % 2}") for n in range(5)]
    add(waiting, *calls)
    (begun,) = taken(waiting, 0.0)
    assert set(waiting.drain()) == set(calls) - {begun}
    assert waiting.num_calls == 0
    assert taken(waiting, 100.0) == []


def test_forecast_counts_those_that_wait() -> None:
    waiting = queue({"all": (Rate(2, 1.0),), "chat": ()})
    keys = ("all", "chat:b")
    assert waiting.ready_s(keys, 0.0) == 0.0
    add(waiting, *[call("a") for _ in range(5)])
    taken(waiting, 0.0)
    assert waiting.ready_s(keys, 0.0) == 2.0
    assert waiting.ready_s(keys, 0.0, is_next=True) == 1.0
    assert waiting.ready_s(("chat:b",), 0.0) == 0.0


def test_keys_that_rest_are_forgotten() -> None:
    waiting = queue({"all": (Rate(1000, 1.0),), "chat": (Rate(1, 1.0),)})
    for number in range(20_000):
        now_s = number / 100
        waiting.add(call(f"{number}"), now_s)
        assert len(taken(waiting, now_s)) == 1
    assert waiting.num_gates < 200  # a hundred new ones a second, kept for a second


def test_keys_that_are_paused_or_waited_for_are_kept() -> None:
    waiting = queue(ONE_A_SECOND)
    waiting.pace("chat:paused").pause(0.0, 1000.0, begun_s=0.0)
    for number in range(100):
        waiting.add(call(f"{number % 20}"), float(number))
        assert len(taken(waiting, float(number))) == 1
    assert waiting.num_paused(99.0) == 1
    assert not waiting.pace("chat:paused").is_free(99.0)


def test_ten_thousand_calls_over_a_thousand_chats_go_out_in_turn() -> None:
    waiting = queue({"all": (Rate(30, 1.0),), "chat": (Rate(3, 3.0),)})
    chats = [f"{n}" for n in range(1000)]
    begin_s = time.process_time()
    for chat in chats:
        add(waiting, *[call(chat) for _ in range(10)])
    begun = run_dry(waiting)
    spent_s = time.process_time() - begin_s

    assert [at_s for at_s, _ in begun] == pytest.approx([n // 30 for n in range(10**4)])
    for round_ in range(10):  # each chat once before any a second time
        part = begun[round_ * 1000 : (round_ + 1) * 1000]
        assert [each.keys[1].removeprefix("chat:") for _, each in part] == chats
    assert spent_s < 10  # it takes 0.3 s; looking at each that waits takes minutes


KEYS = st.sampled_from(
    [("all",), ("all", "chat:a"), ("all", "chat:b"), ("all", "chat:a", "edit:a")]
)
RATES = {
    "all": (Rate(3, 1.0),),
    "chat": (Rate(1, 0.7), Rate(4, 6.0)),
    "edit": (Rate(2, 3.0),),
}
steps = st.one_of(
    st.tuples(st.just("add"), KEYS, st.sampled_from(Lane)),
    st.tuples(st.just("wait"), st.floats(0, 3), st.none()),
    st.tuples(st.just("remove"), st.integers(0, 50), st.none()),
    st.tuples(
        st.just("pause"), st.sampled_from(["all", "chat:a", "edit:a"]), st.none()
    ),
)


@settings(deadline=None)
@given(st.lists(steps, max_size=60))
def test_no_window_overflows_and_no_call_is_lost_or_taken_twice(
    script: list[tuple[str, object, object]],
) -> None:
    waiting, now_s = queue(RATES, post_wait_s=2.0), 0.0
    added: list[QueuedCall] = []
    removed: set[QueuedCall] = set()
    begun: list[tuple[float, QueuedCall]] = []

    def look(at_s: float) -> None:
        for each in taken(waiting, at_s):
            begun.append((at_s, each))
            gone = {one for _, one in begun} | removed
            for other in (one for one in added if one not in gone):
                is_faster = other.lane < min(each.lane, Lane.CHAT)
                assert not (is_faster and set(other.keys) <= set(each.keys))
                is_like_it = (other.lane, other.keys) == (each.lane, each.keys)
                assert not (is_like_it and added.index(other) < added.index(each))
        gone = {one for _, one in begun} | removed
        for other in (one for one in added if one not in gone):
            assert not all(waiting.pace(key).is_free(at_s) for key in other.keys)

    for step, what, lane in script:
        if step == "add" and isinstance(what, tuple) and isinstance(lane, Lane):
            added.append(QueuedCall(lane, what))
            waiting.add(added[-1], now_s)
        elif step == "wait" and isinstance(what, float):
            end_s = now_s + what
            while (look_s := waiting.next_look_s()) is not None and look_s <= end_s:
                look(look_s)
            now_s = end_s
        elif step == "remove" and isinstance(what, int):
            gone = {each for _, each in begun} | removed
            left = [each for each in added if each not in gone]
            if left:
                removed.add(left[what % len(left)])
                waiting.remove(left[what % len(left)])
        elif step == "pause" and isinstance(what, str):
            waiting.pace(what).pause(now_s, 1.5, begun_s=-1.0)
        look(now_s)
    while (look_s := waiting.next_look_s()) is not None:
        look(look_s)

    assert sorted(map(id, added)) == sorted(
        map(id, [*removed, *(each for _, each in begun)])
    )
    for key in ("all", "chat:a", "chat:b", "edit:a"):
        times = [at_s for at_s, each in begun if key in each.keys]
        for rate in RATES[key.partition(":")[0]]:
            for first_s, later_s in zip(times, times[rate.calls :], strict=False):
                assert later_s - first_s >= rate.per_s - 2 * ROUNDING_S
