"""Drafting in small steps: ask, check, ask again, or do without."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from bot.generation.requests import PromptTurn, TextParams, TurnRole
from bot.meaning.meanings import NO_MEANINGS, Meanings
from bot.publication import Link, Poll, Publication
from bot.store.lessons import LessonItem, LessonStep
from bot.store.materials import Material
from bot.store.post_extras import PostExtras
from bot.store.stories import StorySoFar
from bot.words import T, Text, join_texts
from content.quality import Score
from content.text_maker import TextMaker

__all__ = ["Attempt", "Brief", "Draft", "DraftFailedError", "Drafter", "Step", "Unfit"]

logger = structlog.get_logger(__name__)

LONGEST_ANSWER = 8000
"""Characters that are read of an answer: no part of a post comes near it."""

T_Part = TypeVar("T_Part")


class DraftFailedError(Exception):
    """A part could not be written well enough.

    Attributes:
        step: the part.
        reasons: what was wrong with each attempt, in order.
        text: both, for a person.
        is_final: another draft would fare no better.
    """

    def __init__(
        self, step: Text, reasons: tuple[Text, ...], *, verdict: Text | None = None
    ) -> None:
        """Say what is wanted, or give the verdict that no draft can be had."""
        self.text = verdict or T(
            "wanted for the {part}: {reasons}", part=step, reasons=join_texts(reasons)
        )
        super().__init__(str(self.text))
        self.step = step
        self.reasons = reasons
        self.is_final = verdict is not None


class Unfit(Exception):
    """What came back cannot be used.

    Attributes:
        text: why, for the next prompt and for moderators.
    """

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


@dataclass(frozen=True, slots=True)
class Brief:
    """What a draft is asked to be.

    Attributes:
        language: a tag such as "en".
        persona: how the writer speaks, for the prompt; "" is neutral.
        seed: the same brief and seed give the same draft where the model can.
        avoid: what was wrong with an earlier draft of it.
        scale: how long it should be, as a share of the usual length.
        wish: what a moderator asks for, in their own words.
        outside: what the writer is to know, quoted as text from outside.
        material: what it is made from, where that is not the topic alone.
        earlier: the latest posts of the kind, so that nothing is told twice.
        stories: the parts that were told before, in order.
        lessons: the words that were taught before, the one due first before the rest.
        meanings: compares what texts mean.
    """

    topic: str
    language: str = "en"
    persona: str = field(default="", repr=False)
    seed: int = 1
    avoid: tuple[Text, ...] = ()
    scale: float = 1.0
    wish: str = field(default="", repr=False)
    outside: str = field(default="", repr=False)
    material: tuple[Material, ...] = ()
    earlier: tuple[str, ...] = field(default=(), repr=False)
    stories: tuple[StorySoFar, ...] = ()
    lessons: tuple[LessonItem, ...] = ()
    meanings: Meanings = field(default=NO_MEANINGS, repr=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer of the model. `fault` is None where it was used."""

    step: Text
    fault: Text | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that may become a post.

    Attributes:
        body: markdown, without the title.
        attempts: every answer it took, in order.
        num_rewrites: how many drafts before it were not good enough.
        story: how the story stands once this part is out.
        lesson: what this post teaches and asks.
        scene: what its picture shows, in English; "": what suits its kind.
    """

    kind: str
    topic: str
    language: str
    title: str = field(repr=False)
    summary: str = field(repr=False)
    body: str = field(repr=False)
    score: Score
    attempts: tuple[Attempt, ...] = ()
    num_rewrites: int = 0
    poll: Poll | None = field(default=None, repr=False)
    sources: tuple[Link, ...] = ()
    story: StorySoFar | None = None
    lesson: tuple[LessonStep, ...] = ()
    scene: str = field(default="", repr=False)

    @property
    def extras(self) -> PostExtras:
        """What it has besides title and body."""
        return PostExtras(self.summary, self.poll, self.sources, self.scene)

    @property
    def text(self) -> str:
        """The whole post as markdown."""
        return Publication(
            "", self.title, self.body, poll=self.poll, sources=self.sources
        ).text


@dataclass(frozen=True, slots=True)
class Step:
    """One question to the model.

    Attributes:
        name: what is asked for, for reasons.
        prompts: how it is asked; the next attempt takes the next, round and round.
        max_attempts: how often it is asked before it is given up.
    """

    name: Text
    prompts: tuple[str, ...]
    max_tokens: int
    max_attempts: int = 3
    temperature: float = 0.4


class Drafter:
    """Asks one model for the parts of one draft."""

    def __init__(self, maker: TextMaker, *, system: str, seed: int) -> None:
        self._maker = maker
        self._system = system
        self._seed = seed
        self._attempts: list[Attempt] = []

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Every answer so far."""
        return tuple(self._attempts)

    async def ask(self, step: Step, take: Callable[[str], T_Part]) -> T_Part:
        """Ask until `take` can use the answer, each time with another seed.

        `take` raises Unfit with the reason where it cannot.

        Raises:
            DraftFailedError: no attempt could be used.
            GenerationError: the model could not be asked.
        """
        faults: list[Text] = []
        for number in range(step.max_attempts):
            text = await self._write(step, number)
            try:
                part = take(text)
            except Unfit as error:
                faults.append(error.text)
                self._attempts.append(Attempt(step.name, error.text))
                logger.debug("draft part unfit", step=str(step.name), fault=str(error))
            else:
                self._attempts.append(Attempt(step.name, None))
                return part
        raise DraftFailedError(step.name, tuple(faults))

    async def ask_or(
        self, step: Step, take: Callable[[str], T_Part], otherwise: T_Part | None
    ) -> T_Part:
        """Like `ask`, but do with something designed where no attempt can be used.

        Raises:
            DraftFailedError: there is nothing designed either (None).
        """
        try:
            return await self.ask(step, take)
        except DraftFailedError:
            if otherwise is None:
                raise
            return otherwise

    async def _write(self, step: Step, number: int) -> str:
        turns = (
            PromptTurn(TurnRole.SYSTEM, self._system),
            PromptTurn(TurnRole.USER, step.prompts[number % len(step.prompts)]),
        )
        params = TextParams(
            max_tokens=step.max_tokens,
            temperature=step.temperature,
            top_p=0.9,
            seed=self._seed + len(self._attempts),
        )
        text = await self._maker.write(turns, params=params)
        return text[:LONGEST_ANSWER]
