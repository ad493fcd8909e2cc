"""A call to a platform that waits for its turn, and those who wait for its outcome."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from contextvars import Context
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

__all__ = ["Caller", "Lane", "QueuedCall"]


class Lane(IntEnum):
    """Who goes first when calls wait for the same slot."""

    MODERATION = 0
    """A moderator's action, a panic, a deletion: before all others."""
    ACKNOWLEDGE = 1
    """The answer to a press or a command that the platform wants in seconds."""
    CHAT = 2
    """Answers and their edits."""
    POST = 3
    """What is posted on a schedule; counts as CHAT once it has waited for long."""


@dataclass(slots=True, eq=False)
class Caller:
    """Who waits for an outcome.

    Attributes:
        call: what it asks for.
        outcome: what the call returned or raised; cancelled when its caller was.
        context: that of the caller, so that log lines name the right ones.
        num_tries: how often `call` may still be made.
        deadline_s: until when it may wait for its turn.
        queued: where it waits; None before that.
    """

    call: Callable[[], Awaitable[Any]]
    outcome: asyncio.Future[Any]
    context: Context
    num_tries: int
    deadline_s: float
    queued: "QueuedCall | None" = None


@dataclass(slots=True, eq=False)
class QueuedCall:
    """A call that waits or, once it has a task, is on its way.

    Attributes:
        callers: who waits for it, in the order they came: the last one's call is made.
        merge: what it shares with calls that may take its place; None: nobody may.
        begun_s: when it was last begun.
    """

    lane: Lane
    keys: tuple[str, ...]
    merge: str | None = None
    callers: list[Caller] = field(default_factory=list)
    task: asyncio.Task[Any] | None = None
    begun_s: float = 0.0

    def succeed(self, result: object) -> None:
        """Give the result to all who wait."""
        for caller in self._let_go():
            caller.outcome.set_result(result)

    def fail(self, error: BaseException, *, up_to_s: float = math.inf) -> None:
        """Give the error to all who wait, or to those who would wait no longer."""
        for caller in self._let_go(up_to_s):
            caller.outcome.set_exception(error)

    def cancel(self) -> None:
        """Cancel all who wait, as the call itself was."""
        for caller in self._let_go():
            caller.outcome.cancel()

    def _let_go(self, up_to_s: float = math.inf) -> list[Caller]:
        gone = [caller for caller in self.callers if caller.deadline_s <= up_to_s]
        self.callers = [caller for caller in self.callers if caller not in gone]
        return [caller for caller in gone if not caller.outcome.done()]
