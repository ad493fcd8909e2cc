"""An answer while it is being written: what is known of it so far."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import overload

from bot.conversation import Turn
from bot.generation.requests import Finished, FinishReason
from bot.generation.ticket import Ticket
from bot.keeping import Permit
from bot.personas import Persona
from bot.safety.gate import Gate
from bot.store.traces import Trace
from bot.words import T, Text

__all__ = ["DraftAnswer"]


@dataclass(slots=True)
class DraftAnswer:
    """What one answer has come to.

    Attributes:
        pieces: what was judged and shown, in order.
        ending: a sentence of the bot's own behind the answer; "" where none is needed.
        permit: whether it may be kept.
        is_aside: it is not part of the conversation: neither told before nor after.
        finished: how the model ended; None where it did not come to an end.
    """

    request_id: str
    model: str
    persona: Persona
    gate: Gate
    begun_s: float
    permit: Permit
    is_aside: bool
    pieces: list[str] = field(default_factory=list, repr=False)
    ticket: Ticket | None = None
    finished: Finished | None = None
    started_s: float | None = None
    first_piece_s: float | None = None
    ending: str = ""
    error_id: str | None = None

    def __post_init__(self) -> None:
        self.is_aside = self.is_aside or self.permit.is_off

    @property
    def text(self) -> str:
        """All that was shown."""
        return "".join(self.pieces)

    def whole(self, told: str) -> str:
        """Return all that is shown in the end, with what is told below it."""
        parts = (self.text.rstrip(), self.ending, told)
        return "\n\n".join(part for part in parts if part)

    def how_it_ended(self) -> Text | None:
        """Return what to add so that the reader knows why it ends as it does."""
        if self.finished is None or self.finished.reason is FinishReason.CANCELLED:
            return T("(stopped)")
        if not self.text.strip():
            return T("I found no words for that. Please ask in another way.")
        if self.finished.reason is FinishReason.LENGTH:
            return T("(This got long. Write “go on” and I continue.)")
        return None

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
