"""People who talk with the bot on the fake platform, for measuring it."""

import asyncio
import math
import time
from dataclasses import dataclass, replace

from adapters.fake.adapter import FAKE_LIMITS, FakeAdapter
from bot.adapter import Adapter
from bot.app import App
from bot.errors import GenerationError
from bot.messages import Channel, Message
from bot.safety.verdict import Action
from bot.store.judgements import JudgementRepository
from bot.store.traces import Trace, TraceRepository
from bot.words import T

__all__ = ["QUESTIONS", "Speed", "Talkers", "percentile", "quick_platform"]

QUESTIONS = (
    "What is a hearth, and why did people gather around it?",
    "Tell me how bread rises.",
    "Why is the sky blue in the day and red in the evening?",
    "How do I begin a small garden on a balcony?",
    "What should I look at when I buy a used bicycle?",
    "Explain to a child how a rainbow comes about.",
    "Give me three ideas for a rainy afternoon.",
    "How does a lighthouse work?",
)


@dataclass(frozen=True, slots=True)
class Speed:
    """What came out of a number of answers at once.

    Attributes:
        first_s_p50: seconds from the question to the first visible sentence, half of
            all; so with p95.
    """

    num_answers: int
    num_tokens: int
    duration_s: float
    first_s_p50: float
    first_s_p95: float

    @property
    def tokens_per_s(self) -> float:
        """All tokens by the time they took together."""
        return self.num_tokens / self.duration_s


def quick_platform(app: App) -> Adapter:
    """Return a fake platform that takes an edit every 100 ms, with a short memory.

    A slower one would only add its own pauses to what is measured.
    """
    limits = replace(FAKE_LIMITS, edit_interval_s=0.1)
    return FakeAdapter(app.responder, clock=app.clock, limits=limits, keep=500)


class Talkers:
    """So many people, each in a channel of their own; a new one each time if fresh.

    Two groups of them in one app need different names.
    """

    def __init__(
        self, app: App, num_people: int, *, is_fresh: bool, name: str = "bench"
    ) -> None:
        platform = app.adapters["fake"]
        if not isinstance(platform, FakeAdapter):
            raise TypeError("the talkers talk on the fake platform")
        self._app = app
        self._platform = platform
        self._traces = TraceRepository(app.store)
        self._judgements = JudgementRepository(app.store)
        self._num_people = num_people
        self._num_asked = 0
        self._is_fresh = is_fresh
        self._name = name

    async def ask_once(self, *, timeout_s: float = 600.0) -> Speed:
        """Let each ask one question at the same moment, and wait for all answers.

        Raises:
            GenerationError: an answer failed, or a filter refused something.
        """
        begun_s = time.perf_counter()
        asked = await asyncio.gather(
            *(self._ask(number, timeout_s) for number in range(self._num_people))
        )
        duration_s = time.perf_counter() - begun_s
        await self._app.responder.idle()
        traces = await self._traces.recent(limit=self._num_people)
        failed = [trace.error_id for trace in traces if trace.error_id]
        if failed:
            raise GenerationError(
                T(
                    "An answer failed, so there is nothing to measure ({id}).",
                    id=failed[0],
                )
            )
        if await self._is_refused({message.id for message in asked}, asked[0].channel):
            raise GenerationError(
                T(
                    "A filter refused a question or an answer, so there is nothing to "
                    "measure."
                )
            )
        return _speed(traces, duration_s)

    async def _is_refused(self, asked: set[str], channel: Channel) -> bool:
        """Return whether a filter blocked a question, or the answer to one."""
        noticed = await self._judgements.noticed(channel, limit=self._num_people)
        return any(
            one.has_acted
            and one.found.action is Action.BLOCK
            and one.message_id in asked
            for one in noticed
        )

    async def _ask(self, number: int, timeout_s: float) -> Message:
        name = f"{self._name}-{number}"
        if self._is_fresh:  # every prompt is then persona and question, nothing else
            self._num_asked += 1
            name = f"{name}-{self._num_asked}"
        self._platform.add_channel(Channel("fake", name, "bench", name))
        message = self._platform.say(
            f"person-{number}", QUESTIONS[number % len(QUESTIONS)], channel=name
        )
        await self._platform.answered(message, timeout_s=timeout_s)
        return message


def _speed(traces: tuple[Trace, ...], duration_s: float) -> Speed:
    first = [
        trace.first_piece_ms / 1000
        for trace in traces
        if trace.first_piece_ms is not None
    ]
    return Speed(
        num_answers=len(traces),
        num_tokens=sum(trace.completion_tokens or 0 for trace in traces),
        duration_s=duration_s,
        first_s_p50=percentile(first, 0.5),
        first_s_p95=percentile(first, 0.95),
    )


def percentile(values: list[float], share: float) -> float:
    """Return the smallest value that at least this share does not exceed; 0 of none."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
