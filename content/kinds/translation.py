"""An earlier post in another language, sentence by sentence, each checked."""

import re
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError
from typing_extensions import override

from bot.publication import Link
from bot.words import T, Text
from content.drafting import Brief, Draft, Drafter, DraftFailedError, Step, Unfit
from content.kinds.kind import PostKind
from content.kinds.phrasing import system_prompt
from content.languages import COMMON_WORDS, SCRIPTS, base_of, is_spaced
from content.quality import META, SELF, is_in_language
from content.scoring import score_draft
from content.sentences import (
    cleaned,
    count_words,
    overlap,
    script_of,
    sentences,
    stems,
    words,
)
from content.templates import Template
from content.text_maker import TextMaker

__all__ = ["Translation"]

MAX_SENTENCES = 60
RATIOS = (0.4, 2.5)
"""How much shorter or longer, in words, a translation may be (a character of Chinese
counts as a word, hence the wide span)."""
LIKE = 0.35
"""What a sentence, translated back, must have in common with itself."""
BY_SCRIPT = ("zh", "ar", "el", "ko", "ru")
"""The likeliest language of each script; with kana it is Japanese."""
UNKNOWN = "und"
KANA = re.compile("[\u3041-\u30ff]")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
LINE_MARK = re.compile(r"^(\s*(?:#{1,6}|[-*]|\d+\.|>)\s+)?(.*)$", re.DOTALL)
WRAPPED = re.compile(r"^(\*{1,2})(?=\S)(.+?)\1$")


@dataclass(frozen=True, slots=True)
class Way:
    """From which language into which, as prompts name them."""

    source: str
    target: str

    @property
    def names(self) -> tuple[str, str]:
        """The English names of both."""
        return _name(self.source), _name(self.target)


class Translation(PostKind):
    """A post that was published before, for those who read another language."""

    name = "translation"
    summary = T("An earlier post in another language.")
    parts = ("title", "sentences")
    tone = "that of the post"
    min_words, max_words = 3, 900
    needs_material = True
    is_about_topic = False
    is_quoted = True

    @override
    async def draft(self, brief: Brief, maker: TextMaker) -> Draft:
        """Translate the first material; its `source` may name its language.

        Raises:
            DraftFailedError: also where the model cannot translate, which shows when a
                sentence, translated back, is another.
        """
        if not brief.material:
            raise _hopeless(T("there is no post to translate"))
        post = brief.material[0]
        template = Template.load(self.name, brief.language)
        drafter = Drafter(maker, system=system_prompt(template, brief), seed=brief.seed)
        way = Way(_language_of(f"{post.title} {post.text}"), base_of(brief.language))
        if way.source == way.target:
            raise _hopeless(T("the post is in this language already"))
        title = await _title(post.title, way, template, drafter)
        lines = [
            await _line(line, way, template, drafter) for line in post.text.splitlines()
        ]
        body = "\n".join(lines).strip()
        return Draft(
            kind=self.name,
            topic=brief.topic,
            language=brief.language,
            title=title.rstrip(".。"),
            summary="",
            body=body,
            score=await score_draft(type(self), brief, cleaned(body)),
            attempts=drafter.attempts,
            sources=(Link(post.title, post.url),) if post.url else (),
        )


async def _title(text: str, way: Way, template: Template, drafter: Drafter) -> str:
    """Translate the title, which shows at once whether the model can translate.

    Raises:
        DraftFailedError: it cannot.
    """
    try:
        return await _sentence(text, way, template, drafter)
    except DraftFailedError as error:
        source, target = way.names
        advice = T(
            "the model cannot translate from {source} into {target}; a larger one may: "
            "`hearthbot models recommend` says which fits this machine",
            source=source,
            target=target,
        )
        raise _hopeless(advice, *error.reasons) from error


def _hopeless(verdict: Text, *reasons: Text) -> DraftFailedError:
    return DraftFailedError(T("translation"), (verdict, *reasons), verdict=verdict)


async def _line(line: str, way: Way, template: Template, drafter: Drafter) -> str:
    """Translate a line of markdown, and keep what makes it a heading or an item."""
    match = LINE_MARK.match(line)
    mark, text = (match[1] or "", match[2].strip()) if match else ("", line.strip())
    if not words(text):
        return line
    star = ""
    if wrapped := WRAPPED.match(text):
        star, text = wrapped[1], wrapped[2]
    pieces = sentences(text) or [text]
    rest = text[len(" ".join(pieces)) :].strip() if pieces != [text] else ""
    if rest:
        pieces.append(rest)
    done = [
        await _sentence(piece, way, template, drafter)
        for piece in pieces[:MAX_SENTENCES]
    ]
    glue = " " if is_spaced(way.target) else ""
    return f"{mark}{star}{glue.join(done)}{star}"


async def _sentence(text: str, way: Way, template: Template, drafter: Drafter) -> str:
    """Translate a sentence, and back again to see whether it is still the same.

    Raises:
        DraftFailedError: no attempt came back as what it was.
    """
    source, target = way.names
    failure: DraftFailedError | None = None
    prompts = template.fill_all(template.texts["there"], name=target, text=text)
    for number in range(2):
        step = Step(T("sentence"), prompts[number:], 160, 2, temperature=0.2)
        found = await drafter.ask(step, lambda answer: _taken(answer, text, way))
        (back,) = template.fill_all([template.texts["back"]], name=source, text=found)
        check = Step(T("way back"), (back,), 160, 1, temperature=0.2)
        try:
            await drafter.ask(check, lambda answer: _same(answer, text))
        except DraftFailedError as error:
            failure = error
        else:
            return found
    raise failure or AssertionError("each attempt returns or fails")


def _taken(answer: str, text: str, way: Way) -> str:
    line = " ".join(cleaned(answer).splitlines()[:2]).strip(' "“”「」')
    least, most = (ratio * count_words(text) for ratio in RATIOS)
    if not least <= count_words(line) <= max(most, 6):
        raise Unfit(T("a translation of the same length"))
    if not is_in_language(line, way.target) or line == text:
        raise Unfit(T("the right language"))
    if sorted(NUMBER.findall(line)) != sorted(NUMBER.findall(text)):
        raise Unfit(T("the same figures"))
    if SELF.search(line) or (META.search(line) and not META.search(text)):
        raise Unfit(T("the translation alone"))
    return line


def _same(answer: str, text: str) -> str:
    if overlap(stems(cleaned(answer)), stems(text)) < LIKE:
        raise Unfit(T("what it said before it was translated"))
    return answer


def _language_of(text: str) -> str:
    """Return the language that a text is most likely in; English where in doubt."""
    if KANA.search(text):
        return "ja"
    script = script_of(text)
    if script != "LATIN":
        found = [base for base in BY_SCRIPT if script in SCRIPTS[base]]
        return found[0] if found else UNKNOWN
    own = words(text)
    return max(
        COMMON_WORDS,
        key=lambda base: (
            sum(word in COMMON_WORDS[base] for word in own),
            base == "en",
        ),
    )


def _name(base: str) -> str:
    try:
        return Locale.parse(base).english_name or base
    except (UnknownLocaleError, ValueError):
        return base
