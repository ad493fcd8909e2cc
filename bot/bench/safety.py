"""How well a classifier judges labelled texts, and how fast."""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass

from bot.bench.labelled import LabelledText
from bot.bench.ranking import auc, recall_at, share_from
from bot.bench.talk import percentile
from bot.safety.classifier import NEVER, Scores, TextClassifier
from bot.safety.policy import Category, Level
from bot.safety.verdict import Stage

__all__ = [
    "ALL_SETS",
    "CategoryFigures",
    "LevelFigures",
    "OpenClassifier",
    "SafetyFigures",
    "bench_safety",
]

OpenClassifier = Callable[[], AbstractAsyncContextManager[TextClassifier]]
"""Opens the classifier of the settings, and closes it afterwards."""

ALL_SETS = "all"
LEVELS = (Level.RELAXED, Level.STANDARD, Level.STRICT)
FALSE_ALARMS = 0.05
NUM_AT_ONCE = 64
NUM_TIMED, NUM_WARM_UP = 200, 5

Scored = tuple[LabelledText, Scores]


@dataclass(frozen=True, slots=True)
class LevelFigures:
    """What a level finds of what is there, and of what is not; None: no such rows.

    `threshold` is None where the level never acts.
    """

    threshold: float | None
    recall: float | None
    false_alarms: float | None


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """One category in one set of rows; `num_labelled` of them are labelled with it."""

    category: Category
    set: str
    num_rows: int
    num_labelled: int
    auc: float | None
    levels: Mapping[Level, LevelFigures]


@dataclass(frozen=True, slots=True)
class SafetyFigures:
    """What was measured. Shares are 0 to 1; None: there were no such rows.

    Attributes:
        harmful_auc: of any harm (injections left out) against harmless rows, by the
            highest probability of all harms.
        tricky: the share of harmless texts that look bad in which a level finds
            anything at all.
        injection: by language, the share of injections found at a threshold that
            raises an alarm for 5 % of the harmless inputs of that language.
        p50_ms, p95_ms: one text after the other, on one core where the system allows
            to choose it.
        rows_per_s: with 64 texts at once, on all cores.
    """

    classifier: str
    num_rows: int
    harmful_auc: float | None
    tricky: Mapping[Level, float | None]
    injection: Mapping[str, float | None]
    categories: tuple[CategoryFigures, ...]
    p50_ms: float
    p95_ms: float
    rows_per_s: float


