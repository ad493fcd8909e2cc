"""An answer while it is being written: what is known of it so far."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import overload

from bot.conversation import Turn
from bot.generation.requests import Finished
from bot.generation.ticket import Ticket
from bot.personas import Persona
from bot.safety.gate import Gate
from bot.store.traces import Trace

__all__ = ["DraftAnswer"]


@dataclass(slots=True)
class DraftAnswer:
    """What one answer has come to.

    Attributes:
        pieces: what was judged and shown, in order.
        ending: a sentence of the bot's own behind the answer; "" where none is needed.
        finished: how the model ended; None where it did not come to an end.
    """

    request_id: str
    model: str
    persona: Persona
    gate: Gate
    begun_s: float
    pieces: list[str] = field(default_factory=list, repr=False)
    ticket: Ticket | None = None
    finished: Finished | None = None
    started_s: float | None = None
    first_piece_s: float | None = None
    ending: str = ""
    error_id: str | None = None

    @property
    def text(self) -> str:
        """All that was shown."""
        return "".join(self.pieces)

    def trace(self, question: Turn, now_utc: datetime, now_s: float) -> Trace:
        """Return what the store keeps of how it went: no text."""
        finished = self.finished
        return Trace(
            request_id=self.request_id,
            scope_key=question.scope.key,
            message_id=question.message_id,
            model=self.model,
            persona=self.persona.name,
            created_utc=now_utc,
            duration_ms=self._ms(now_s),
            seed=finished.seed if finished else None,
            prompt_tokens=finished.prompt_tokens if finished else None,
            completion_tokens=finished.completion_tokens if finished else None,
            waited_ms=self._ms(self.started_s),
            first_piece_ms=self._ms(self.first_piece_s),
            finish_reason=finished.reason if finished else None,
            error_id=self.error_id,
        )

    @overload
    def _ms(self, moment_s: float) -> int: ...

    @overload
    def _ms(self, moment_s: float | None) -> int | None: ...

    def _ms(self, moment_s: float | None) -> int | None:
        return None if moment_s is None else round(1000 * (moment_s - self.begun_s))
