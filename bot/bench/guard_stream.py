"""How much later people see the first sentence of an answer because it is judged."""

import asyncio
import itertools
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.bench.talk import percentile
from bot.safety.classifier import TextClassifier
from bot.safety.filter import FilterChain
from bot.safety.gate import Gate
from bot.safety.guard_filter import GuardFilter

__all__ = ["ANSWERS", "StreamFigures", "bench_stream"]

ANSWERS = (
    "A hearth is the place in a house where the fire burns. People gathered around it "
    "because it was the only warm spot in winter. Stories were told there, and bread "
    "was baked.",
    "Yeast eats the sugar in the dough and gives off gas. The gas cannot get out, so "
    "the dough rises.\n\n1. Mix flour and water.\n2. Wait an hour.\n3. Bake it hot.",
    "Light from the sun has all colours in it. Air scatters the blue ones most, so the "
    "sky looks blue by day! In the evening the light goes a longer way.",
    "Begin with two pots and herbs that forgive mistakes, such as mint and chives. Put "
    "them where the sun comes in the morning. Water them when the soil feels dry.",
    "Look at the frame first: are there cracks? Then turn the wheels, and try both "
    "brakes. A worn chain is cheap to replace, a bent fork is not.",
    "晴天里下小雨的时候，太阳光会被水滴分成许多颜色。站在太阳和雨的中间，你就能看到彩虹。",
    "You could build a fort from blankets, bake something, or write a letter to a "
    "friend. Which of these do you like best?",
    "A lighthouse turns a bright lamp behind a lens. Each one has a rhythm of its own, "
    "so sailors know which one they see. Today most of them work alone.",
)
"""Answers as a model might give them; a token is a word with the space before it."""

_TOKEN = re.compile(r"\s*\S{1,12}|\s+")


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """Milliseconds until the first sentence is visible, half of all and 95 of 100.

    Attributes:
        num_at_once: so many answers stream side by side.
        added_ms_p50: how much later than without the guard the same answer begins; so
            with p95.
    """

    num_answers: int
    num_at_once: int
    without_ms_p50: float
    without_ms_p95: float
    with_ms_p50: float
    with_ms_p95: float
    added_ms_p50: float
    added_ms_p95: float


async def bench_stream(
    classifier: TextClassifier,
    *,
    num_answers: int,
    num_at_once: int,
    token_delay_s: float = 0.0,
    answers: Sequence[str] = ANSWERS,
) -> StreamFigures:
    """Stream answers through a gate, each without a filter and with the guard alone."""
    guard = FilterChain([GuardFilter(classifier)])
    nothing = FilterChain([])
    await asyncio.gather(*(_first_ms(guard, text, 0) for text in answers))  # warm up
    texts = list(itertools.islice(itertools.cycle(answers), num_answers))
    without: list[float] = []
    with_guard: list[float] = []
    for start in range(0, num_answers, num_at_once):
        some = texts[start : start + num_at_once]
        for chain, durations in ((nothing, without), (guard, with_guard)):
            durations += await asyncio.gather(
                *(_first_ms(chain, text, token_delay_s) for text in some)
            )
    added = [later - sooner for later, sooner in zip(with_guard, without, strict=True)]
    return StreamFigures(
        num_answers=num_answers,
        num_at_once=num_at_once,
        without_ms_p50=percentile(without, 0.5),
        without_ms_p95=percentile(without, 0.95),
        with_ms_p50=percentile(with_guard, 0.5),
        with_ms_p95=percentile(with_guard, 0.95),
        added_ms_p50=percentile(added, 0.5),
        added_ms_p95=percentile(added, 0.95),
    )


async def _first_ms(chain: FilterChain, answer: str, token_delay_s: float) -> float:
    """Stream an answer to its end; return how long the first visible part took."""
    gate = Gate(chain)
    begun_s = time.perf_counter()
    first_ms: float | None = None
    for token in (*_TOKEN.findall(answer), ""):
        await asyncio.sleep(token_delay_s)
        shown = await gate.feed(token) if token else await gate.flush()
        if first_ms is None and shown.strip():
            first_ms = 1000 * (time.perf_counter() - begun_s)
    # What is blocked at once never shows: the time until that is clear stands for it.
    if first_ms is None:
        return 1000 * (time.perf_counter() - begun_s)
    return first_ms
