import pytest

from bot.bench.bare import BareBackend
from bot.errors import BackendError
from bot.generation.requests import (
    ModelSpec,
    PromptTurn,
    TextParams,
    TextPayload,
    TurnRole,
)

PARAMS = TextParams(max_tokens=50)


def asked(text: str) -> TextPayload:
    return TextPayload((PromptTurn(TurnRole.USER, text),))


def backend(**options: str | float) -> BareBackend:
    return BareBackend(ModelSpec("fake", "fake", "", options=tuple(options.items())))


def test_bare_backend_measures_nothing_when_an_answer_failed() -> None:
    bare = backend(reply="Yes.", fail_on="trouble")
    with pytest.raises(BackendError):
        bare.ask_once([asked("Hello"), asked("trouble")], PARAMS)
    bare.close()


def test_bare_backend_counts_the_same_as_the_bot() -> None:
    bare = backend(reply="One two. Three four.", delay_s=0.01)
    speed = bare.ask_once([asked("Hello")] * 4, PARAMS)
    bare.close()
    assert (speed.num_answers, speed.num_tokens) == (4, 16)
    # The first sentence is whole after two of four tokens.
    assert 0.02 <= speed.first_s_p50 <= speed.first_s_p95 < speed.duration_s
    assert speed.tokens_per_s == 16 / speed.duration_s
