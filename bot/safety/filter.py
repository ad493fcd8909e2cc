"""What a filter is, and the chain that asks them all.

A filter looks at one text and gives a verdict. To add one: write a file in this
folder, add a line to FILTERS in bot/safety/filters.py, a settings table if it has any,
a row in bot/safety/refusal.py if it blocks, and a row in
tests/bot/safety/test_filter_contract.py.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import structlog

from bot.messages import Attachment, Author, Channel
from bot.safety.alarm import FilterAlarm
from bot.safety.policy import STANDARD, Policy
from bot.safety.verdict import ALLOW, Action, Stage, Verdict, combine

__all__ = [
    "TIME_LIMIT_S",
    "Filter",
    "FilterChain",
    "Judgement",
    "OnVerdict",
    "PolicyOf",
    "Subject",
]

logger = structlog.get_logger(__name__)

TIME_LIMIT_S = 5.0
"""How long one filter may take for one text."""

OnVerdict = Callable[[str, Verdict, Stage], None]
"""Is told what a filter of this name said; returns at once."""

PolicyOf = Callable[[Channel | None], Awaitable[Policy]]
"""Returns how strictly a channel is judged."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A text with its files to judge, and where it stands.

    Attributes:
        author: who wrote it, or for whom it was written; None for posts.
        is_to_bot: whether the bot is to answer it, or only hears it.
        before: what people already see right before the text, the end of it: what is
            bad may begin there. Only `text` can still be changed or held back.
        attachments: files that come with the text.
        policy: how strictly this place is judged.
        is_passing: it is shown for a moment, before what counts: what filters say of it
            is counted nowhere.
        is_instruction: a moderator wrote it to tell a model how to be: instructions in
            it are what it is for, and no attempt to slip some in.
    """

    text: str = field(repr=False)
    stage: Stage
    channel: Channel | None = None
    author: Author | None = None
    is_to_bot: bool = True
    before: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()
    policy: Policy = STANDARD
    is_passing: bool = False
    is_instruction: bool = False

    @property
    def in_context(self) -> str:
        """The text with what stands before it, as a reader meets it."""
        return self.before + self.text


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of judging a text.

    Attributes:
        verdict: the verdict that counts; ALLOW where the place is only watched.
        text: what may pass; "" where nothing may.
        all: what every filter said that did not simply allow.
        found: the strictest of `all`, whether it counts or not.
        scores: what classifiers found, whatever came of it.
        seen: the text as it was judged, with what had to be redacted taken out.
    """

    verdict: Verdict
    text: str = field(repr=False)
    all: tuple[Verdict, ...] = ()
    found: Verdict = ALLOW
    scores: Mapping[str, float] = field(default_factory=dict)
    seen: str = field(default="", repr=False)

    @property
    def is_blocked(self) -> bool:
        """Whether nothing may pass."""
        return self.verdict.action is Action.BLOCK


class Filter(ABC):
    """Judges one kind of thing.

    Class attributes:
        acts_in_shadow: it protects the bot or the person and acts even where a
            community only wants to watch what the rules would do.
    """

    name: ClassVar[str]
    stages: ClassVar[frozenset[Stage]]
    acts_in_shadow: ClassVar[bool] = False

    @abstractmethod
    async def judge(self, subject: Subject) -> Verdict:
        """Return a verdict, ALLOW if there is nothing to say. Never blocks the loop.

        A redacted text, judged again, is allowed.
        """


class FilterChain:
    """Asks filters in order; each sees what the ones before have redacted.

    Fails closed: a filter that throws, takes longer than `time_limit_s` seconds or
    redacts without a changed text blocks what goes out and flags what comes in.
    """

    def __init__(
        self,
        filters: Sequence[Filter],
        *,
        policy_of: PolicyOf | None = None,
        alarm: FilterAlarm | None = None,
        time_limit_s: float = TIME_LIMIT_S,
        on_verdict: OnVerdict | None = None,
    ) -> None:
        self._filters = tuple(filters)
        self._policy_of = policy_of
        self._alarm = alarm
        self._time_limit_s = time_limit_s
        self._on_verdict = on_verdict

    async def judge(self, subject: Subject) -> Judgement:
        """Ask every filter of the stage, until one blocks."""
        if self._policy_of is not None:
            policy = await self._policy_of(subject.channel)
            subject = replace(subject, policy=policy)
        found: list[Verdict] = []
        counted: list[Verdict] = []
        scores: dict[str, float] = {}
        for candidate in self._filters:
            if subject.stage not in candidate.stages:
                continue
            verdict = await self._ask(candidate, subject)
            if self._on_verdict is not None and not subject.is_passing:
                self._on_verdict(candidate.name, verdict, subject.stage)
            scores.update(verdict.scores)
            if verdict.action is Action.ALLOW:
                continue
            found.append(verdict)
            if subject.policy.is_shadow and not candidate.acts_in_shadow:
                continue
            counted.append(verdict)
            if verdict.action is Action.BLOCK:
                break
            if verdict.text is not None:
                subject = replace(subject, text=verdict.text)
        verdict = combine(counted)
        return Judgement(
            verdict,
            "" if verdict.action is Action.BLOCK else subject.text,
            all=tuple(found),
            found=combine(found),
            scores=scores,
            seen=subject.text,
        )

    async def _ask(self, candidate: Filter, subject: Subject) -> Verdict:
        try:
            async with asyncio.timeout(self._time_limit_s):
                verdict = await candidate.judge(subject)
        except TimeoutError:
            logger.exception(
                "filter too slow", filter=candidate.name, limit_s=self._time_limit_s
            )
            return self._failure(candidate, subject, "the filter took too long")
        except Exception:  # whatever it was, nothing unjudged may pass
            logger.exception("filter failed", filter=candidate.name)
            return self._failure(candidate, subject, "the filter failed")
        if verdict.action is Action.REDACT and verdict.text is None:
            logger.error("filter redacted to nothing", filter=candidate.name)
            return self._failure(candidate, subject, "the filter failed")
        if self._alarm is not None:
            self._alarm.worked(candidate.name)
        return verdict

    def _failure(self, candidate: Filter, subject: Subject, reason: str) -> Verdict:
        if self._alarm is not None:
            self._alarm.failed(candidate.name, reason)
        is_output = subject.stage is Stage.OUTPUT
        return Verdict(
            Action.BLOCK if is_output else Action.FLAG,
            category="failure",
            score=1.0,
            filter=candidate.name,
            reason=reason,
        )
