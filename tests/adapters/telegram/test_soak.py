"""Many updates over a network that fails at random."""

from tests.adapters.telegram.soak import soak


async def test_no_answer_is_lost_or_sent_twice_whatever_fails() -> None:
    outcome = await soak(300)
    assert outcome.num_faults > 30
    # On a machine that is overloaded, an answer may be given up, which is told.
    assert outcome.num_lost <= outcome.num_failed <= 1, outcome
    assert outcome.num_twice == 0
    assert (outcome.num_seen_twice, outcome.num_other) == (0, 0)
