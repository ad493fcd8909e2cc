"""A training ends when it is asked to, or when its time is over."""

from __future__ import annotations

import os
import signal

from bot.training.sticker.stopping import stop_asked


def test_it_goes_on_until_it_is_asked_to_stop() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stop_asked(None) as is_stopped:
        assert not is_stopped()
        os.kill(os.getpid(), signal.SIGTERM)
        assert is_stopped()
    assert signal.getsignal(signal.SIGTERM) is before


def test_it_stops_when_its_time_is_over() -> None:
    now = [0.0]
    with stop_asked(0.5, seconds=lambda: now[0]) as is_stopped:
        now[0] = 1799
        assert not is_stopped()
        now[0] = 1801
        assert is_stopped()
