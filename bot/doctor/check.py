"""What one look at the machine found."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.words import Text

__all__ = ["Check", "State", "is_healthy", "to_json"]


class State(StrEnum):
    """How serious it is."""

    OK = "ok"
    """As it should be."""
    WARN = "warn"
    """The bot runs, but not as well as it could."""
    FAIL = "fail"
    """The bot does not run, or not all of it."""


@dataclass(frozen=True, slots=True)
class Check:
    """One finding.

    Attributes:
        name: what was looked at: one word, the same in every language.
        text: what was found.
        cure: what to do about it; None: nothing, or the text says it.
    """

    name: str
    state: State
    text: Text
    cure: Text | None = None


def is_healthy(checks: Sequence[Check]) -> bool:
    """Return whether nothing failed."""
    return all(check.state is not State.FAIL for check in checks)


def to_json(checks: Sequence[Check]) -> dict[str, object]:
    """Return the findings as plain values, in English."""
    return {
        "healthy": is_healthy(checks),
        "checks": [
            {
                "name": check.name,
                "state": check.state.value,
                "text": str(check.text),
                "cure": None if check.cure is None else str(check.cure),
            }
            for check in checks
        ],
    }
