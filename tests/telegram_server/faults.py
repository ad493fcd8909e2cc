"""What is to go wrong next, as it does on a real network."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tests.telegram_server.refusals import Refusal

__all__ = ["Fault", "FaultKind", "Faults"]


class FaultKind(Enum):
    """What goes wrong with one call."""

    DROP_BEFORE = "drop before"
    """The connection ends, and nothing was done."""
    DROP_AFTER = "drop after"
    """It was done, and the connection ends before the answer."""
    ANSWER = "answer"
    """A server in between answers with a page of HTML; nothing was done."""
    REFUSE = "refuse"
    """Telegram answers with an error; nothing was done."""
    SLOW = "slow"
    """It is done and answered, late."""
    DUPLICATE = "duplicate"
    """Each update is given twice."""
    REORDER = "reorder"
    """The updates come last first."""


@dataclass(slots=True)
class Fault:
    """One rule: what goes wrong, with which method, how often still."""

    kind: FaultKind
    method: str
    times: int = 1
    status: int = 502
    delay_s: float = 0.0
    refusal: Refusal | None = None


@dataclass(slots=True)
class Faults:
    """The rules in force. Each is used up by as many calls as it says.

    A method of "*" stands for any but getUpdates.
    """

    rules: list[Fault] = field(default_factory=list)

    def drop(self, method: str, *, after: bool = False, times: int = 1) -> None:
        """End the connection, before or after the call is carried out."""
        kind = FaultKind.DROP_AFTER if after else FaultKind.DROP_BEFORE
        self.rules.append(Fault(kind, method, times))

    def answer(self, method: str, status: int = 502, *, times: int = 1) -> None:
        """Answer with a page of HTML, as a server in between does."""
        self.rules.append(Fault(FaultKind.ANSWER, method, times, status=status))

    def refuse(
        self, method: str, code: int, text: str, *, times: int = 1, **parameters: Any
    ) -> None:
        """Answer with an error of Telegram's; the text is the whole description."""
        refusal = Refusal(code, text, parameters)
        self.rules.append(Fault(FaultKind.REFUSE, method, times, refusal=refusal))

    def slow(self, method: str, delay_s: float, *, times: int = 1) -> None:
        """Wait on the server's clock before the call is carried out."""
        self.rules.append(Fault(FaultKind.SLOW, method, times, delay_s=delay_s))

    def duplicate_updates(self, *, times: int = 1) -> None:
        """Give each update twice, the next time there are some."""
        self.rules.append(Fault(FaultKind.DUPLICATE, "getUpdates", times))

    def reorder_updates(self, *, times: int = 1) -> None:
        """Give the updates last first, the next time there are some."""
        self.rules.append(Fault(FaultKind.REORDER, "getUpdates", times))

    def take(self, method: str, *kinds: FaultKind) -> Fault | None:
        """Return the first rule of these kinds for a method, and count it."""
        for rule in self.rules:
            is_any = rule.method == "*" and method.lower() != "getupdates"
            if rule.kind in kinds and (is_any or rule.method.lower() == method.lower()):
                rule.times -= 1
                if rule.times <= 0:
                    self.rules.remove(rule)
                return rule
        return None

    def clear(self) -> None:
        """Let everything go well again."""
        self.rules.clear()
