"""A filter for tests that does as it is told."""

import asyncio
from collections.abc import Callable
from typing import ClassVar

from typing_extensions import override

from bot.safety.filter import Filter, Subject
from bot.safety.verdict import Stage, Verdict

__all__ = ["FakeFilter"]


class FakeFilter(Filter):
    """Answers with what a function says; without one it hangs for ever.

    Attributes:
        asked: what it was asked so far, in order.
    """

    name: ClassVar[str] = "fake"
    stages: ClassVar[frozenset[Stage]] = frozenset(Stage)

    def __init__(self, answer: Callable[[Subject], Verdict] | None = None) -> None:
        self.asked: list[Subject] = []
        self._answer = answer

    @override
    async def judge(self, subject: Subject) -> Verdict:
        self.asked.append(subject)
        if self._answer is None:
            never: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
            return await never
        return self._answer(subject)
