"""A bigger guard by name: a language model that was trained to judge, asked through
the engine like any other.
"""

import uuid
from collections.abc import Mapping

from typing_extensions import override

from bot.errors import GenerationError, UserError
from bot.generation.engine import Engine
from bot.generation.requests import (
    GenerationRequest,
    Owner,
    Priority,
    TextParams,
    TextPayload,
)
from bot.safety.classifier import NEVER, Scores, TextClassifier
from bot.safety.guard_styles import GuardStyle, Question
from bot.safety.policy import Category, Level
from bot.safety.together import all_of
from bot.safety.verdict import Stage
from bot.words import T

__all__ = ["GenerativeGuard"]

OWNER = Owner(community="safety", person="guard")

WINDOW_LENGTH = 1000
"""How many characters are judged at once: with the guard's own prompt, which has
several hundred tokens, it fits into 2048 tokens in any script."""

OVERLAP_LENGTH = 100
"""So many characters of a window stand in the next one as well."""

MAX_WINDOWS = 16

THRESHOLDS: Mapping[Level, float] = {
    Level.OFF: NEVER,
    Level.RELAXED: 0.9,
    Level.STANDARD: 0.9,
    Level.STRICT: 0.4,
}


class GenerativeGuard(TextClassifier):
    """Asks one of the engine's models, in the style that it was trained for.

    Its probabilities are none: a category is found (1), not found (0), or for guards
    that know a middle, perhaps there (0.5). So relaxed and standard are the same and
    act on 1; strict acts on 0.5 too. Categories that the style does not know are
    absent.

    Long texts are judged in windows; one of more than about 14000 characters is
    refused.

    Args:
        engine: has the model.
        model: its name in the engine.
        style: how it is asked, from GUARD_STYLES.
        deadline_s: seconds until each answer has to be there.
        name: what is noted beside verdicts, such as its hub id; "": as in the engine.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        model: str,
        style: GuardStyle,
        deadline_s: float,
        name: str = "",
    ) -> None:
        self.name = name or model
        self._engine = engine
        self._model = model
        self._style = style
        self._deadline_s = deadline_s

    @override
    async def classify(self, text: str, stage: Stage) -> Scores:
        """Return what the guard says of each category.

        Raises:
            UserError: the text is too long.
            GenerationError: there was no answer in time, or none that can be read.
            MissingError: the model is not here.
        """
        highest: dict[Category, float] = {}
        for scores in await all_of(
            self._answer(question)
            for window in _windows(text)
            for question in self._style.ask(window, stage)
        ):
            for category, score in scores.items():
                highest[category] = max(score, highest.get(category, 0.0))
        return highest

    @override
    def threshold(self, category: Category, level: Level) -> float:
        return THRESHOLDS[level]

    async def _answer(self, question: Question) -> Scores:
        ticket = self._engine.submit(
            GenerationRequest(
                id=f"guard-{uuid.uuid4().hex}",
                model=self._model,
                payload=TextPayload(question.turns),
                params=TextParams(max_tokens=self._style.max_tokens, temperature=0),
                owner=OWNER,
                priority=Priority.CHAT,
                deadline_s=self._deadline_s,
            )
        )
        try:
            scores = question.read(await ticket.text())
        finally:
            ticket.cancel()  # where nobody waits any more, the model need not go on
        if scores is None:
            raise GenerationError(
                T(
                    "The guard “{model}” did not answer as guards of its style do. Is "
                    "the style in [models.guard] right?",
                    model=self.name,
                )
            )
        return scores


def _windows(text: str) -> list[str]:
    step = WINDOW_LENGTH - OVERLAP_LENGTH
    starts = range(0, max(1, len(text) - OVERLAP_LENGTH), step)
    if len(starts) > MAX_WINDOWS:
        raise UserError(T("The text is too long."))
    return [text[start : start + WINDOW_LENGTH] for start in starts]
