"""How fast a model is: bare, behind the engine, and by plain transformers."""

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import BackendError
from bot.generation.backend import Backend, TextEvent
from bot.generation.backends import BACKENDS
from bot.generation.engine import Engine
from bot.generation.requests import (
    Finished,
    GenerationRequest,
    ModelSpec,
    Owner,
    PromptTurn,
    TextParams,
    TextPayload,
    TurnRole,
)
from bot.words import T

__all__ = ["Speed", "bench_backend", "bench_engine", "bench_generate"]

THINGS = ("bread", "rain", "gold", "tea", "rivers", "music", "stars", "horses")
PERSONA = "You are the friendly host of this community. You answer in a few sentences."


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured.

    Attributes:
        users: how many asked at the same time.
        tokens: how many were made.
        seconds: from the first question to the last answer's end.
        first_piece_p50_s: how long half of the askers waited for their first piece.
        first_piece_p95_s: how long all but one in twenty waited at most.
    """

    users: int
    tokens: int
    seconds: float
    first_piece_p50_s: float
    first_piece_p95_s: float

    @property
    def tokens_per_s(self) -> float:
        """Tokens of all users together in one second."""
        return self.tokens / self.seconds


@dataclass(slots=True)
class _Asked:
    """One question: when it was put, when something came, and what it took."""

    began_s: float
    first_s: float | None = None
    tokens: int = 0


async def bench_backend(
    spec: ModelSpec, *, num_users: int, max_tokens: int = 64, num_rounds: int = 1
) -> Speed:
    """Drive a backend in this very process, without a worker and without an engine.

    Every user asks `num_rounds` times, the next question after the last answer.

    Raises:
        HearthbotError: the model cannot be loaded, or does not answer.
    """
    backend = await asyncio.to_thread(BACKENDS[spec.backend](), spec)
    try:
        await _ask_backend(backend, _request(spec.name, "warm", 0, 2))
        return await _measured(
            num_users,
            num_rounds,
            lambda user, turn: _ask_backend(
                backend, _request(spec.name, f"{user}.{turn}", user, max_tokens)
            ),
        )
    finally:
        await asyncio.to_thread(backend.close)


async def bench_engine(
    engine: Engine,
    model: str,
    *,
    num_users: int,
    max_tokens: int = 64,
    num_rounds: int = 1,
) -> Speed:
    """Ask the same as `bench_backend` through an engine and its worker."""
    await _ask_engine(engine, _request(model, "warm", 0, 2))
    return await _measured(
        num_users,
        num_rounds,
        lambda user, turn: _ask_engine(
            engine, _request(model, f"{user}.{turn}", user, max_tokens)
        ),
    )


def bench_generate(spec: ModelSpec, *, max_tokens: int = 64) -> float:
    """Return the tokens per second of `model.generate` for one user. Blocks for long.

    The location is a GGUF, which is unpacked, or a folder.
    """
    from bot.generation.transformers_model import load_model, load_tokenizer

    tokenizer = load_tokenizer(spec)
    model = load_model(spec)
    request = _request(spec.name, "0", 0, max_tokens)
    turns = [{"role": t.role, "content": t.content} for t in request.payload.turns]
    inputs = tokenizer.apply_chat_template(
        turns, add_generation_prompt=True, return_tensors="pt", return_dict=True
    ).to(model.device)
    model.generate(**inputs, max_new_tokens=2, do_sample=False)
    began_s = time.monotonic()
    made = model.generate(
        **inputs, max_new_tokens=max_tokens, min_new_tokens=max_tokens, do_sample=False
    )
    num_made = made.shape[1] - inputs["input_ids"].shape[1]
    return float(num_made / (time.monotonic() - began_s))


async def _measured(
    num_users: int, num_rounds: int, ask: Callable[[int, int], "asyncio.Future[_Asked]"]
) -> Speed:
    began_s = time.monotonic()

    async def user(number: int) -> list[_Asked]:
        return [await ask(number, turn) for turn in range(num_rounds)]

    answers = await asyncio.gather(*(user(number) for number in range(num_users)))
    seconds = time.monotonic() - began_s
    asked = [one for several in answers for one in several]
    waits = sorted(one.first_s - one.began_s for one in asked if one.first_s)
    return Speed(
        users=num_users,
        tokens=sum(one.tokens for one in asked),
        seconds=seconds,
        first_piece_p50_s=statistics.median(waits) if waits else 0.0,
        first_piece_p95_s=waits[int(0.95 * (len(waits) - 1))] if waits else 0.0,
    )


def _ask_backend(
    backend: Backend, request: GenerationRequest
) -> "asyncio.Future[_Asked]":
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[_Asked] = loop.create_future()
    asked = _Asked(time.monotonic())

    def on_event(event: TextEvent) -> None:
        if isinstance(event, str):
            asked.first_s = asked.first_s or time.monotonic()
        elif isinstance(event, Finished):
            asked.tokens = event.completion_tokens
            loop.call_soon_threadsafe(answer.set_result, asked)
        else:
            loop.call_soon_threadsafe(answer.set_exception, event)

    backend.start(request.id, request.payload, request.params, on_event)
    return answer


def _ask_engine(engine: Engine, request: GenerationRequest) -> "asyncio.Future[_Asked]":
    async def ask() -> _Asked:
        asked = _Asked(time.monotonic())
        ticket = engine.submit(request)
        async for _ in ticket:
            asked.first_s = asked.first_s or time.monotonic()
        if ticket.finished is None:
            raise BackendError(T("The model could not answer this."))
        asked.tokens = ticket.finished.completion_tokens
        return asked

    return asyncio.ensure_future(ask())


def _request(model: str, id: str, user: int, max_tokens: int) -> GenerationRequest:
    asks = f"Tell me a story about {THINGS[user % len(THINGS)]}, number {user}."
    turns = (PromptTurn(TurnRole.SYSTEM, PERSONA), PromptTurn(TurnRole.USER, asks))
    return GenerationRequest(
        f"bench {id}",
        model,
        TextPayload(turns),
        TextParams(max_tokens=max_tokens),
        Owner("bench", str(user)),
    )
