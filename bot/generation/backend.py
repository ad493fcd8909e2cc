"""What a backend is: code that runs a model, inside a worker process.

Backends are plain threads-and-callbacks code: the worker owns the process, and nothing
here knows asyncio. `BACKENDS` in bot.generation.backends names them all.
"""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic

from typing_extensions import TypeVar, override

from bot.errors import BackendError, GenerationError
from bot.generation.prompts import chat_messages
from bot.generation.requests import (
    Finished,
    Kind,
    ModelSpec,
    Progress,
    Result,
    TextParams,
    TextPayload,
)
from bot.words import T

__all__ = [
    "Backend",
    "BackendEvent",
    "OnEvent",
    "OnTextEvent",
    "TextBackend",
    "TextEvent",
    "TextJob",
]

TextEvent = str | Finished | Exception
"""A piece of text, the end, or what went wrong (the end as well)."""

BackendEvent = TextEvent | Progress | Result
"""The same of any kind; a result comes once, right before the end. Progress may come
before it, as often as the backend likes: what follows fast is left out on the way."""

OnEvent = Callable[[BackendEvent], None]
"""Takes the events of one request, from any thread, in order; must not block."""

OnTextEvent = Callable[[TextEvent], None]
"""The same for the events of a text."""

P = TypeVar("P", contravariant=True, default=Any)
Q = TypeVar("Q", contravariant=True, default=Any)


class Backend(ABC, Generic[P, Q]):
    """Runs one loaded model of one kind, with that kind's payload and params.

    After `start`, exactly one last event (Finished or an exception) comes, also after
    `cancel`. An error of one request reaches only that request.
    """

    kind: ClassVar[Kind]
    can_seed: ClassVar[bool] = True  # the same seed gives the same result when alone
    can_stream: ClassVar[bool] = True

    @abstractmethod
    def __init__(self, spec: ModelSpec) -> None:
        """Load the model; blocks until it is ready.

        Raises:
            MissingError: the model or a package is not here.
            OutOfMemoryError: it does not fit.
        """

    @abstractmethod
    def start(self, request_id: str, payload: P, params: Q, on_event: OnEvent) -> None:
        """Begin one request and return at once; events come from another thread.

        Why it cannot begin comes as an event too.
        """

    @abstractmethod
    def cancel(self, request_id: str) -> None:
        """Stop a request: its slot is free soon after, and its last event comes."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has for this model, without its template.

        Raises:
            BackendError: it is no model for texts, and they are some.
        """
        if not texts:  # so is it asked only to load
            return []
        raise BackendError(T("The model does not read texts."))

    @abstractmethod
    def close(self) -> None:
        """Free the model; running requests end as cancelled."""


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
    on_event: OnTextEvent


class TextBackend(Backend[TextPayload, TextParams]):
    """Writes texts.

    Pieces are whole characters: the bytes of an unfinished one are held back.
    """

    kind = Kind.TEXT

    @override
    def start(
        self,
        request_id: str,
        payload: TextPayload,
        params: TextParams,
        on_event: OnTextEvent,
    ) -> None:
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

    @override
    @abstractmethod
    def count_tokens(self, texts: Sequence[str]) -> list[int]: ...
