"""Refuses messages that are longer than the owner allows."""

from typing import ClassVar

from typing_extensions import override

from bot.safety.filter import Filter, Subject
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

__all__ = ["TooLong"]


class TooLong(Filter):
    """Blocks a message of more than `max_length` characters (code points).

    A community may have chosen less.
    """

    name: ClassVar[str] = "too_long"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT})
    acts_in_shadow: ClassVar[bool] = True

    def __init__(self, *, max_length: int) -> None:
        self._max_length = max_length

    @override
    async def judge(self, subject: Subject) -> Verdict:
        chosen = subject.policy.limits.max_length
        limit = self._max_length if chosen is None else min(chosen, self._max_length)
        if len(subject.text) <= limit:
            return ALLOW
        return Verdict(
            Action.BLOCK,
            category="length",
            score=1.0,
            filter=self.name,
            reason=f"longer than {limit} characters",
            limit=limit,
        )
