"""Judges the pictures that come with a text."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import ClassVar

import structlog
from typing_extensions import override

from bot.errors import HearthbotError
from bot.messages import Attachment, Channel
from bot.safety.classifier import NEVER
from bot.safety.filter import Filter, Subject
from bot.safety.pictures.classifier import PictureClassifier
from bot.safety.pictures.opener import PictureOpener
from bot.safety.pictures.perceptual_hash import MAX_DISTANCE, HashList
from bot.safety.pictures.picture import Picture, PictureRefusedError
from bot.safety.pictures.sniffing import claims_picture, format_of, is_other_picture
from bot.safety.pictures.text_in_picture import PictureReader
from bot.safety.policy import Category, Level
from bot.safety.verdict import ALLOW, Action, Stage, Verdict, combine

__all__ = ["HashesOf", "PictureFilter", "is_picture"]

logger = structlog.get_logger(__name__)

JudgeText = Callable[[str, Subject], Awaitable[Verdict]]
HashesOf = Callable[[Channel | None], Awaitable[HashList]]

REASONS: Mapping[str, str] = {
    "size": "has too many bytes",
    "format": "is of a kind that is not opened",
    "bomb": "unpacks to far too much",
    "frames": "has too many frames",
    "polyglot": "is something else as well",
    "broken": "is damaged",
    "slow": "takes too long to check",
}


class PictureFilter(Filter):
    """Blocks a message for one picture that is not wanted or cannot be judged.

    A picture must open, must not be on the community's list, must not show what the
    place's policy forbids, and what is written in it must pass as a text would. What
    cannot be checked, or not in time, is blocked: it could be anything. In a shadow
    policy only what the classifier says is let through, and flagged.

    Args:
        hashes_of: returns the list of unwanted pictures for a channel.
        reader: None: what is written in pictures is not judged.
        judge_text: judges what was read; its REDACT becomes FLAG, for ink cannot be
            taken out of a picture.
        max_distance: bits in which a listed picture may differ, 0 to 63.
        time_limit_s: for all pictures of a message together; less than the chain's.
    """

    name: ClassVar[str] = "pictures"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT, Stage.OUTPUT})

    def __init__(
        self,
        *,
        opener: PictureOpener,
        classifier: PictureClassifier,
        hashes_of: HashesOf | None = None,
        reader: PictureReader | None = None,
        judge_text: JudgeText | None = None,
        max_distance: int = MAX_DISTANCE,
        time_limit_s: float = 4.5,
    ) -> None:
        self._opener = opener
        self._classifier = classifier
        self._hashes_of = hashes_of
        self._reader = reader
        self._judge_text = judge_text
        self._max_distance = max_distance
        self._time_limit_s = time_limit_s

    @override
    async def judge(self, subject: Subject) -> Verdict:
        pictures = [file for file in subject.attachments if is_picture(file)]
        if not pictures:
            return ALLOW
        verdicts: list[Verdict] = []
        try:
            async with asyncio.timeout(self._time_limit_s):
                for number, file in enumerate(pictures, start=1):
                    verdicts += await self._judge_file(file, number, subject)
                    if verdicts[-1].action is Action.BLOCK:
                        break
        except TimeoutError:
            verdicts.append(self._refusal("slow", len(verdicts) + 1))
        return _with_scores(verdicts)

    async def _judge_file(
        self, file: Attachment, number: int, subject: Subject
    ) -> list[Verdict]:
        """Return what each step says of one picture, up to the first block."""
        try:
            picture = await self._opener.open(file.content)
        except PictureRefusedError as error:
            return [self._refusal(error.category, number, limit=error.limit)]
        verdicts: list[Verdict] = []
        for step in (self._in_list, self._in_sight, self._in_words):
            try:
                verdicts.append(await step(picture, number, subject))
            except HearthbotError:  # weights, words or the list are not to be had
                logger.exception("picture cannot be checked")
                reason = f"picture {number} could not be checked"
                verdicts.append(self._block("failure", reason))
            if verdicts[-1].action is Action.BLOCK:
                break
        return verdicts

    async def _in_list(
        self, picture: Picture, number: int, subject: Subject
    ) -> Verdict:
        if self._hashes_of is None:
            return ALLOW
        listed = await self._hashes_of(subject.channel)
        note = await asyncio.to_thread(
            listed.find, picture, max_distance=self._max_distance
        )
        if note is None:
            return ALLOW
        return self._block(
            "picture_listed", f"picture {number} is on the list of unwanted pictures"
        )

    async def _in_sight(
        self, picture: Picture, number: int, subject: Subject
    ) -> Verdict:
        policy = subject.policy
        scores = await self._classifier.classify(picture)
        found = {str(category): score for category, score in scores.items()}
        over = {
            category: score
            for category, score in scores.items()
            if score >= self._threshold(category, subject)
        }
        if not over:
            return replace(ALLOW, scores=found)
        worst = max(over, key=over.__getitem__)
        return Verdict(
            Action.FLAG if policy.is_shadow else Action.BLOCK,
            category=str(worst),
            score=over[worst],
            filter=self.name,
            reason=f"picture {number} looks {worst} to {self._classifier.name}",
            scores=found,
        )

    def _threshold(self, category: Category, subject: Subject) -> float:
        level = subject.policy.level_of(category)
        if level is Level.OFF:
            return NEVER
        own = subject.policy.thresholds.get(category)
        return self._classifier.threshold(category, level) if own is None else own

    async def _in_words(
        self, picture: Picture, number: int, subject: Subject
    ) -> Verdict:
        if self._reader is None or self._judge_text is None:
            return ALLOW
        text = await self._reader.read(picture)
        if not text.strip():
            return ALLOW
        verdict = await self._judge_text(text, subject)
        if verdict.action is Action.ALLOW:
            return verdict
        is_redacted = verdict.action is Action.REDACT
        return replace(
            verdict,
            action=Action.FLAG if is_redacted else verdict.action,
            filter=self.name,
            reason=f"text in picture {number}: {verdict.reason}",
            text=None,
        )

    def _refusal(
        self, category: str, number: int, *, limit: int | None = None
    ) -> Verdict:
        reason = f"picture {number} {REASONS[category]}"
        return self._block(f"picture_{category}", reason, limit=limit)

    def _block(
        self, category: str, reason: str, *, limit: int | None = None
    ) -> Verdict:
        return Verdict(
            Action.BLOCK,
            category=category,
            score=1.0,
            filter=self.name,
            reason=reason,
            limit=limit,
        )


def is_picture(file: Attachment) -> bool:
    """Return whether a file is a picture or says that it is one."""
    return (
        format_of(file.content) is not None
        or is_other_picture(file.content)
        or claims_picture(name=file.name, media_type=file.media_type)
    )


def _with_scores(verdicts: list[Verdict]) -> Verdict:
    """Return the strictest verdict, with the highest scores that any has."""
    scores: dict[str, float] = {}
    for verdict in verdicts:
        for category, score in verdict.scores.items():
            scores[category] = max(score, scores.get(category, 0.0))
    return replace(combine(verdicts), scores=scores)
