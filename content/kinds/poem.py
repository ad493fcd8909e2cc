"""A short poem: lines and stanzas are the code's doing, the words the model's."""

import re
from collections.abc import Iterable
from functools import partial

from typing_extensions import override

from bot.words import T, Text
from content.drafting import Brief, Draft, Drafter, DraftFailedError, Step
from content.gathering import Gathering
from content.kinds.kind import PostKind
from content.kinds.phrasing import capital, spoken, system_prompt
from content.languages import is_spaced
from content.quality import CLICHE, FIGURE, HEALTH, META, is_in_language
from content.scoring import score_draft
from content.sentences import cleaned, overlap, stems, words
from content.templates import Template
from content.text_maker import TextMaker

__all__ = ["Poem"]

LINES_PER_STANZA, STANZAS, MOST_STANZAS = 4, 2, 4
LEAST_WORDS, MOST_WORDS = 3, 9
LEAST_CHARACTERS, MOST_CHARACTERS = 4, 14  # where no spaces are written
MAX_TITLE = 80
LIKE = 0.34  # lines are short: fewer words in common make them the same

STOP = re.compile(r"[;:.!?…—–。；：！？]+\s*|\s-\s")
COMMA = re.compile(r"[,，、]\s*")
OPENS = re.compile(
    r"(?:an?|the|its|in|on|under|over|with|like|where|as|and the|and a|each|every|at|"
    r"through|between|above|from|when|while|after|before|beneath|into)\b|[^\x00-\x7f]",
    re.IGNORECASE,
)
"""How a piece after a comma begins that can stand as a line."""
DANGLING = re.compile(
    r"\b(?:a|an|the|of|and|or|but|to|in|on|at|for|with|by|from|as|is|are|was|were|be|"
    r"it's|its|that|which|who|their|her|his|my|your|our|than|like|just|so|no|not|"
    r"into|onto|upon|one|you|they|we|he|she|when|where|while|because|can|will|has|"
    r"have|had|it)$",
    re.IGNORECASE,
)
WEAK_START = re.compile(
    r"(?:it|this|that|these|those|they|he|she|we|you|i|which|who|whose|but|so|because|"
    r"or|than|also|such as|including|making|and it|and they|and that|whether|even|"
    r"bloom|reflects?|there|here|please|write|describe|what|how|yet|since|if|until|unless|to|of|by|"
    r"like this|as (?:i|you|we|they|it|he|she)|when (?:i|you|we|it|they))\b",
    re.IGNORECASE,
)
HALF = re.compile(
    r"\ban? \w+(?:ful|ous|ly|able|ive|al)$|^(?:in|on|at|with|under) \w+ \w+$",
    re.IGNORECASE,
)
"""Lines that a model broke off, or that say nothing alone."""
TALK = re.compile(
    r"\b(?:poe(?:m|t)s?|haiku|lines?|verses?|stanza|phrases?|i|i'\w+|my|me|"
    r"love (?:it|that)|a reminder|beauty|world of|you|your|precious|anew|serenity|"
    r"evocative|embrace|soul|fleeting|essence|perfect|life|story|journey|moments?|"
    r"things?|ways?|people|simple|day and age|ladies and gentlemen|to behold)\b|诗|行",
    re.IGNORECASE,
)


class Poem(PostKind):
    """Stanzas of four short lines."""

    name = "poem"
    summary = T("A short poem in plain lines, without rhyme.")
    parts = ("stanza", "stanza")
    tone = "quiet"
    min_words, max_words = 14, 80
    is_prose = False
    is_about_topic = False  # its first line sees to that
    picture_hint = "a soft watercolour of {topic}, wide empty sky, no text"

    @override
    async def draft(self, brief: Brief, maker: TextMaker) -> Draft:
        template = Template.load(self.name, brief.language)
        drafter = Drafter(maker, system=system_prompt(template, brief), seed=brief.seed)
        lines = await _lines(brief, template, drafter)
        text = _stanzas(lines, brief)
        plain = " ".join(f"{line}." for line in lines)
        score = await score_draft(type(self), brief, plain)
        return Draft(
            kind=self.name,
            topic=brief.topic,
            language=brief.language,
            title=capital(brief.topic.strip().rstrip("."))[:MAX_TITLE],
            summary="",
            body=text,
            score=score,
            attempts=drafter.attempts,
        )


