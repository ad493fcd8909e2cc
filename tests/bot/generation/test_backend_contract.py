"""What every backend of texts has to do, on every one of them.

A new backend is a row in CASES and a function that opens it.
"""

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BackendError
from bot.generation.backend import Backend
from bot.generation.backends import BACKENDS
from bot.generation.requests import FinishReason, Kind, ModelSpec, TextParams

MakeDriver = Callable[[Backend], Any]
SLOTS = 4
CONTEXT_TOKENS = 512


@dataclass(frozen=True, slots=True)
class Case:
    """A backend with a model in it."""

    id: str
    backend: str
    model: str
    is_real: bool = False
    """A trained model, which can be asked for something."""


CASES = (
    Case("fake", "fake", "fake"),
    Case("transformers", "transformers", "tiny"),
    Case("llama.cpp", "llama.cpp", "starter", is_real=True),
    Case("openai", "openai", "served", is_real=True),
)


def rows(*, real: bool = False) -> list[Any]:
    """Return the cases as parameters; what loads the starter model is marked."""
    return [
        pytest.param(
            case, id=case.id, marks=[pytest.mark.model] if case.is_real else []
        )
        for case in CASES
        if case.is_real or not real
    ]


@contextmanager
def served(path: Path) -> Iterator[str]:
    """Run llama.cpp's own server; its address is an OpenAI base URL."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_parallel = SLOTS
    params.n_ctx = SLOTS * CONTEXT_TOKENS
    params.cache_prompt = False
    params.cache_ram_mib = 0
    params.ui = False
    params.verbosity = 1
    params.cpuparams.n_threads = 1  # as fast where it matters: on a busy machine
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server


@pytest.fixture(scope="module", params=rows())
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    case: Case = request.param
    cls = BACKENDS[case.backend]()
    options: dict[str, str | int | float | bool] = {}
    with contextmanager(_location)(case, request) as location:
        if case.backend == "fake":
            # Slow enough to be cancelled in the middle.
            options = {"tokens": 400, "delay_s": 0.001, "fail_on": "unanswerable"}
        elif case.backend == "llama.cpp":
            options = {"split_cache": True, "threads": 1}
        opened = cls(
            ModelSpec(
                "m",
                case.backend,
                location,
                context_tokens=CONTEXT_TOKENS,
                max_parallel=SLOTS,
                options=tuple(options.items()),
            )
        )
        yield opened
        opened.close()


def _location(case: Case, request: pytest.FixtureRequest) -> Iterator[str]:
    match case.model:
        case "fake":
            yield ""
        case "tiny":
            yield str(request.getfixturevalue("tiny_model"))
        case "starter":
            yield str(request.getfixturevalue("starter_model"))
        case _:
            with served(request.getfixturevalue("starter_model")) as address:
                yield address


@pytest.fixture
def driver(backend: Backend, drive: MakeDriver) -> Any:
    return drive(backend)


def test_every_backend_of_texts_has_a_row() -> None:
    of_texts = {name for name, cls in BACKENDS.items() if cls().kind is Kind.TEXT}
    assert {case.backend for case in CASES} == of_texts


def test_no_turns_is_refused_kindly(driver: Any) -> None:
    error = driver.begin().end()
    assert isinstance(error, BackendError)
    assert "write something" in str(error)


def test_too_long_prompt_is_refused_kindly(driver: Any) -> None:
    error = driver.begin("word " * 2000).end()
    assert isinstance(error, BackendError)
    assert "too long" in str(error)
    assert "shorter" in str(error)


def test_error_reaches_only_its_caller(driver: Any) -> None:
    params = TextParams(max_tokens=12, seed=1)
    others = [driver.begin(f"Count to {n}.", params=params) for n in range(3)]
    bad = driver.begin("word " * 2000, params=params)
    assert isinstance(bad.end(), BackendError)
    for other in others:
        assert other.finished().completion_tokens > 0
    assert driver.say("And now?", params=params)


def test_empty_prompt_is_answered(driver: Any) -> None:
    heard = driver.begin("", params=TextParams(max_tokens=4))
    assert heard.finished().completion_tokens > 0


def test_same_seed_gives_the_same_text_when_alone(driver: Any) -> None:
    params = TextParams(max_tokens=16, temperature=0.9, seed=11)
    first = driver.say("Tell me about bread.", params=params)
    driver.say("Something else, to be remembered.", params=TextParams(max_tokens=4))
    assert driver.say("Tell me about bread.", params=params) == first
    others = {
        driver.say(
            "Tell me about bread.",
            params=TextParams(max_tokens=16, temperature=0.9, seed=seed),
        )
        for seed in range(4)
    }
    assert len(others | {first}) > 1


def test_no_seed_draws_one_that_can_be_used_again(driver: Any) -> None:
    heard = driver.begin("Hello.", params=TextParams(max_tokens=8))
    seed = heard.finished().seed
    assert seed is not None
    other = driver.begin("Hello.", params=TextParams(max_tokens=8))
    assert other.finished().seed != seed


def test_max_tokens_is_kept(driver: Any) -> None:
    heard = driver.begin("Count to 100.", params=TextParams(max_tokens=5, seed=1))
    finished = heard.finished()
    assert finished.reason is FinishReason.LENGTH
    assert finished.completion_tokens == 5
    assert finished.prompt_tokens > 0


def test_context_ends_a_text(driver: Any) -> None:
    params = TextParams(max_tokens=10_000, temperature=0)
    heard = driver.begin("word " * 70, params=params)
    driver.backend.cancel("nobody")  # cancelling what is not there is nothing
    finished = heard.finished()
    total = finished.prompt_tokens + finished.completion_tokens
    assert total <= CONTEXT_TOKENS


def test_stop_string_is_not_shown(driver: Any) -> None:
    params = TextParams(max_tokens=24, temperature=0)
    whole = driver.say("Count from 1 to 9.", params=params)
    stop = whole[len(whole) // 2 :][:3]
    heard = driver.begin(
        "Count from 1 to 9.",
        params=TextParams(max_tokens=24, temperature=0, stop=(stop, "never seen")),
    )
    assert heard.finished().reason is FinishReason.STOP
    assert heard.text == whole[: whole.index(stop)]


def test_pieces_stream(driver: Any) -> None:
    params = TextParams(max_tokens=16, temperature=0)
    heard = driver.begin("Tell me a long story.", params=params)
    heard.finished()
    assert len(heard.pieces) > 4


def test_cancel_sends_the_last_event_and_frees_the_slot(driver: Any) -> None:
    long = TextParams(max_tokens=400, temperature=0)
    running = [
        driver.begin(f"Count to 10{n}, slowly.", params=long, id=f"long{n}")
        for n in range(SLOTS)
    ]
    for heard in running:
        heard.piece()
    waiting = driver.begin("Hi.", params=TextParams(max_tokens=3))
    unborn = driver.begin("Hi.", params=long, id="unborn")
    for request_id in ("unborn", *(f"long{n}" for n in range(SLOTS))):
        driver.backend.cancel(request_id)
    for heard in (*running, unborn):
        assert heard.finished().reason is FinishReason.CANCELLED
    assert waiting.finished().reason is not FinishReason.CANCELLED
    with pytest.raises(queue.Empty):
        running[0].events.get_nowait()


def test_batch_equals_singles_at_temperature_zero(driver: Any) -> None:
    """In float32, and in llama.cpp with a cache of its own for each slot: exactly."""
    params = TextParams(max_tokens=20, temperature=0)
    prompts = [f"Tell me about {thing}." for thing in ("cats", "rain", "gold", "tea")]
    singles = [driver.say(prompt, params=params) for prompt in prompts]
    batch = [driver.begin(prompt, params=params) for prompt in prompts]
    for heard in batch:
        heard.finished()
    assert [heard.text for heard in batch] == singles


def test_count_tokens_adds_up(driver: Any) -> None:
    empty, one, two, wide = driver.backend.count_tokens(
        ["", "bread", "bread and butter", "面包"]
    )
    assert empty == 0
    assert 0 < one < two
    assert wide > 0


@pytest.mark.parametrize("backend", rows(real=True), indirect=True)
def test_torn_characters_come_whole(driver: Any) -> None:
    heard = driver.begin(
        "Repeat exactly: 🎉🔥👍", params=TextParams(max_tokens=24, temperature=0)
    )
    heard.finished()
    assert "🎉" in heard.text or "🔥" in heard.text
    assert "\ufffd" not in heard.text


def test_closed_backend_ends_what_runs_as_cancelled(
    tiny_model: Path, drive: MakeDriver
) -> None:
    for name, location in (("fake", ""), ("transformers", str(tiny_model))):
        options = (("delay_s", 0.005), ("tokens", 9999)) if name == "fake" else ()
        spec = ModelSpec("m", name, location, max_parallel=2, options=options)
        backend = BACKENDS[name]()(spec)
        heard = drive(backend).begin("Go on.", params=TextParams(max_tokens=450))
        heard.piece()
        backend.close()
        assert heard.finished().reason is FinishReason.CANCELLED
