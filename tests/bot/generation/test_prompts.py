import pytest

from bot.errors import BackendError
from bot.generation.prompts import room_for


def test_prompt_that_came_out_empty_is_nothing_to_answer() -> None:
    with pytest.raises(BackendError, match="nothing to answer"):
        room_for(0, 100)


@pytest.mark.parametrize("num_tokens", [100, 101, 5000])
def test_prompt_that_fills_the_context_is_too_long(num_tokens: int) -> None:
    with pytest.raises(BackendError, match=f"{num_tokens} tokens, and I can read 100"):
        room_for(num_tokens, 100)


def test_room_is_what_the_prompt_leaves() -> None:
    assert (room_for(1, 100), room_for(99, 100)) == (99, 1)
