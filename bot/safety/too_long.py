"""Refuses messages that are longer than the owner allows."""

from typing import ClassVar

from typing_extensions import override

from bot.safety.filter import Filter, Subject
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

__all__ = ["TooLong"]


class TooLong(Filter):
    """Blocks a message of more than `max_length` characters (code points)."""

    name: ClassVar[str] = "too_long"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT})
    acts_in_shadow: ClassVar[bool] = True

    def __init__(self, *, max_length: int) -> None:
        self._max_length = max_length

    @override
    async def judge(self, subject: Subject) -> Verdict:
        if len(subject.text) <= self._max_length:
            return ALLOW
        return Verdict(
            Action.BLOCK,
            category="length",
            score=1.0,
            filter=self.name,
            reason=f"longer than {self._max_length} characters",
            limit=self._max_length,
        )
