"""A short soak; the long one is run by hand."""

import pytest

from tests.adapters.discord.soak import soak


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_answer_is_lost_and_none_is_there_twice(seed: int) -> None:
    outcome = await soak(num_messages=150, num_people=30, seed=seed)
    assert outcome.num_faults > 5
    assert outcome.lost == []
    assert outcome.twice == []
    assert outcome.failed == []
