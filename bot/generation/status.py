"""How the engine is doing."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.generation.requests import Priority
from bot.generation.supervisor import WorkerState

__all__ = ["EngineStatus", "LoadedModel", "Pace"]

WINDOW_S = 60.0
MAX_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model that is in memory, at the size that it was loaded with."""

    name: str
    memory_bytes: int
    max_parallel: int
    context_tokens: int


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """A look at the engine.

    Attributes:
        waiting: how many requests wait.
        running: how many run.
        worker: how the worker process is.
        worker_pid: None: none runs now.
        worker_rss_bytes: memory of the worker process when it was last asked; 0: not
            known.
        restarts: how often the worker was started again.
        models: what is loaded.
        tokens_per_s: made in the last minute, while something was being made.
        is_draining: nothing new is accepted.
        lanes: how many wait in each class.
    """

    waiting: int
    running: int
    worker: WorkerState
    worker_pid: int | None
    worker_rss_bytes: int
    restarts: int
    models: tuple[LoadedModel, ...]
    tokens_per_s: float
    is_draining: bool
    lanes: Mapping[Priority, int] = field(default_factory=dict)


class Pace:
    """How long requests took lately, and how many tokens came out of them."""

    def __init__(self) -> None:
        # (begun, ended, tokens), both in seconds of a monotonic clock
        self._ended: deque[tuple[float, float, int]] = deque(maxlen=MAX_REMEMBERED)

    def add(self, *, begun_s: float, ended_s: float, num_tokens: int) -> None:
        """Note a request that has ended."""
        self._ended.append((begun_s, ended_s, num_tokens))

    def duration_s(self) -> float | None:
        """Return how long a request takes; None: not known."""
        if not self._ended:
            return None
        return sum(ended - begun for begun, ended, _ in self._ended) / len(self._ended)

    def tokens_per_s(self, now_s: float) -> float:
        """Return the speed of the last minute, idle times left out."""
        recent = [run for run in self._ended if now_s - run[1] <= WINDOW_S]
        busy_s, until_s = 0.0, float("-inf")
        for begun, ended, _ in sorted(recent):
            busy_s += max(0.0, ended - max(begun, until_s))
            until_s = max(until_s, ended)
        tokens = sum(num_tokens for _, _, num_tokens in recent)
        return tokens / busy_s if busy_s > 0 else 0.0
