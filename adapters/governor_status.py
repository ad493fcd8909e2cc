"""What the gate in front of a platform does at the moment."""

from dataclasses import dataclass

__all__ = ["GovernorStatus"]


@dataclass(frozen=True, slots=True)
class GovernorStatus:
    """What the governor does at the moment.

    Attributes:
        num_waiting: calls that wait for their turn.
        num_running: calls that are on their way.
        num_paused: keys that the platform has asked to wait.
        num_invalid: refused calls in the budget's window.
        invalid_limit: how many lead to a ban; 0 where none are counted.
        is_slowed: so many were refused that answers and posts go slowly.
        stopped_for_s: so long no call is made at all; 0.0 while they are.
    """

    num_waiting: int
    num_running: int
    num_paused: int
    num_invalid: int = 0
    invalid_limit: int = 0
    is_slowed: bool = False
    stopped_for_s: float = 0.0
