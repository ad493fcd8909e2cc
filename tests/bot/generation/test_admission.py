"""Room in a shared cache."""

import threading
from collections.abc import Callable

from bot.generation.admission import Admission

WAIT_S = 10.0


def never() -> bool:
    return False


def enter_later(
    admission: Admission, num_tokens: int, is_cancelled: Callable[[], bool] = never
) -> tuple[threading.Thread, list[bool]]:
    entered: list[bool] = []

    def enter() -> None:
        entered.append(admission.enter(num_tokens, is_cancelled=is_cancelled))

    thread = threading.Thread(target=enter, daemon=True)
    thread.start()
    return thread, entered


def test_enter_cancelled_holds_nothing() -> None:
    admission = Admission(10)
    assert admission.enter(8, is_cancelled=never)
    cancelled = threading.Event()
    thread, entered = enter_later(admission, 8, cancelled.is_set)
    cancelled.set()
    admission.wake()
    thread.join(WAIT_S)
    assert entered == [False]
    assert admission.enter(2, is_cancelled=never)


def test_enter_waits_until_it_fits_and_nobody_overtakes() -> None:
    admission = Admission(10)
    assert admission.enter(8, is_cancelled=never)
    big, big_entered = enter_later(admission, 5)
    while admission.num_waiting < 1:
        threading.Event().wait(0.001)
    small, small_entered = enter_later(admission, 1)
    while admission.num_waiting < 2:
        threading.Event().wait(0.001)
    assert big_entered == small_entered == []
    admission.leave(8)
    big.join(WAIT_S)
    small.join(WAIT_S)
    assert big_entered == small_entered == [True]


def test_enter_more_than_there_is_takes_all() -> None:
    admission = Admission(10)
    assert admission.enter(99, is_cancelled=never)
    admission.leave(99)
    assert admission.enter(10, is_cancelled=never)


def test_when_alone_is_called_only_alone() -> None:
    admission = Admission(10)
    calls: list[str] = []
    admission.enter(1, is_cancelled=never, when_alone=lambda: calls.append("first"))
    admission.enter(1, is_cancelled=never, when_alone=lambda: calls.append("second"))
    assert calls == ["first"]