async def bench_safety(
    rows: Sequence[LabelledText],
    open_classifier: OpenClassifier,
    *,
    progress: Callable[[int, int], None],
) -> SafetyFigures:
    """Let a classifier judge all rows. It is opened twice: once on a single core.

    Raises:
        HearthbotError: the classifier is not here, or could not judge.
    """
    timed = rows[:: max(1, len(rows) // NUM_TIMED)]
    num_steps = len(timed) + len(rows)
    with _one_core():
        async with open_classifier() as classifier:
            durations = await _durations_ms(
                classifier, timed, lambda done: progress(done, num_steps)
            )
    async with open_classifier() as classifier:
        begun_s = time.perf_counter()
        all_scores = await _classify_all(
            classifier, rows, lambda done: progress(len(timed) + done, num_steps)
        )
        duration_s = time.perf_counter() - begun_s
        scored = list(zip(rows, all_scores, strict=True))
        return SafetyFigures(
            classifier=classifier.name,
            num_rows=len(rows),
            harmful_auc=_harmful_auc(scored),
            tricky={level: _tricky(scored, classifier, level) for level in LEVELS},
            injection=_injection(scored),
            categories=tuple(_categories(scored, classifier)),
            p50_ms=percentile(durations, 0.5),
            p95_ms=percentile(durations, 0.95),
            rows_per_s=len(rows) / duration_s,
        )


async def _durations_ms(
    classifier: TextClassifier,
    rows: Sequence[LabelledText],
    progress: Callable[[int], None],
) -> list[float]:
    for row in rows[:NUM_WARM_UP]:
        await classifier.classify(row.text, row.stage)
    durations = []
    for row in rows:
        begun_s = time.perf_counter()
        await classifier.classify(row.text, row.stage)
        durations.append(1000 * (time.perf_counter() - begun_s))
        progress(len(durations))
    return durations


async def _classify_all(
    classifier: TextClassifier,
    rows: Sequence[LabelledText],
    progress: Callable[[int], None],
) -> list[Scores]:
    found: dict[int, Scores] = {}
    waiting = iter(enumerate(rows))

    async def work() -> None:
        for number, row in waiting:
            found[number] = await classifier.classify(row.text, row.stage)
            progress(len(found))

    workers = [asyncio.create_task(work()) for _ in range(NUM_AT_ONCE)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
    return [found[number] for number in range(len(rows))]


def _harmful_auc(scored: Sequence[Scored]) -> float | None:
    harms = set(Category) - {Category.INJECTION}
    positive, negative = [], []
    for row, scores in scored:
        worst = max((scores.get(harm, 0.0) for harm in harms), default=0.0)
        if row.labels & harms:
            positive.append(worst)
        elif not row.labels:
            negative.append(worst)
    return auc(positive, negative)


def _tricky(
    scored: Sequence[Scored], classifier: TextClassifier, level: Level
) -> float | None:
    is_found = [
        any(
            score >= classifier.threshold(category, level)
            for category, score in scores.items()
        )
        for row, scores in scored
        if row.is_tricky
    ]
    return share_from([float(found) for found in is_found], 1.0)


def _injection(scored: Sequence[Scored]) -> dict[str, float | None]:
    """Return the recall for each language that has injections, and for all together."""
    inputs = [pair for pair in scored if pair[0].stage is Stage.INPUT]
    is_injection = {
        row.language for row, _ in inputs if Category.INJECTION in row.labels
    }
    recalls = {}
    for language in (ALL_SETS, *sorted(is_injection - {""})):
        here = [p for p in inputs if language in (ALL_SETS, p[0].language)]
        recalls[language] = recall_at(
            _of(here, Category.INJECTION, lambda row: Category.INJECTION in row.labels),
            _of(here, Category.INJECTION, lambda row: not row.labels),
            false_alarms=FALSE_ALARMS,
        )
    return recalls


def _categories(
    scored: Sequence[Scored], classifier: TextClassifier
) -> Iterator[CategoryFigures]:
    names = sorted({row.set for row, _ in scored} - {"", ALL_SETS})
    for category in Category:
        if not any(category in scores for _, scores in scored):
            continue  # the classifier does not see it
        for name in (ALL_SETS, *names):
            here = [p for p in scored if name in (ALL_SETS, p[0].set)]
            figures = _category(here, classifier, category, name)
            is_tricky = any(row.is_tricky for row, _ in here)
            if figures.num_labelled or is_tricky or name == ALL_SETS:
                yield figures


def _category(
    here: Sequence[Scored], classifier: TextClassifier, category: Category, name: str
) -> CategoryFigures:
    positive = _of(here, category, lambda row: category in row.labels)
    negative = _of(here, category, lambda row: category not in row.labels)
    levels = {}
    for level in LEVELS:
        threshold = classifier.threshold(category, level)
        levels[level] = LevelFigures(
            threshold if threshold < NEVER else None,
            share_from(positive, threshold),
            share_from(negative, threshold),
        )
    return CategoryFigures(
        category, name, len(here), len(positive), auc(positive, negative), levels
    )


def _of(
    scored: Sequence[Scored],
    category: Category,
    is_wanted: Callable[[LabelledText], bool],
) -> list[float]:
    return [scores.get(category, 0.0) for row, scores in scored if is_wanted(row)]


@contextmanager
def _one_core() -> Iterator[None]:
    """Keep this thread, and those it starts, on one core, where that can be done."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    here = threading.get_native_id()
    cores = os.sched_getaffinity(here)
    os.sched_setaffinity(here, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(here, cores)
