"""A short article: three sections, a title and a summary."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from bot.words import T, Text
from content.drafting import Brief, Draft, Drafter, Step, Unfit
from content.kinds.kind import PostKind
from content.kinds.phrasing import capital, chosen, joined, spoken, system_prompt
from content.languages import is_spaced
from content.originality import copies
from content.quality import (
    is_in_language,
    is_like,
    leans_on_another,
    sentence_fault,
)
from content.scoring import score_draft
from content.sentences import cleaned, count_words, overlap, sentences, stems, words
from content.templates import Template
from content.text_maker import TextMaker

__all__ = ["Article"]

NUM_SECTIONS = 3
MIN_SENTENCES, MAX_SENTENCES = 2, 4
SECTION_WORDS = 28  # enough with two sentences; else another answer is asked for
MAX_TITLE = 80  # characters
MAX_HEADING_WORDS = 6


@dataclass(frozen=True, slots=True)
class Plan:
    """A section before it is written: its heading, and how to ask for it."""

    heading: str
    prompts: tuple[str, ...]


@dataclass(slots=True)
class Paragraph:
    """Gathers the good sentences of several answers until there are enough."""

    brief: Brief
    heading: str
    earlier: Sequence[str]
    kept: list[str] = field(default_factory=list)

    def take(self, text: str) -> str:
        """Add an answer's good sentences; return the paragraph once it is long enough.

        Raises:
            Unfit: it is still too short.
        """
        faults = [T("an answer")]
        for sentence in sentences(cleaned(text)):
            fault = self._fault(sentence)
            if fault:
                faults.append(fault)
            elif len(self.kept) < MAX_SENTENCES * self.brief.scale:
                self.kept.append(sentence)
        text = joined(self.kept, self.brief.language)
        least_words = SECTION_WORDS * self.brief.scale
        if len(self.kept) < MIN_SENTENCES or count_words(text) < least_words:
            raise Unfit(faults[-1])
        return text

    def _fault(self, sentence: str) -> Text | None:
        topic = self.brief.topic
        fault = sentence_fault(sentence, language=self.brief.language, topic=topic)
        if fault:
            return fault
        if is_like(sentence, [*self.earlier, *self.kept]):
            return T("nothing that was said before")
        if copies(sentence, self.brief):
            return T("own words, not those of the source")
        if not self.kept and leans_on_another(sentence):
            return T("a first sentence that stands alone")
        wanted = stems(topic) | stems(self.heading)
        off_topic = [s for s in self.kept if not wanted & stems(s)]
        if not wanted & stems(sentence) and (not self.kept or off_topic):
            return T("only the subject")
        return None


class Article(PostKind):
    """A few friendly paragraphs about a topic."""

    name = "article"
    summary = T("A short article with three sections.")
    parts = ("summary", "section", "section", "section", "title")
    tone = "plain and warm"
    min_words, max_words = 80, 320
    picture_hint = "a calm, bright photograph of {topic}, no people, no text"

    @override
    async def draft(self, brief: Brief, maker: TextMaker) -> Draft:
        template = Template.load(self.name, brief.language)
        drafter = Drafter(maker, system=system_prompt(template, brief), seed=brief.seed)
        plans = await _outline(brief, template, drafter)
        said: list[str] = []
        parts: list[str] = []
        for plan in plans:
            text = await _section(plan, brief, drafter, said)
            said.extend(sentences(text))
            parts.append(f"## {plan.heading}\n\n{text}")
        title = await _title(brief, template, drafter)
        summary = await _summary(brief, template, drafter, said)
        body = "\n\n".join([f"*{summary}*", *parts])
        score = await score_draft(type(self), brief, " ".join([summary, *said]))
        return Draft(
            kind=self.name,
            topic=brief.topic,
            language=brief.language,
            title=title,
            summary=summary,
            body=body,
            score=score,
            attempts=drafter.attempts,
        )


async def _outline(
    brief: Brief, template: Template, drafter: Drafter
) -> tuple[Plan, ...]:
    """Ask for three headings; where none are good, take a plan from the template."""
    topic = spoken(brief.topic)
    step = Step(T("outline"), template.fill("outline", topic=topic), 60, max_attempts=2)

    def take(text: str) -> tuple[Plan, ...]:
        headings = _headings(text, brief)
        return tuple(
            Plan(heading, template.fill("section", topic=topic, heading=heading))
            for heading in headings
        )

    return await drafter.ask_or(step, take, _designed(brief, template))


def _designed(brief: Brief, template: Template) -> tuple[Plan, ...] | None:
    plans = template.texts["plans"]
    if not template.is_native or not isinstance(plans, list):
        return None
    plan = chosen(plans, brief)
    topic = spoken(brief.topic)
    return tuple(
        Plan(section["heading"], template.fill_all(section["ask"], topic=topic))
        for section in plan["sections"]
    )


def _headings(text: str, brief: Brief) -> tuple[str, ...]:
    lines = [line.strip(" \"'“”.,:;") for line in cleaned(text).splitlines()]
    lines = [line for line in lines if line]
    if len(lines) < NUM_SECTIONS:
        raise Unfit(T("three headings, one on a line"))
    chosen: list[str] = []
    for line in lines:
        if not _is_heading(line, brief):
            continue
        if all(overlap(stems(line), stems(other)) < 0.5 for other in chosen):
            chosen.append(line[0].upper() + line[1:])
    if len(chosen) < NUM_SECTIONS:
        raise Unfit(T("three short headings that differ"))
    return tuple(chosen[:NUM_SECTIONS])


def _is_heading(line: str, brief: Brief) -> bool:
    num_words = len(words(line))
    is_short = (
        2 <= num_words <= MAX_HEADING_WORDS * (1 if is_spaced(brief.language) else 2)
    )
    is_plain = re.search(r"[\d:;.!?#*\"“”|]", line) is None
    own, topic = stems(line), stems(brief.topic)
    says_more = bool(own - topic)
    is_near = bool(own & topic)
    return (
        is_short
        and is_plain
        and says_more
        and is_near
        and (is_in_language(line, brief.language))
    )


async def _section(
    plan: Plan, brief: Brief, drafter: Drafter, said: Sequence[str]
) -> str:
    paragraph = Paragraph(brief, plan.heading, said)
    step = Step(T("section"), plan.prompts, 120, max_attempts=9)
    return await drafter.ask(step, paragraph.take)


async def _title(brief: Brief, template: Template, drafter: Drafter) -> str:
    """Ask for a title; where it is not near the topic, the topic is the title."""
    prompts = template.fill("title", topic=spoken(brief.topic))

    def take(text: str) -> str:
        line = next(iter(cleaned(text).splitlines()), "").strip(" \"'“”«».…,;:")
        if not line or len(line) > MAX_TITLE:
            raise Unfit(T("a title of normal length"))
        if re.search(r"[^\w\s,'’?&-]|\d|_| - ", line):
            raise Unfit(T("a plain title"))
        if not is_in_language(line, brief.language):
            raise Unfit(T("the right language"))
        if overlap(stems(line), stems(brief.topic)) < 0.5:
            raise Unfit(T("a title that names the topic"))
        return line[0].upper() + line[1:]

    own = capital(brief.topic.strip().rstrip("."))
    return await drafter.ask_or(Step(T("title"), prompts, 24, 2), take, own[:MAX_TITLE])


async def _summary(
    brief: Brief, template: Template, drafter: Drafter, said: Sequence[str]
) -> str:
    topic = spoken(brief.topic)

    def take(text: str) -> str:
        for sentence in sentences(cleaned(text)):
            fault = sentence_fault(
                sentence, language=brief.language, topic=brief.topic
            ) or (T("a new thought") if is_like(sentence, said) else None)
            if (
                not fault
                and not copies(sentence, brief)
                and stems(sentence) & stems(brief.topic)
            ):
                return sentence
        raise Unfit(T("one sentence about the topic"))

    step = Step(T("summary"), template.fill("summary", topic=topic), 60, max_attempts=4)
    fallback = template.fill("summary_fallback", topic=topic)[0]
    return await drafter.ask_or(step, take, fallback if template.is_native else None)
