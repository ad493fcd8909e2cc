"""A quiz: what it asks is from a table, so that it is right."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from typing_extensions import override

from bot.publication import Poll
from bot.words import T, Text
from content.drafting import Brief, Draft, Drafter, DraftFailedError, Step
from content.gathering import Gathering
from content.kinds.kind import PostKind
from content.kinds.phrasing import chosen, system_prompt
from content.languages import base_of
from content.quality import is_stuttering, sentence_fault
from content.scoring import score_draft
from content.sentences import count_words, stems
from content.templates import Template, read_template
from content.text_maker import TextMaker

__all__ = ["Quiz"]

NUM_ANSWERS = 4
MAX_OPENING_WORDS = 22
LANGUAGES = ("en", "zh")  # the places of a pool's answers


@dataclass(frozen=True, slots=True)
class Fact:
    """A question with its right answer and three or more wrong ones."""

    group: str
    question: str
    answer: str
    wrong: tuple[str, ...]
    explanation: str


class Quiz(PostKind):
    """A question with four answers and why the right one is right."""

    name = "quiz"
    summary = T("A question with four answers, from a table of facts.")
    parts = ("opening", "question", "answers", "explanation")
    tone = "playful"
    min_words, max_words = 4, 40
    picture_hint = "a large friendly question mark of paper, bright colours, no text"
    is_about_topic = False

    @override
    async def draft(self, brief: Brief, maker: TextMaker) -> Draft:
        """Write a quiz.

        A topic may bring its own question: "question | right | wrong | wrong | wrong",
        and after one more bar an explanation.
        """
        template = Template.load(self.name, brief.language)
        if not template.is_native:
            raise DraftFailedError(
                T("question"), (T("there are no facts in this language"),)
            )
        drafter = Drafter(maker, system=system_prompt(template, brief), seed=brief.seed)
        fact = _own_fact(brief.topic) or _chosen_fact(brief)
        group = template.texts["groups"][fact.group]
        opening = await _opening(group, brief, template, drafter)
        poll = _poll(fact, brief)
        (title,) = template.fill("title", group=group)
        designed = (*template.texts["openings"],)
        score = await score_draft(type(self), brief, opening, told=designed)
        return Draft(
            kind=self.name,
            topic=brief.topic,
            language=brief.language,
            title=title,
            summary="",
            body=opening,
            score=score,
            attempts=drafter.attempts,
            poll=poll,
        )


def _own_fact(topic: str) -> Fact | None:
    """Return the fact that a topic brings itself; None where it brings none."""
    pieces = [piece.strip() for piece in topic.split("|")]
    if len(pieces) < NUM_ANSWERS + 1 or not all(pieces[: NUM_ANSWERS + 1]):
        return None
    question, answer, *wrong = pieces[: NUM_ANSWERS + 1]
    explanation = pieces[NUM_ANSWERS + 1] if len(pieces) > NUM_ANSWERS + 1 else ""
    return Fact("own", question, answer, tuple(wrong), explanation)


def _facts(language: str) -> tuple[tuple[Fact, ...], dict[str, frozenset[str]]]:
    """Return the facts of the table, and what each of its groups is about."""
    table = read_template("quiz_facts")
    place = LANGUAGES.index(base_of(language))
    facts = []
    for row in table["facts"]:
        pool = table["pools"][row["group"]]
        question, explanation = row[LANGUAGES[place]]
        unfit = {row["answer"], *row.get("unfit", ())}
        wrong = tuple(names[place] for key, names in pool.items() if key not in unfit)
        answer = pool[row["answer"]][place]
        facts.append(Fact(row["group"], question, answer, wrong, explanation))
    subjects = {
        group: stems(texts[place]) for group, texts in table["subjects"].items()
    }
    return tuple(facts), subjects


def _chosen_fact(brief: Brief) -> Fact:
    """Return a fact near the topic that was not asked lately, else any such fact."""
    facts, subjects = _facts(brief.language)
    wanted = stems(brief.topic)
    near = [fact for fact in facts if wanted & subjects[fact.group]]
    exact = [fact for fact in facts if len(wanted & stems(fact.question)) > 1]
    for options in (exact, near, facts):
        fresh = [fact for fact in options if not _was_asked(fact, brief.earlier)]
        if fresh:
            return chosen(fresh, brief, "fact")
    ages = [_age(fact, brief.earlier) for fact in facts]
    return facts[ages.index(max(ages))]


def _was_asked(fact: Fact, earlier: Sequence[str]) -> bool:
    return any(fact.question in post for post in earlier)


def _age(fact: Fact, earlier: Sequence[str]) -> int:
    """Return how many posts ago it was asked last; `earlier` has the latest first."""
    return next(i for i, post in enumerate(earlier) if fact.question in post)


def _poll(fact: Fact, brief: Brief) -> Poll:
    order = random.Random(f"{brief.seed}/{fact.question}")  # noqa: S311 - no secret
    wrong = order.sample(fact.wrong, NUM_ANSWERS - 1)
    answers = [fact.answer, *wrong]
    if all(answer.isdigit() for answer in answers):
        answers.sort(key=int)
    else:
        order.shuffle(answers)
    return Poll(
        fact.question,
        tuple(answers),
        correct=answers.index(fact.answer),
        explanation=fact.explanation,
    )


async def _opening(
    group: str, brief: Brief, template: Template, drafter: Drafter
) -> str:
    gathering = Gathering(partial(_opening_fault, brief, group), 1, 1)
    prompts = template.fill("opening", group=group)
    step = Step(T("opening"), prompts, 40, max_attempts=2)
    own: str = chosen(template.texts["openings"], brief, "opening")
    return (await drafter.ask_or(step, gathering.take, [own]))[0]


def _opening_fault(
    brief: Brief, group: str, piece: str, kept: list[str]
) -> Text | None:
    fault = sentence_fault(piece, language=brief.language, topic=group)
    if fault:
        return fault
    if piece.endswith(("?", "？")) or count_words(piece) > MAX_OPENING_WORDS:
        return T("one short sentence")
    if is_stuttering(piece) or not stems(piece) & stems(group):
        return T("only the subject")
    return None
