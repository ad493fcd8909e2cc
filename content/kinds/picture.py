"""A picture of the day: a scene to draw, a title and a short caption."""

import re
from functools import partial

from typing_extensions import override

from bot.words import T, Text
from content.drafting import Brief, Draft, Drafter, Step, Unfit
from content.gathering import Gathering
from content.kinds.kind import PostKind
from content.kinds.phrasing import capital, chosen, joined, spoken, system_prompt
from content.languages import is_spaced
from content.quality import (
    FIGURE,
    META,
    QUOTED,
    SELF,
    is_in_language,
    is_like,
    is_stuttering,
    leans_on_another,
    sentence_fault,
)
from content.scoring import score_draft
from content.sentences import cleaned, count_words, sentences, stems, words
from content.templates import Template
from content.text_maker import TextMaker

__all__ = ["Picture"]

NUM_SENTENCES, MOST_SENTENCES = 2, 3
MIN_SCENE_WORDS, MAX_SCENE_WORDS = 4, 30
MAX_TITLE_WORDS, MAX_TITLE = 7, 60
LEAD_IN = re.compile(
    r"^(?:(?:in\s+)?(?:the|this|a|an)\s+(?:\w+\s+)?(?:picture|photo\w*|image|painting|"
    r"postcard|scene|canvas|title)\s*(?:of|with|shows?|showing|depicts?|depicting|has|"
    r"features?|is|,|:)?\s+|(?:title|scene|one sees|we see|you see|there (?:is|are))"
    r"\s*:?\s+)",
    re.IGNORECASE,
)
NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w’'-]+")
OUT_OF_SIGHT = re.compile(
    r"\b(?:i|you|we|my|your|our|text|words?|letters?|logo|watermark|caption|title|"
    r"camera|artist|painter|viewer|examples?|images?|pictures?|photo\w*|postcards?|"
    r"paintings?|illustrations?|scenes?|art|artistic|creative|creativity|design|style|stunning|"
    r"delightful|features?)\b|^(?:about|is|are|of|with|and)\b",
    re.IGNORECASE,
)
"""What a scene has no place for: a model that draws would try to draw it."""
ECHO = re.compile(r"\b(\w{3,}) (?:and|or|of|,) \1\b", re.IGNORECASE)
LONG_WORD = 5
ODD_TITLE = re.compile(r"[\"“”„*#@_<>|{}\[\]\\/;:?!]|\d{3,}")


class Picture(PostKind):
    """A picture with a title and one to three sentences below it.

    Where no model draws, there is a cover in its place: the caption fits both.
    """

    name = "picture"
    summary = T("A picture of the day, with a short caption.")
    parts = ("scene", "title", "caption")
    tone = "warm and brief"
    min_words, max_words = 6, 80
    picture_hint = "{topic}, one clear subject, soft light, no text"

    @override
    async def draft(self, brief: Brief, maker: TextMaker) -> Draft:
        template = Template.load(self.name, brief.language)
        drafter = Drafter(maker, system=system_prompt(template, brief), seed=brief.seed)
        scene = await _scene(brief, template, drafter)
        title = await _title(brief, template, drafter)
        caption, designed = await _caption(brief, template, drafter)
        score = await score_draft(type(self), brief, caption, told=designed)
        return Draft(
            kind=self.name,
            topic=brief.topic,
            language=brief.language,
            title=title,
            summary="",
            body=caption,
            score=score,
            attempts=drafter.attempts,
            scene=scene,
        )


async def _scene(brief: Brief, template: Template, drafter: Drafter) -> str:
    """Return what is to be drawn: one thing that can be seen, in English."""
    topic = spoken(brief.topic)
    key = "scenes" if brief.topic.isascii() else "scenes_without_topic"
    # Not `fill`: the scene is in English, whatever the post is in.
    own = chosen(template.texts[key], brief, "scene").replace("{topic}", topic)
    prompts = tuple(one.replace("{topic}", topic) for one in template.texts["scene"])

    def take(text: str) -> str:
        fault: Text = T("one short sentence")
        for piece in (*sentences(cleaned(text)), *cleaned(text).splitlines()):
            scene = LEAD_IN.sub("", piece.strip(' "“”')).strip(' ."“”')
            found = _scene_fault(scene, brief)
            if found is None:
                return scene
            fault = found
        raise Unfit(fault)

    return await drafter.ask_or(Step(T("scene"), prompts, 60), take, own)


