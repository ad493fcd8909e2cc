"""A discussion starter: an open question, and two or three sides of it."""

import re
from collections.abc import Mapping, Sequence
from functools import partial

from typing_extensions import override

from bot.words import T, Text
from content.drafting import Brief, Draft, Drafter, Step, Unfit
from content.gathering import Gathering
from content.kinds.kind import PostKind
from content.kinds.phrasing import capital, chosen, spoken, system_prompt
from content.originality import copies
from content.quality import (
    FIRST_PERSON,
    META,
    is_in_language,
    is_like,
    leans_on_another,
    sentence_fault,
)
from content.scoring import score_draft
from content.sentences import cleaned, count_words, stems
from content.templates import Template
from content.text_maker import TextMaker

__all__ = ["Discussion"]

NUM_ANGLES, MOST_ANGLES = 3, 3
MAX_TITLE = 100
QUESTION = re.compile(r"(?:what|how|which|when|where|who)\b[^?\n]*\?", re.IGNORECASE)
CHINESE_QUESTION = re.compile(r"[^。？\n]*(?:什么|怎样|怎么|如何|哪)[^。？\n]*？")
HALF = re.compile(
    r"on (?:the )?(?:one|other) hand|one tip (?:for|to)|the perfect|what a\b",
    re.IGNORECASE,
)
ODD_QUESTION = re.compile(
    r"[\d:;\"“”*#]|\b(?:i|my|we'll|assist|help you|difference|purpose)\b", re.IGNORECASE
)


class Discussion(PostKind):
    """A friendly open question with a few angles."""

    name = "discussion"
    summary = T("A question to talk about, with a few sides of it.")
    parts = ("question", "angle", "angle", "angle")
    tone = "friendly and curious"
    min_words, max_words = 5, 150
    picture_hint = "two cups of tea on a table by a window, warm light, no text"

    @override
    async def draft(self, brief: Brief, maker: TextMaker) -> Draft:
        template = Template.load(self.name, brief.language)
        drafter = Drafter(maker, system=system_prompt(template, brief), seed=brief.seed)
        question = await _question(brief, template, drafter)
        said: list[str] = []
        angles = [
            await _angle(plan, brief, template, drafter, said)
            for plan in _plans(brief, template)
        ]
        opening = chosen(template.texts["opening"], brief)
        closing = template.texts["closing"] if len(angles) > 1 else ""
        parts = (f"**{question}**", opening, *angles, closing)
        score = await score_draft(
            type(self), brief, " ".join([question, *said]), told=[question]
        )
        return Draft(
            kind=self.name,
            topic=brief.topic,
            language=brief.language,
            title=template.fill("title", topic=spoken(brief.topic))[0][:MAX_TITLE],
            summary="",
            body="\n\n".join(part for part in parts if part),
            score=score,
            attempts=drafter.attempts,
        )


def _plans(brief: Brief, template: Template) -> Sequence[Mapping[str, object]]:
    number = min(MOST_ANGLES, max(1, round(NUM_ANGLES * brief.scale)))
    plans: Sequence[Mapping[str, object]] = template.texts["angles"][:number]
    return plans


async def _question(brief: Brief, template: Template, drafter: Drafter) -> str:
    topic = spoken(brief.topic)

    def take(text: str) -> str:
        for pattern in (QUESTION, CHINESE_QUESTION):
            for match in pattern.finditer(cleaned(text)):
                fault = _question_fault(match[0], brief)
                if fault is None:
                    return capital(match[0].strip())
        raise Unfit(T("one open question"))

    own = chosen(template.fill("questions", topic=topic), brief)
    step = Step(T("question"), template.fill("question", topic=topic), 40, 2)
    return capital(
        await drafter.ask_or(step, take, own if template.is_native else None)
    )


def _question_fault(question: str, brief: Brief) -> Text | None:
    if not 5 <= count_words(question) <= 30 or len(question) > MAX_TITLE:
        return T("a question of normal length")
    if META.search(question) or FIRST_PERSON.search(question):
        return T("only the subject, not a word about the task")
    if ODD_QUESTION.search(question) or not is_in_language(question, brief.language):
        return T("a plain question")
    wanted = stems(brief.topic)
    if len(wanted & stems(question)) < min(2, len(wanted)):
        return T("only the subject")
    return None


async def _angle(
    plan: Mapping[str, object],
    brief: Brief,
    template: Template,
    drafter: Drafter,
    said: list[str],
) -> str:
    ask = plan["ask"]
    assert isinstance(ask, list)  # noqa: S101 - our own file says so
    prompts = template.fill_all(ask, topic=spoken(brief.topic))
    gathering = Gathering(partial(_fault, brief, said), 1, 1)
    step = Step(T("angle"), prompts, 60, max_attempts=4)
    none: list[str] = []
    found = await drafter.ask_or(step, gathering.take, none)
    said.extend(found)
    text = f"{found[0]} {plan['then']}" if found else f"{plan['alone']}"
    return f"**{plan['name']}.** {text}"


def _fault(brief: Brief, said: list[str], piece: str, kept: list[str]) -> Text | None:
    fault = sentence_fault(piece, language=brief.language, topic=brief.topic)
    if fault:
        return fault
    if piece.endswith(("?", "？")) or HALF.match(piece) or leans_on_another(piece):
        return T("a sentence that stands alone")
    if is_like(piece, [*said, *kept]):
        return T("nothing that was said before")
    if not stems(piece) & stems(brief.topic):
        return T("only the subject")
    return T("own words, not those of the source") if copies(piece, brief) else None
