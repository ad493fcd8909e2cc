"""What the engine asks the worker besides requests: counts of tokens, and loading."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import HearthbotError
from bot.generation.supervisor import Supervisor
from bot.generation.wire import Count, Load

__all__ = ["Questions"]

Answer = tuple[int, ...]


@dataclass(slots=True)
class _Question:
    command: Count | Load
    answer: asyncio.Future[Answer]
    is_sent: bool = False


class Questions:
    """Keeps what the worker owes an answer to; what it cannot be asked yet waits."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._ids = (f"question {number}" for number in itertools.count(1))
        self._open: dict[str, _Question] = {}

    async def ask(self, command: Callable[[str], Count | Load]) -> Answer:
        """Ask what `command` makes of an id, and wait for the answer."""
        id = next(self._ids)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._open[id] = _Question(command(id), answer)
        self.send()
        try:
            return await answer
        finally:
            del self._open[id]

    def send(self) -> None:
        """Ask what was not asked so far, if the worker listens."""
        if not self._supervisor.is_ready:
            return
        for question in self._open.values():
            if not question.is_sent:
                question.is_sent = True
                self._supervisor.send(question.command)

    def answer(self, id: str, answer: Answer) -> None:
        """Hand over an answer; ignored where nobody waits for it any more."""
        question = self._open.get(id)
        if question is not None and not question.answer.done():
            question.answer.set_result(answer)

    def fail(self, id: str, error: HearthbotError) -> bool:
        """Say that a question cannot be answered; False: it is none of these."""
        question = self._open.get(id)
        if question is not None and not question.answer.done():
            question.answer.set_exception(error)
        return question is not None

    def fail_all(self, error: HearthbotError, *, unsent: bool) -> None:
        """Fail what was sent, and with `unsent` also what still waits to be."""
        for id, question in self._open.items():
            if question.is_sent or unsent:
                self.fail(id, error)
