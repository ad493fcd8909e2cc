"""What people who wait are told."""

import pytest

from bot.generation.requests import Place
from bot.queue_text import queue_text


@pytest.mark.parametrize(
    ("estimate_s", "told"),
    [
        (None, "You are number 3 in the queue …"),
        (0.1, "You are number 3 in the queue, about 1 s …"),
        (12.6, "You are number 3 in the queue, about 13 s …"),
    ],
)
def test_place_and_time_are_told(estimate_s: float | None, told: str) -> None:
    assert str(queue_text(Place(3, estimate_s))) == told
