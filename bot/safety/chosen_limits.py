"""Limits that a community chose, tighter than the owner's."""

from dataclasses import dataclass

__all__ = ["NO_LIMITS", "ChosenLimits"]


@dataclass(frozen=True, slots=True)
class ChosenLimits:
    """What a community chose; None: the owner's limit counts."""

    person_per_minute: int | None = None
    channel_per_minute: int | None = None
    max_length: int | None = None


NO_LIMITS = ChosenLimits()