async def _lines(brief: Brief, template: Template, drafter: Drafter) -> list[str]:
    """Gather lines for the stanzas wanted; do with one stanza where that is hard."""
    num_stanzas = min(MOST_STANZAS, max(1, round(STANZAS * brief.scale)))
    wanted = num_stanzas * LINES_PER_STANZA
    gathering = Gathering(
        partial(_fault, brief), wanted, wanted, split=partial(_split, brief)
    )
    prompts = template.fill("lines", topic=spoken(brief.topic))
    step = Step(T("lines of the poem"), prompts, 90, max_attempts=12, temperature=0.7)
    try:
        kept = await drafter.ask(step, gathering.take)
    except DraftFailedError:
        enough = len(gathering.kept) // LINES_PER_STANZA * LINES_PER_STANZA
        if not enough:
            raise
        kept = gathering.kept[:enough]
    return _opened(kept, brief)


def _opened(lines: list[str], brief: Brief) -> list[str]:
    """Return the lines with one first that says what they are about.

    Raises:
        DraftFailedError: not one of them does, nor can the topic itself be a line.
    """
    near = next((line for line in lines if _is_near(line, brief)), None)
    if near is None:
        topic = brief.topic.strip().rstrip(".")
        fault = _fault(brief, topic, [])
        if fault is not None:
            raise DraftFailedError(T("lines of the poem"), (T("only the subject"),))
        return [topic, *lines[:-1]]
    return [near, *(line for line in lines if line != near)]


def _split(brief: Brief, text: str) -> Iterable[str]:
    """Yield what could be a line: what stands between two marks."""
    for line in cleaned(text).splitlines():
        for sentence in STOP.split(line):
            first, *others = COMMA.split(sentence)
            for piece in (first, *filter(OPENS.match, others)):
                yield piece.strip(" \"'“”‘’()[]")


def _fault(brief: Brief, line: str, kept: list[str]) -> Text | None:
    found = words(line)
    least, most = (
        (LEAST_WORDS, MOST_WORDS)
        if is_spaced(brief.language)
        else (LEAST_CHARACTERS, MOST_CHARACTERS)
    )
    if not least <= len(found) <= most:
        return T("short lines")
    if META.search(line) or TALK.search(line):
        return T("only the subject, not a word about the task")
    if not is_in_language(line, brief.language):
        return T("the right language")
    if CLICHE.search(line) or HEALTH.search(line) or FIGURE.search(line):
        return T("plain words instead of set phrases")
    if re.search(r"[^\w\s'’-]", line):
        return T("no links and no symbols")
    if DANGLING.search(line) or WEAK_START.match(line) or HALF.search(line):
        return T("lines that stand alone")
    heavy = [word for word in found if len(word) > 3]
    if len(set(heavy)) < len(heavy):
        return T("no repetition")
    if any(_is_like(line, other) for other in kept):
        return T("nothing that was said before")
    return None


def _is_like(line: str, other: str) -> bool:
    return (
        overlap(stems(line), stems(other)) > LIKE
        or words(line)[:2] == words(other)[:2]
        or words(line)[-1:] == words(other)[-1:]
    )


def _is_near(line: str, brief: Brief) -> bool:
    return bool(stems(line) & stems(brief.topic)) or not stems(brief.topic)


def _stanzas(lines: list[str], brief: Brief) -> str:
    comma, stop = (",", ".") if is_spaced(brief.language) else ("，", "。")
    stanzas: list[str] = []
    for start in range(0, len(lines), LINES_PER_STANZA):
        four = [capital(line) for line in lines[start : start + LINES_PER_STANZA]]
        ends = [comma if number % 2 == 0 else stop for number in range(len(four))]
        # Two spaces at a line's end keep it a line in markdown.
        stanzas.append(
            "  \n".join(line + end for line, end in zip(four, ends, strict=True))
        )
    return "\n\n".join(stanzas)
