"""What a filter is, and the chain that asks them all.

A filter looks at one text and gives a verdict. To add one: write a file in this
folder, add a line to FILTERS in bot/safety/filters.py, a settings table if it has any,
a row in bot/safety/refusal.py if it blocks, and a row in
tests/bot/safety/test_filter_contract.py.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import structlog

from bot.messages import Attachment, Author, Channel
from bot.safety.policy import STANDARD, Policy
from bot.safety.verdict import Action, Stage, Verdict, combine

__all__ = ["Filter", "FilterChain", "Judgement", "Subject"]

logger = structlog.get_logger(__name__)

TIME_LIMIT_S = 5.0
"""How long one filter may take for one text."""


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
    """

    text: str = field(repr=False)
    stage: Stage
    channel: Channel | None = None
    author: Author | None = None
    is_to_bot: bool = True
    before: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()
    policy: Policy = STANDARD

    @property
    def in_context(self) -> str:
        """The text with what stands before it, as a reader meets it."""
        return self.before + self.text


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict that counts, the text that may pass, and what every filter said.

    `text` is "" where nothing may pass; `all` has no entry for a filter that allowed.
    `scores` is what classifiers found, whatever came of it.
    """

    verdict: Verdict
    text: str = field(repr=False)
    all: tuple[Verdict, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_blocked(self) -> bool:
        """Whether nothing may pass."""
        return self.verdict.action is Action.BLOCK


class Filter(ABC):
    """Judges one kind of thing."""

    name: ClassVar[str]
    stages: ClassVar[frozenset[Stage]]

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
        self, filters: Sequence[Filter], *, time_limit_s: float = TIME_LIMIT_S
    ) -> None:
        self._filters = tuple(filters)
        self._time_limit_s = time_limit_s

    async def judge(self, subject: Subject) -> Judgement:
        """Ask every filter of the stage, until one blocks."""
        verdicts: list[Verdict] = []
        scores: dict[str, float] = {}
        for candidate in self._filters:
            if subject.stage not in candidate.stages:
                continue
            verdict = await self._ask(candidate, subject)
            scores.update(verdict.scores)
            if verdict.action is Action.ALLOW:
                continue
            verdicts.append(verdict)
            if verdict.action is Action.BLOCK:
                return Judgement(combine(verdicts), "", tuple(verdicts), scores)
            if verdict.text is not None:
                subject = replace(subject, text=verdict.text)
        return Judgement(combine(verdicts), subject.text, tuple(verdicts), scores)

    async def _ask(self, candidate: Filter, subject: Subject) -> Verdict:
        try:
            async with asyncio.timeout(self._time_limit_s):
                verdict = await candidate.judge(subject)
        except TimeoutError:
            logger.exception(
                "filter too slow", filter=candidate.name, limit_s=self._time_limit_s
            )
            return _failure(candidate, subject, "the filter took too long")
        except Exception:  # whatever it was, nothing unjudged may pass
            logger.exception("filter failed", filter=candidate.name)
            return _failure(candidate, subject, "the filter failed")
        if verdict.action is Action.REDACT and verdict.text is None:
            logger.error("filter redacted to nothing", filter=candidate.name)
            return _failure(candidate, subject, "the filter failed")
        return verdict


def _failure(candidate: Filter, subject: Subject, reason: str) -> Verdict:
    is_output = subject.stage is Stage.OUTPUT
    return Verdict(
        Action.BLOCK if is_output else Action.FLAG,
        category="failure",
        score=1.0,
        filter=candidate.name,
        reason=reason,
    )
