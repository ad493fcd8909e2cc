"""The backend alone: no worker, no queue, no bot. What the bot is compared with."""

import threading
import time
from dataclasses import dataclass, field

from bot.bench.talk import Speed, percentile
from bot.generation.backend import Backend, BackendEvent
from bot.generation.backends import BACKENDS
from bot.generation.requests import Finished, ModelSpec, TextParams, TextPayload

__all__ = ["BareBackend"]

TIMEOUT_S = 600.0


@dataclass(slots=True)
class _Answer:
    """One request to the backend."""

    begun_s: float
    first_s: float | None = None
    outcome: Finished | Exception | None = None
    text: list[str] = field(default_factory=list, repr=False)
    is_over: threading.Event = field(default_factory=threading.Event)

    def take(self, event: BackendEvent) -> None:
        """Note what came; from any thread."""
        if isinstance(event, str):
            self.text.append(event)
            # The bot shows whole sentences: the same moment counts here.
            if self.first_s is None and any(mark in event for mark in ".!?\n"):
                self.first_s = time.perf_counter() - self.begun_s
        elif isinstance(event, Finished | Exception):
            self.outcome = event
            self.is_over.set()


class BareBackend:
    """A model in this process, asked directly. Blocks; use it from a thread."""

    def __init__(self, spec: ModelSpec) -> None:
        self._backend: Backend = BACKENDS[spec.backend]()(spec)

    def close(self) -> None:
        """Free the model."""
        self._backend.close()

    def ask_once(self, payloads: list[TextPayload], params: TextParams) -> Speed:
        """Ask everything at the same moment, and wait for all answers.

        Raises:
            Exception: what the backend raised for one of them.
        """
        begun_s = time.perf_counter()
        answers = [_Answer(time.perf_counter()) for _ in payloads]
        for number, (answer, payload) in enumerate(zip(answers, payloads, strict=True)):
            self._backend.start(f"bare-{number}", payload, params, answer.take)
        for answer in answers:
            if not answer.is_over.wait(TIMEOUT_S):
                raise TimeoutError("the backend did not answer")
        duration_s = time.perf_counter() - begun_s
        num_tokens = 0
        for answer in answers:
            if not isinstance(answer.outcome, Finished):
                raise answer.outcome or RuntimeError("the backend gave no answer")
            num_tokens += answer.outcome.completion_tokens
        first = [answer.first_s for answer in answers if answer.first_s is not None]
        return Speed(
            num_answers=len(answers),
            num_tokens=num_tokens,
            duration_s=duration_s,
            first_s_p50=percentile(first, 0.5),
            first_s_p95=percentile(first, 0.95),
        )
