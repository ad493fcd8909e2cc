"""What a backend is: code that runs a model, inside a worker process.

Backends are plain threads-and-callbacks code: the worker owns the process, and nothing
here knows asyncio. `BACKENDS` in bot.generation.backends names them all.
"""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from bot.errors import GenerationError
from bot.generation.prompts import chat_messages
from bot.generation.requests import Finished, Kind, ModelSpec, TextParams, TextPayload

__all__ = ["Backend", "OnEvent", "TextEvent", "TextJob"]

TextEvent = str | Finished | Exception
"""A piece of text, the end, or what went wrong (the end as well)."""

OnEvent = Callable[[TextEvent], None]
"""Takes the events of one request, from any thread, in order; must not block."""


@dataclass(frozen=True, slots=True)
class TextJob:
    """One request, prepared for a backend.

    Attributes:
        messages: the prompt as `{"role": …, "content": …}`, with a system turn first.
        seed: that of the params, or one that was drawn.
    """

    id: str
    messages: list[dict[str, str]] = field(repr=False)
    params: TextParams
    seed: int
    on_event: OnEvent


class Backend(ABC):
    """Runs one loaded model.

    Text pieces are whole characters: the bytes of an unfinished one are held back.
    After `start`, exactly one last event (Finished or an exception) comes, also after
    `cancel`. An error of one request reaches only that request.
    """

    kind: ClassVar[Kind]
    can_seed: ClassVar[bool] = True  # the same seed gives the same text when alone
    can_stream: ClassVar[bool] = True

    @abstractmethod
    def __init__(self, spec: ModelSpec) -> None:
        """Load the model; blocks until it is ready.

        Raises:
            MissingError: the model or a package is not here.
            OutOfMemoryError: it does not fit.
        """

    def start(
        self,
        request_id: str,
        payload: TextPayload,
        params: TextParams,
        on_event: OnEvent,
    ) -> None:
        """Begin one request and return at once; events come from another thread.

        Why it cannot begin comes as an event too.
        """
        seed = secrets.randbits(31) if params.seed is None else params.seed
        try:
            messages = chat_messages(payload)
            self.begin(TextJob(request_id, messages, params, seed, on_event))
        except GenerationError as error:
            on_event(error)

    @abstractmethod
    def begin(self, job: TextJob) -> None:
        """Begin a request that `start` has prepared.

        Raises:
            GenerationError: it cannot begin; `start` tells that.
        """

    @abstractmethod
    def cancel(self, request_id: str) -> None:
        """Stop a request: its slot is free soon after, and its last event comes."""

    @abstractmethod
    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has for this model, without its template."""

    @abstractmethod
    def close(self) -> None:
        """Free the model; running requests end as cancelled."""