def _scene_fault(scene: str, brief: Brief) -> Text | None:
    if not MIN_SCENE_WORDS <= count_words(scene) <= MAX_SCENE_WORDS:
        return T("one short sentence")
    if not scene.isascii() or not is_in_language(scene, "en"):
        return T("the right language")
    if META.search(scene) or SELF.search(scene) or OUT_OF_SIGHT.search(scene):
        return T("only what can be seen")
    known = brief.topic.lower()
    if any(name.lower() not in known for name in NAME.findall(scene)):
        return T("no names")
    if FIGURE.search(scene) or QUOTED.search(scene) or _echoes(scene, brief):
        return T("a plain scene")
    if brief.topic.isascii() and not stems(scene) & stems(brief.topic):
        return T("only the subject")
    return None


async def _title(brief: Brief, template: Template, drafter: Drafter) -> str:
    topic = spoken(brief.topic)

    def take(text: str) -> str:
        lines = cleaned(text).splitlines()
        title = LEAD_IN.sub("", lines[0].strip(' "“”《》')) if lines else ""
        title = title.strip(' .。,"“”《》')
        fault = _title_fault(title, brief)
        if fault is not None:
            raise Unfit(fault)
        return capital(title)

    own = chosen(template.fill("titles", topic=topic), brief, "title")
    step = Step(T("title"), template.fill("title", topic=topic), 24)
    title = await drafter.ask_or(step, take, own if template.is_native else None)
    return capital(title)[:MAX_TITLE].rstrip()


def _title_fault(title: str, brief: Brief) -> Text | None:
    most = MAX_TITLE_WORDS if is_spaced(brief.language) else 2 * MAX_TITLE_WORDS
    if not 1 < count_words(title) <= most or len(title) > MAX_TITLE:
        return T("a title of normal length")
    if META.search(title) or SELF.search(title) or ODD_TITLE.search(title):
        return T("only the title")
    if not is_in_language(title, brief.language):
        return T("the right language")
    if not stems(title) & stems(brief.topic):
        return T("only the subject")
    return None


async def _caption(
    brief: Brief, template: Template, drafter: Drafter
) -> tuple[str, tuple[str, ...]]:
    """Return the caption, and what of it is designed."""
    topic = spoken(brief.topic)
    most = min(MOST_SENTENCES, max(1, round(NUM_SENTENCES * brief.scale)))
    gathering = Gathering(partial(_caption_fault, brief), 1, most)
    none: list[str] = []
    step = Step(T("caption"), template.fill("caption", topic=topic), 90, max_attempts=4)
    own = chosen(template.fill("captions", topic=topic), brief, "caption")
    kept = await drafter.ask_or(
        step, gathering.take, none if template.is_native else None
    )
    if not kept:
        return own, (own,)
    return joined(kept, brief.language), ()


def _caption_fault(brief: Brief, piece: str, kept: list[str]) -> Text | None:
    fault = sentence_fault(piece, language=brief.language, topic=brief.topic)
    if fault:
        return fault
    if is_like(piece, kept) or _echoes(piece, brief):
        return T("nothing that was said before")
    if not kept and leans_on_another(piece):
        return T("a sentence that stands alone")
    if not stems(piece) & stems(brief.topic):
        return T("only the subject")
    return None


def _echoes(sentence: str, brief: Brief) -> bool:
    """Whether a sentence says a word twice that its topic does not have."""
    known = stems(brief.topic)
    long = [word for word in words(sentence) if len(word) >= LONG_WORD]
    own = [stem for word in long for stem in stems(word) - known]
    is_twice = len(set(own)) < len(own)
    return is_twice or bool(ECHO.search(sentence)) or is_stuttering(sentence)
