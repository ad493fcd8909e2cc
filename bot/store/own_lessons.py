"""What one person learns for themselves: their words, and the question that is open."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from bot.publication import Poll
from bot.store.lessons import BOX_DAYS, LessonItem, LessonStep
from bot.store.settings import SettingsRepository

__all__ = ["OwnLessonRepository", "OwnLessons", "OwnQuestion", "OwnWord"]

MAX_WORDS = 300


@dataclass(frozen=True, slots=True)
class OwnWord:
    """A word that a person was taught. `box` is one of Leitner's, from 1 to 5."""

    word: str
    meaning: str
    box: int
    due_utc: datetime


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """The question of a person's latest lesson. `choice` is None until it is answered.

    `key` tells it from the questions of other lessons and other people.
    """

    key: str
    poll: Poll
    choice: int | None = None


@dataclass(frozen=True, slots=True)
class OwnLessons:
    """How far a person has come in one language. `topic` is that of the last lesson."""

    topic: str = ""
    words: tuple[OwnWord, ...] = field(default=(), repr=False)
    question: OwnQuestion | None = field(default=None, repr=False)

    def items(self, now_utc: datetime) -> tuple[LessonItem, ...]:
        """Return the words for the next lesson, the one due first before the rest."""
        return tuple(
            LessonItem(
                one.word, one.meaning, one.box, one.due_utc, one.due_utc <= now_utc
            )
            for one in sorted(self.words, key=lambda one: one.due_utc)
        )

    def taught(
        self,
        topic: str,
        steps: Iterable[LessonStep],
        question: OwnQuestion | None,
        now_utc: datetime,
    ) -> "OwnLessons":
        """Return it after a lesson. A word that was known before keeps its box.

        What is asked stays due until it is answered.
        """
        known = {one.word: one for one in self.words}
        for step in steps:
            if step.is_new and step.word not in known:
                due_utc = now_utc + timedelta(days=BOX_DAYS[0])
                known[step.word] = OwnWord(step.word, step.meaning, 1, due_utc)
        return OwnLessons(topic, tuple(known.values())[-MAX_WORDS:], question)

    def answered(self, choice: int, now_utc: datetime) -> "OwnLessons":
        """Return it after the question: its word is a box higher, or in the first."""
        if self.question is None:
            return self
        poll = self.question.poll
        asked = poll.answers[poll.correct or 0]
        is_right = choice == poll.correct
        words = list(self.words)
        for index, one in enumerate(words):
            if one.word == asked:
                box = min(one.box + 1, len(BOX_DAYS)) if is_right else 1
                due_utc = now_utc + timedelta(days=BOX_DAYS[box - 1])
                words[index] = replace(one, box=box, due_utc=due_utc)
        question = replace(self.question, choice=choice)
        return replace(self, words=tuple(words), question=question)


_AS_JSON = TypeAdapter(OwnLessons)
_NAME = "lesson-"


class OwnLessonRepository:
    """The lessons of people, by the key of their own settings, one for each language.

    They are kept among what people have set: nobody else's list shows them.
    """

    def __init__(self, settings: SettingsRepository) -> None:
        self._settings = settings

    async def get(self, person: str, language: str) -> OwnLessons:
        """Return how far a person has come."""
        value = await self._settings.get(person, _NAME + language)
        return _AS_JSON.validate_json(value) if value else OwnLessons()

    async def put(self, person: str, language: str, lessons: OwnLessons) -> None:
        """Keep how far a person has come."""
        value = _AS_JSON.dump_json(lessons).decode()
        await self._settings.set(person, _NAME + language, value)

    async def forget(self, person: str) -> bool:
        """Forget a person's lessons in all languages; return whether there were any."""
        names = [
            name for name in await self._settings.all(person) if name.startswith(_NAME)
        ]
        for name in names:
            await self._settings.unset(person, name)
        return bool(names)
