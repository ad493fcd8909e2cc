from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bench.talk import Speed, Talkers, percentile
from bot.errors import GenerationError, GoneError

if TYPE_CHECKING:
    from tests.bot.conftest import OpenBot

FINITE = st.floats(allow_nan=False, allow_infinity=False)
NO_LIMITS = {"person_per_minute": 10_000, "channel_per_minute": 10_000}


@pytest.mark.parametrize(
    ("values", "share", "wanted"),
    [
        ([], 0.5, 0.0),
        ([7.0], 0.0, 7.0),
        ([7.0], 0.95, 7.0),
        ([2.0, 1.0], 0.5, 1.0),
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        ([float(n) for n in range(1, 101)], 0.95, 95.0),
        ([float(n) for n in range(1, 17)], 0.95, 16.0),
        ([float(n) for n in range(1, 17)], 1.0, 16.0),
    ],
)
def test_percentile_of_a_few(values: list[float], share: float, wanted: float) -> None:
    assert percentile(values, share) == wanted


@given(st.lists(FINITE, min_size=1), st.floats(0.01, 1.0))
def test_percentile_is_the_smallest_value_that_the_share_does_not_exceed(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    assert sum(value < found for value in values) < share * len(values)


def test_speed_counts_all_tokens_by_the_time_they_took_together() -> None:
    assert Speed(4, 100, 2.0, 0.1, 0.2).tokens_per_s == 50


async def test_talkers_measure_what_was_answered(open_bot: OpenBot) -> None:
    async with open_bot({"reply": "One two three."}, safety=NO_LIMITS) as bot:
        speed = await Talkers(bot.app, 3, is_fresh=True).ask_once()
        assert (speed.num_answers, speed.num_tokens) == (3, 9)
        assert 0 <= speed.first_s_p50 <= speed.first_s_p95 <= speed.duration_s
        with pytest.raises(GoneError):  # each time in channels of their own
            bot.platform.channel("bench-0")


@pytest.mark.parametrize("word", ["bread", "told"])
async def test_talkers_measure_nothing_when_a_filter_refused(
    open_bot: OpenBot, word: str
) -> None:
    safety = {**NO_LIMITS, "blocked_words": [word]}
    async with open_bot({"reply": "It is told."}, safety=safety) as bot:
        talkers = Talkers(bot.app, 2, is_fresh=True)
        with pytest.raises(GenerationError, match="A filter refused"):
            await talkers.ask_once()


@pytest.mark.parametrize("fault", ["fail_on", "crash_on", "oom_on"])
async def test_talkers_measure_nothing_when_an_answer_failed(
    open_bot: OpenBot, fault: str
) -> None:
    async with open_bot({fault: "bread rises"}, safety=NO_LIMITS) as bot:
        talkers = Talkers(bot.app, 2, is_fresh=True)
        with pytest.raises(GenerationError, match="An answer failed"):
            await talkers.ask_once()
