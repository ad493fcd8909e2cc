"""A lesson: a word or idea a day, with an exercise, and words from before again."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from typing_extensions import override

from bot.publication import Poll
from bot.store.lessons import LessonItem, LessonStep
from bot.words import T, Text
from content.drafting import Brief, Draft, Drafter, Step
from content.gathering import Gathering
from content.kinds.kind import PostKind
from content.kinds.phrasing import capital, chosen, spoken, system_prompt
from content.quality import is_like, is_stuttering, leans_on_another, sentence_fault
from content.scoring import score_draft
from content.sentences import count_words, stems, words
from content.templates import Template
from content.text_maker import TextMaker

__all__ = ["Lesson", "is_in_table", "split_level"]

NUM_ANSWERS = 4
MAX_WORD = 60  # characters
MAX_SENTENCE_WORDS = 20
GAP = "…"
MIN_WORDS_AROUND_GAP = 5
LEVEL_WORDS = (
    frozenset({"1", "easy", "beginner", "beginners", "simple", "初级", "简单"}),
    frozenset({"2", "middle", "intermediate", "中级"}),
    frozenset({"3", "hard", "difficult", "advanced", "高级", "难"}),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a lesson is about. `level` is 0, and `kind` "", for a topic's own word."""

    word: str
    meaning: str
    kind: str = ""
    level: int = 0
    example: str = ""


class Lesson(PostKind):
    """A word with its meaning, an example, an exercise and a question from before."""

    name = "lesson"
    summary = T("A word or idea a day, with an exercise and words from before again.")
    parts = ("meaning", "example", "exercise", "question")
    tone = "patient"
    min_words, max_words = 4, 80
    picture_hint = "one object that shows {topic}, on plain paper, no text"
    is_about_topic = False

    @override
    async def draft(self, brief: Brief, maker: TextMaker) -> Draft:
        """Write a lesson.

        A topic may be a word or idea with its meaning ("compost: rotted plants that
        feed others") or with a colon alone ("black holes:", which the model explains),
        a word of the table, or a level; else the next word comes.
        """
        template = Template.load(self.name, brief.language)
        drafter = Drafter(maker, system=system_prompt(template, brief), seed=brief.seed)
        table = _table(template)
        entry = _entry(brief, table)
        if not entry.meaning:
            meaning = await _meaning(entry.word, brief, template, drafter)
            entry = Entry(entry.word, meaning)
        sentence = await _sentence(entry, brief, template, drafter)
        asked = _asked(brief, entry)
        poll = _poll(asked, brief, table, template)
        steps = [LessonStep(entry.word, entry.meaning, is_new=True)]
        if asked and poll:
            steps.append(LessonStep(asked.word, asked.meaning, is_new=False))
        text = " ".join([entry.meaning, entry.example, *sentence]).strip()
        given = (entry.meaning, entry.example)
        score = await score_draft(type(self), brief, text, told=given)
        return Draft(
            kind=self.name,
            topic=brief.topic,
            language=brief.language,
            title=template.fill("title", word=entry.word)[0],
            summary="",
            body=_body(entry, sentence, brief, template),
            score=score,
            attempts=drafter.attempts,
            poll=poll,
            lesson=tuple(steps),
        )


def is_in_table(word: str, language: str) -> bool:
    """Return whether a word's meaning is known without asking the model."""
    table = _table(Template.load(Lesson.name, language))
    return any(entry.word.lower() == word.lower() for entry in table)


def _table(template: Template) -> tuple[Entry, ...]:
    if not template.is_native:
        return ()
    return tuple(
        Entry(word, meaning, kind, level, example)
        for word, kind, level, meaning, example in template.texts["words"]
    )


def _entry(brief: Brief, table: Sequence[Entry]) -> Entry:
    """Return what the topic asks for, else the next word that was not taught yet."""
    word, colon, meaning = brief.topic.replace("：", ":").partition(":")
    word = word.strip()
    if meaning.strip():
        return Entry(word[:MAX_WORD], meaning.strip())
    for entry in table:
        if entry.word.lower() == word.lower():
            return entry
    if colon and word:
        return Entry(spoken(word)[:MAX_WORD], "")
    _, level = split_level(brief.topic)
    if not table or (level == 0 and len(brief.topic.split()) == 1):
        return Entry(spoken(brief.topic)[:MAX_WORD], "")
    taught = {item.word for item in brief.lessons}
    fresh = [entry for entry in table if entry.word not in taught]
    near = [entry for entry in fresh if entry.level == level]
    lowest = min((entry.level for entry in fresh), default=0)
    options = near or [entry for entry in fresh if entry.level == lowest] or table
    return chosen(options, brief, "word")


