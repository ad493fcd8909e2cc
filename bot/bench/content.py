"""How well the configured model writes each kind of post, and how long it takes."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.bench.material import ENTRIES, MESSAGES, POST, TOPICS
from bot.bench.talk import percentile
from bot.store.lessons import LessonItem
from bot.store.materials import Material
from content.drafting import Draft, DraftFailedError
from content.past import NOTHING, PastPosts
from content.writer import Writer

__all__ = ["KindFigures", "bench_content"]

MATERIAL: Mapping[str, tuple[Material, ...]] = {
    "digest": ENTRIES,
    "recap": MESSAGES,
    "translation": (POST,),
}


@dataclass(frozen=True, slots=True)
class KindFigures:
    """One kind of post.

    Attributes:
        passed_first: the share that was good enough at once.
        passed: the share that was good enough in the end.
        asked_p50: how many answers of the model the draft that was taken needed.
        reasons: what kept drafts from passing, in English, and how often.
    """

    kind: str
    num_drafts: int
    passed_first: float
    passed: float
    asked_p50: float
    p50_s: float
    max_s: float
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Try:
    draft: Draft | None
    reasons: tuple[str, ...]
    duration_s: float

    @property
    def passed(self) -> bool:
        return self.draft is not None and self.draft.score.is_good_enough

    @property
    def passed_first(self) -> bool:
        return self.passed and self.draft is not None and not self.draft.num_rewrites


async def bench_content(
    writer: Writer,
    kinds: Sequence[str],
    *,
    num_topics: int,
    language: str,
    persona: str,
    progress: Callable[[int, int], None],
) -> tuple[KindFigures, ...]:
    """Have some posts of each kind written, one after the other as a schedule would.

    Raises:
        HearthbotError: the model could not be asked.
    """
    figures = []
    for number, kind in enumerate(kinds):
        tries: list[_Try] = []
        past = replace(NOTHING, material=MATERIAL.get(kind, ()))
        for index in range(num_topics):
            topic = TOPICS[index % len(TOPICS)]
            one = await _try(
                writer, kind, topic, index, past, language=language, persona=persona
            )
            tries.append(one)
            if one.passed and one.draft is not None and kind not in MATERIAL:
                past = _after(past, one.draft)
            progress(number * num_topics + index + 1, len(kinds) * num_topics)
        figures.append(_figures(kind, tries))
    return tuple(figures)


async def _try(
    writer: Writer,
    kind: str,
    topic: str,
    index: int,
    past: PastPosts,
    *,
    language: str,
    persona: str,
) -> _Try:
    begun_s = time.perf_counter()
    try:
        draft = await writer.draft(
            kind,
            topic=topic,
            language=language,
            persona=persona,
            seed=1 + index * 10_000,
            past=past,
        )
    except DraftFailedError as error:
        reasons = tuple(map(str, error.reasons))
        return _Try(None, reasons, time.perf_counter() - begun_s)
    reasons = tuple(map(str, draft.score.reasons))
    return _Try(draft, reasons, time.perf_counter() - begun_s)


def _after(past: PastPosts, draft: Draft) -> PastPosts:
    """Return what the next post of a schedule would know."""
    now_utc = datetime.now(UTC)
    new = tuple(
        LessonItem(step.word, step.meaning, 1, now_utc, is_due=True)
        for step in draft.lesson
        if step.is_new
    )
    question = f"\n\n{draft.poll.question}" if draft.poll else ""
    return replace(
        past,
        earlier=(f"{draft.title}\n\n{draft.body}{question}", *past.earlier),
        stories=(*past.stories, *((draft.story,) if draft.story else ())),
        lessons=(*past.lessons, *new),
    )


def _figures(kind: str, tries: Sequence[_Try]) -> KindFigures:
    asked = [float(len(one.draft.attempts)) for one in tries if one.draft]
    durations = [one.duration_s for one in tries]
    return KindFigures(
        kind,
        len(tries),
        sum(one.passed_first for one in tries) / len(tries),
        sum(one.passed for one in tries) / len(tries),
        percentile(asked, 0.5),
        percentile(durations, 0.5),
        max(durations),
        dict(Counter(reason for one in tries for reason in one.reasons).most_common()),
    )
