"""What the bot counts while it works; bot.scrape adds what can be looked up."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from bot.clock import Clock
from bot.errors import (
    BackendGoneError,
    DeadlineError,
    HearthbotError,
    OutOfMemoryError,
    OverloadedError,
)
from bot.exposition import Family, FamilyKind, Sample, counter
from bot.generation.requests import Finished, FinishReason, Kind, Owner
from bot.safety.verdict import Action, Stage, Verdict

__all__ = ["Histogram", "Ledger", "Measure", "Metrics"]

WAITING_S = (0.05, 0.25, 1.0, 5.0, 20.0, 60.0)
DURATION_S = (0.5, 2.0, 5.0, 15.0, 60.0, 300.0)
FAILURES: Mapping[type[HearthbotError], str] = {
    OverloadedError: "overloaded",
    DeadlineError: "deadline",
    OutOfMemoryError: "memory",
    BackendGoneError: "gone",
}
FAILED = "failed"
OUTCOMES = (*FinishReason, *FAILURES.values(), FAILED)


class Histogram:
    """Counts values by size: each bound counts those up to it, and the last all."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = (*bounds, math.inf)
        self._counts = [0] * len(self._bounds)
        self._sum = 0.0

    def add(self, value: float) -> None:
        """Count one value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    @property
    def total(self) -> tuple[int, float]:
        """How many values were counted, and their sum."""
        return sum(self._counts), self._sum

    def samples(self, *labels: tuple[str, str]) -> Iterator[Sample]:
        """Yield the values as Prometheus wants them: each bucket holds those below."""
        total = 0
        for bound, count in zip(self._bounds, self._counts, strict=True):
            total += count
            shown = "+Inf" if math.isinf(bound) else f"{bound:g}"
            yield Sample(total, (*labels, ("le", shown)), "_bucket")
        yield Sample(self._sum, labels, "_sum")
        yield Sample(total, labels, "_count")


class Ledger(Protocol):
    """Who keeps what is asked of the models on whose behalf."""

    def begun(self, owner: Owner) -> None:
        """Note that a request waits or runs."""

    def ended(self, owner: Owner, seconds: float, *, counts: bool) -> None:
        """Note that a request is over, how long it ran, and whether it came to be."""


class Measure:
    """One request from its submission to its end."""

    __slots__ = ("_begun_s", "_kind", "_metrics", "_owner", "_submitted_s")

    def __init__(self, metrics: "Metrics", kind: Kind, owner: Owner | None) -> None:
        self._metrics = metrics
        self._kind = kind
        self._owner = owner
        self._submitted_s = metrics.clock.monotonic()
        self._begun_s: float | None = None

    def start(self) -> None:
        """Note that the worker has it."""
        self._begun_s = self._metrics.clock.monotonic()
        waited_s = self._begun_s - self._submitted_s
        self._metrics.waiting_s[self._kind].add(waited_s)

    def end(self, outcome: Finished | HearthbotError) -> None:
        """Note how it ended. Only what has begun has a duration."""
        duration_s = 0.0
        if self._begun_s is not None:
            duration_s = self._metrics.clock.monotonic() - self._begun_s
            self._metrics.duration_s[self._kind].add(duration_s)
        ledger = self._metrics.ledger
        if ledger is not None and self._owner is not None:
            has_run = self._begun_s is not None and isinstance(outcome, Finished)
            ledger.ended(self._owner, duration_s, counts=has_run)
        if isinstance(outcome, Finished):
            self._metrics.tokens["in"] += outcome.prompt_tokens
            self._metrics.tokens["out"] += outcome.completion_tokens
            self._metrics.requests[self._kind, outcome.reason] += 1
        else:
            self._metrics.requests[self._kind, _failure(outcome)] += 1


class Metrics:
    """The counters of one bot. They live in memory and begin at zero with it.

    No label says who or where: neither people nor channels can be told apart.

    Attributes:
        ledger: is told on whose behalf requests begin and end; None: nobody is.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.ledger: Ledger | None = None
        self.requests: Counter[tuple[Kind, str]] = Counter()
        self.tokens: Counter[str] = Counter()
        self.verdicts: Counter[tuple[str, Action, Stage]] = Counter()
        self.waiting_s = {kind: Histogram(WAITING_S) for kind in Kind}
        self.duration_s = {kind: Histogram(DURATION_S) for kind in Kind}

    @contextmanager
    def admission(self, kind: Kind, owner: Owner | None = None) -> Iterator[Measure]:
        """Give the measure of a request; a refusal in the block is counted."""
        if self.ledger is not None and owner is not None:
            self.ledger.begun(owner)
        measure = Measure(self, kind, owner)
        try:
            yield measure
        except HearthbotError as error:
            measure.end(error)
            raise

    def judged(self, name: str, verdict: Verdict, stage: Stage) -> None:
        """Count what a filter said."""
        self.verdicts[name, verdict.action, stage] += 1

    def families(self) -> Iterator[Family]:
        """Yield everything that was counted."""
        yield counter(
            "hearthbot_requests_total",
            "What was asked of the models, by how it ended.",
            (
                Sample(
                    self.requests[kind, outcome],
                    (("kind", kind), ("outcome", outcome)),
                )
                for kind in Kind
                for outcome in OUTCOMES
            ),
        )
        yield _histogram(
            "hearthbot_request_waiting_seconds",
            "How long requests waited for their turn.",
            self.waiting_s,
        )
        yield _histogram(
            "hearthbot_request_duration_seconds",
            "How long requests ran.",
            self.duration_s,
        )
        yield counter(
            "hearthbot_tokens_total",
            "Tokens of prompts (in) and of answers (out).",
            (Sample(self.tokens[way], (("direction", way),)) for way in ("in", "out")),
        )
        yield counter(
            "hearthbot_verdicts_total",
            "What filters said of texts, by filter, action and stage.",
            (
                Sample(
                    count,
                    (
                        ("filter", name),
                        ("action", action.name.lower()),
                        ("stage", stage),
                    ),
                )
                for (name, action, stage), count in sorted(self.verdicts.items())
            ),
        )


def _failure(error: HearthbotError) -> str:
    return next(
        (name for kind, name in FAILURES.items() if isinstance(error, kind)), FAILED
    )


def _histogram(name: str, summary: str, by_kind: Mapping[Kind, Histogram]) -> Family:
    samples = tuple(
        sample
        for kind, histogram in by_kind.items()
        for sample in histogram.samples(("kind", kind))
    )
    return Family(name, summary, FamilyKind.HISTOGRAM, samples)