def split_level(topic: str) -> tuple[str, int]:
    """Return a topic without the level that it names, and the level; 0 for none.

    A number stays in it: it may be a part of a name.
    """
    found = set(topic.lower().split())
    for index, names in enumerate(LEVEL_WORDS):
        if names & found:
            levels = {name for name in names if not name.isdigit()}
            rest = [word for word in topic.split() if word.lower() not in levels]
            return " ".join(rest), index + 1
    return topic, 0


async def _meaning(
    word: str, brief: Brief, template: Template, drafter: Drafter
) -> str:
    """Ask what a word means that no table explains.

    Raises:
        DraftFailedError: the model could not say it in a sentence.
    """
    gathering = Gathering(partial(_fault, brief, word, []), 1, 1)
    step = Step(T("meaning"), template.fill("explain", word=word), 60, max_attempts=5)
    return (await drafter.ask(step, gathering.take))[0]


async def _sentence(
    entry: Entry, brief: Brief, template: Template, drafter: Drafter
) -> list[str]:
    """Ask for one more sentence with the word; it may be done without."""
    said = [entry.example, entry.meaning]
    gathering = Gathering(partial(_fault, brief, entry.word, said), 1, 1)
    prompts = template.fill("sentence", word=entry.word)
    step = Step(T("example"), prompts, 50, max_attempts=4, temperature=0.6)
    return await drafter.ask_or(step, gathering.take, [])


def _fault(
    brief: Brief, word: str, said: Sequence[str], piece: str, kept: list[str]
) -> Text | None:
    fault = sentence_fault(piece, language=brief.language, topic=word)
    if fault:
        return fault
    if count_words(piece) > MAX_SENTENCE_WORDS * (3 if not piece.isascii() else 1):
        return T("a short sentence")
    if word.lower() not in piece.lower() or leans_on_another(piece):
        return T("a sentence with the word in it")
    if word.lower() != "word" and "word" in words(piece):
        return T("only the subject, not a word about the task")
    if is_like(piece, [one for one in [*said, *brief.earlier] if one]):
        return T("nothing that was said before")
    if is_stuttering(piece):
        return T("no repetition")
    if not stems(piece) - stems(word):
        return T("a sentence that says something")
    return None


def _asked(brief: Brief, entry: Entry) -> LessonItem | None:
    """Return the word that is most due; `lessons` has it first."""
    for item in brief.lessons:
        if item.is_due and item.word != entry.word:
            return item
    return None


def _poll(
    asked: LessonItem | None,
    brief: Brief,
    table: Sequence[Entry],
    template: Template,
) -> Poll | None:
    """Ask a word from before; None where none is due, or it cannot be asked."""
    if asked is None:
        return None
    word = asked.word
    meaning = re.sub(re.escape(word), GAP, asked.meaning.rstrip(".。"), flags=re.I)
    if GAP in meaning and count_words(meaning) < MIN_WORDS_AROUND_GAP:
        return None  # too little is left of it
    order = random.Random(f"{brief.seed}/{word}")  # noqa: S311 - no secret
    known = [item.word for item in brief.lessons if item.word != word]
    others = [one.word for one in table if one.word != word and one.word not in known]
    wrong = [*known[: NUM_ANSWERS - 2], *order.sample(others, min(3, len(others)))]
    wrong = list(dict.fromkeys(wrong))[: NUM_ANSWERS - 1]
    if len(wrong) < NUM_ANSWERS - 1:
        return None
    answers = [word, *wrong]
    order.shuffle(answers)
    (question,) = template.fill("recall", meaning=meaning)
    return Poll(question, tuple(answers), correct=answers.index(word))


def _body(
    entry: Entry, sentence: Sequence[str], brief: Brief, template: Template
) -> str:
    texts = template.texts
    level = texts["level_own"]
    if entry.level:
        level = texts["level"].replace("{kind}", entry.kind)
        level = level.replace("{level}", str(entry.level))
    examples = [one for one in (entry.example, *sentence) if one]
    labels = (texts["example"], texts["another"])
    lines = [
        f"*{label}:* {example}"
        for label, example in zip(labels, examples, strict=False)
    ]
    exercise = chosen(template.fill("exercise", word=entry.word), brief, "exercise")
    meaning = capital(entry.meaning.rstrip(".。"))
    stop = "." if meaning.isascii() else "。"
    parts = (f"**{entry.word}** ({level})", meaning + stop, *lines, exercise)
    return "\n\n".join(parts)
