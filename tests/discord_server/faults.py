"""What goes wrong with calls, on order."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Fault", "FaultKind", "Faults"]


class FaultKind(StrEnum):
    """How a call goes wrong."""

    STATUS = "status"
    """It is answered with an error status, and not carried out."""
    DROP_BEFORE = "drop before"
    """The connection breaks, and it was not carried out."""
    DROP_AFTER = "drop after"
    """The connection breaks after it was carried out; nobody hears of it."""
    SLOW = "slow"
    """It is carried out, but the answer takes its time."""


@dataclass
class Fault:
    """A fault for the next `times` calls of a route; None: of any."""

    kind: FaultKind
    route: str | None = None
    times: int = 1
    status: int = 500
    delay_s: float = 0.0


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Let calls go wrong."""
        self._ordered.append(fault)

    def clear(self) -> None:
        """Let nothing more go wrong."""
        self._ordered.clear()

    def take(self, route: str) -> Fault | None:
        """Return the fault of a call, if it has one."""
        for fault in self._ordered:
            if fault.times > 0 and fault.route in {None, route}:
                fault.times -= 1
                return fault
        return None
