"""The pace of the last requests."""

from bot.generation.status import Pace


def test_pace_of_nothing_is_unknown() -> None:
    assert Pace().duration_s() is None
    assert Pace().tokens_per_s(1) == 0


def test_pace_counts_overlapping_time_once_and_forgets_the_old() -> None:
    pace = Pace()
    pace.add(begun_s=0, ended_s=5, num_tokens=1000)  # more than a minute ago
    pace.add(begun_s=100, ended_s=110, num_tokens=50)
    pace.add(begun_s=105, ended_s=120, num_tokens=70)
    pace.add(begun_s=130, ended_s=140, num_tokens=60)
    assert pace.duration_s() == 10
    assert pace.tokens_per_s(150) == 180 / 30
