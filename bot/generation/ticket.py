"""What a caller holds while a request waits, runs and ends."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Protocol

from typing_extensions import override

from bot.errors import BackendError, HearthbotError
from bot.generation.requests import (
    Drawing,
    Finished,
    GenerationRequest,
    Place,
    Progress,
    Result,
    Sound,
    Transcript,
)
from bot.words import T

__all__ = ["Ticket", "TicketKeeper", "TicketMeasure"]


class TicketKeeper(Protocol):
    """Who a ticket asks: the engine."""

    def place(self, request_id: str) -> Place | None:
        """Return where a request stands; None: it does not wait."""

    def cancel(self, request_id: str) -> None:
        """Stop a request, wherever it is."""

    async def moved(self) -> None:
        """Wait until the queue has changed."""


class TicketMeasure(Protocol):
    """Who is told how a ticket fares."""

    def start(self) -> None:
        """Note that it runs."""

    def end(self, outcome: Finished | HearthbotError) -> None:
        """Note how it ended."""


class Ticket:
    """One request in the engine.

    Iterate over it, once, for the text as it comes: `async for piece in ticket`. The
    iteration ends when the text does, also after `cancel`; it raises what went wrong:
    DeadlineError, BackendGoneError, BackendError, OutOfMemoryError, MissingError,
    OverloadedError (at shutdown). What is no text comes whole: `transcript`, `sound`,
    `drawing`; how far that is says `progress`.

    Attributes:
        request: what was asked.
        finished: how the text ended; None while it does not, and after an error.
        error: what went wrong; None: nothing, so far.
        preview_png: how a picture looked when that was last told; empty: it was not.
    """

    def __init__(
        self,
        request: GenerationRequest,
        *,
        keeper: TicketKeeper,
        measure: TicketMeasure | None = None,
    ) -> None:
        self.request = request
        self.finished: Finished | None = None
        self.error: HearthbotError | None = None
        self.preview_png = b""
        self._keeper = keeper
        self._measure = measure
        self._pieces: deque[str] = deque()
        self._result: Result | None = None
        self._progress: Progress | None = None
        self._news = asyncio.Event()
        self._started = asyncio.Event()

    @override
    def __repr__(self) -> str:
        return f"<Ticket {self.request.id}>"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes."""
        return self.finished is not None or self.error is not None

    @property
    def place(self) -> Place | None:
        """Where it stands in the queue; None once it runs, or has ended."""
        return self._keeper.place(self.request.id)

    @property
    def reached(self) -> Progress | None:
        """How far it is, as last told; None: nothing was told yet."""
        return self._progress

    def cancel(self) -> None:
        """Stop the request: the iteration ends after what has come so far."""
        self._keeper.cancel(self.request.id)

    async def wait_started(self) -> None:
        """Wait until it runs, or has ended without."""
        await self._started.wait()

    async def next_place(self) -> Place | None:
        """Wait until its place is another one; None once it does not wait any more."""
        before = self.place
        while (now := self.place) is not None and before is not None:
            if now.position != before.position:
                return now
            await self._keeper.moved()
        return now

    async def text(self) -> str:
        """Wait for the whole text. Raises what went wrong."""
        return "".join([piece async for piece in self])

    async def transcript(self) -> Transcript:
        """Wait for a transcript. Raises what went wrong; BackendError: stopped."""
        result = await self._made()
        if not isinstance(result, Transcript):
            raise _nothing_made()
        return result

    async def sound(self) -> Sound:
        """Wait for a sound. Raises what went wrong; BackendError: stopped."""
        result = await self._made()
        if not isinstance(result, Sound):
            raise _nothing_made()
        return result

    async def drawing(self) -> Drawing:
        """Wait for a picture. Raises what went wrong; BackendError: stopped."""
        result = await self._made()
        if not isinstance(result, Drawing):
            raise _nothing_made()
        return result

    async def progress(self) -> AsyncIterator[Progress]:
        """Yield how far it is as that changes, the latest only, until it has ended.

        May run beside `drawing`, which says how it ended. Backends need not tell.
        """
        seen: Progress | None = None
        while True:
            if self._progress is not seen and self._progress is not None:
                seen = self._progress
                yield seen
            elif self.has_ended:
                return
            else:
                self._news.clear()
                await self._news.wait()

    async def _made(self) -> Result | None:
        await self.text()
        return self._result

    def __aiter__(self) -> AsyncIterator[str]:
        return self

    async def __anext__(self) -> str:
        while not self._pieces:
            if self.error is not None:
                raise self.error
            if self.finished is not None:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        text = "".join(self._pieces)
        self._pieces.clear()
        return text

    def start(self) -> None:
        """Note that it runs. For the engine."""
        if self._measure is not None:
            self._measure.start()
        self._started.set()

    def feed(self, piece: str | Progress | Result) -> None:
        """Add a piece of text, how far it is, or what was made. For the engine."""
        if self.has_ended:
            return
        if isinstance(piece, str):
            self._pieces.append(piece)
        elif isinstance(piece, Progress):
            self._progress = piece
            self.preview_png = piece.preview_png or self.preview_png
        else:
            self._result = piece
        self._news.set()

    def end(self, outcome: Finished | HearthbotError) -> None:
        """End it; only the first end counts. For the engine."""
        if self.has_ended:
            return
        if isinstance(outcome, Finished):
            self.finished = outcome
        else:
            self.error = outcome
        if self._measure is not None:
            self._measure.end(outcome)
        self._started.set()
        self._news.set()


def _nothing_made() -> BackendError:
    return BackendError(T("Nothing came of that: it was stopped."))
