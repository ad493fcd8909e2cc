"""A story in parts: the plot is kept by the code, the telling is the model's."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from typing_extensions import override

from bot.store.stories import StorySoFar
from bot.words import T, Text
from content.drafting import Brief, Draft, Drafter, DraftFailedError, Step, Unfit
from content.gathering import Gathering
from content.kinds.kind import PostKind
from content.kinds.phrasing import chosen, joined, spoken, system_prompt
from content.kinds.story_ideas import was_told
from content.quality import (
    CLICHE,
    FIRST_PERSON,
    META,
    is_in_language,
    is_like,
    is_stuttering,
    sentence_fault,
)
from content.scoring import score_draft
from content.sentences import cleaned, stems, words
from content.templates import Template
from content.text_maker import TextMaker

__all__ = ["Story"]

LEAST_TOLD, MOST_TOLD = 2, 4  # sentences of the model in a part
NUM_PARTS = 5
RETOLD = 0.75  # the share of a sentence's words that say the same again
HINGE = "\n"
"""Between what begins a part of the plot and what ends it."""

NAME = re.compile(r"(?<=[\w,;] )[A-Z][a-z’']+")
PRESENT = re.compile(
    r"\b(?:is|are|has|have|does|do|can|will|says|goes|finds|opens|takes|looks|sees|"
    r"begins|realizes|starts|decides|comes|gets|wonders|knows|feels|lies|stands|runs|"
    r"turns|smiles|wants|picks|tells|asks|walks|holds|am|'m|'re|'ll)\b"
)
DIALOGUE = re.compile(r"[\"“”„«»「」『』:]")
HEARSAY = re.compile(
    r"\b(?:mom|mother|dad|father|wife|husband|girlfriend|boyfriend|marri\w+|dead|died|"
    r"death|blood\w*|kill\w*|gun|knife|weapon|kiss\w*|drunk|naked|story|tale|chapter|"
    r"you|your|we|our)\b",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    r"\b(?:beach|boats?|ships?|oceans?|seas?|shops?|stores?|islands?|airport|cars?|"
    r"trains?|city|school|museum|castle|desert|planet|space|house|kitchen|restaurant|"
    r"hotel|party|fair(?:y|ies)|dragons?|witch\w*|ghosts?|wizards?|magic\w*|aliens?|"
    r"robots?|wom[ae]n|m[ae]n|boys?|girls?|sailors?|king|queen|princess?|birthday|"
    r"treasures?|phones?|movies?|job|work|office)\b",
    re.IGNORECASE,
)
"""Places, people and things that small models bring in; they pass where the plot has
them."""


class Story(PostKind):
    """The next part of a serial; a new story once one has ended."""

    name = "story"
    summary = T("A story in parts, each going on from the last.")
    parts = ("beginning", "telling", "end")
    tone = "gentle"
    min_words, max_words = 40, 220
    picture_hint = "a storybook illustration in ink and watercolour of {topic}, no text"
    is_about_topic = False

    @override
    async def draft(self, brief: Brief, maker: TextMaker) -> Draft:
        template = Template.load(self.name, brief.language)
        drafter = Drafter(maker, system=system_prompt(template, brief), seed=brief.seed)
        story = await _next_part(brief, template, drafter)
        opens, closes = story.plot[story.part - 1].split(HINGE)
        told = await _told(story, opens, closes, brief, template, drafter)
        text = joined([opens, *told, closes], brief.language)
        score = await score_draft(
            type(self), replace(brief, scale=1.0), text, told=(opens, closes)
        )
        story = replace(story, last_lines=closes)
        return Draft(
            kind=self.name,
            topic=brief.topic,
            language=brief.language,
            title=f"{story.title} · {_numbered(story, template)}",
            summary="",
            body=_body(story, text, brief, template),
            score=score,
            attempts=drafter.attempts,
            story=story,
        )


async def _next_part(brief: Brief, template: Template, drafter: Drafter) -> StorySoFar:
    """Return the story as its next part begins; another one where one has ended."""
    last = brief.stories[-1] if brief.stories else None
    if last is None or last.has_ended:
        story = await _new_story(brief, template, drafter)
    else:
        story = replace(last, part=last.part + 1)
    return replace(story, has_ended=story.part >= len(story.plot))


async def _new_story(brief: Brief, template: Template, drafter: Drafter) -> StorySoFar:
    names = {
        "hero": chosen(template.texts["heroes"], brief, "hero"),
        "friend": chosen(template.texts["friends"], brief, "friend"),
        "place": chosen(template.texts["places"], brief, "place"),
    }
    plots = template.texts["plots"] if template.is_native else []
    told = [story.plan for story in brief.stories]
    fresh = [plot for plot in plots if plot["name"] not in told]
    own = None
    if plots:
        # Told long ago is as good as new, but not the one told last.
        oldest = sorted(plots, key=lambda plot: _last_told(plot["name"], told))
        plot = chosen(fresh, brief, "plot") if fresh else oldest[0]
        own = _designed(plot, names)
    return await _own_plot(brief, names, template, drafter, own)


def _last_told(name: str, told: Sequence[str]) -> int:
    return max((i for i, one in enumerate(told) if one == name), default=-1)


def _designed(plot: Mapping[str, Any], names: Mapping[str, str]) -> StorySoFar:
    beats = [
        _named(beat["beat"], names) + HINGE + _named(beat["hook"], names)
        for beat in plot["beats"]
    ]
    characters = (names["hero"], names["friend"], names["place"])
    return StorySoFar(plot["title"], plot["name"], characters, tuple(beats), "", 1)


async def _own_plot(
    brief: Brief,
    names: Mapping[str, str],
    template: Template,
    drafter: Drafter,
    designed: StorySoFar | None,
) -> StorySoFar:
    """Ask for a plot once; the models that can make one give stories without end."""
    topic = spoken(brief.topic)
    characters = (names["hero"], names["friend"], names["place"])

    def take(text: str) -> StorySoFar:
        lines = cleaned(text).splitlines()
        if len(lines) < NUM_PARTS or not all(
            stems(line) & stems(" ".join(characters[:2])) for line in lines[:NUM_PARTS]
        ):
            raise Unfit(T("a plot of five sentences"))
        for number, line in enumerate(lines[:NUM_PARTS]):
            fault = _fault(brief, characters, lines[:number], line, [])
            if fault:
                raise Unfit(fault)
        plot = tuple(line + HINGE for line in lines[:NUM_PARTS])
        title = topic[:1].upper() + topic[1:]
        return StorySoFar(title, "", characters, plot, "", 1)

    prompts = template.fill("plot", topic=topic, **names)
    story = await drafter.ask_or(Step(T("plot"), prompts, 160, 1), take, designed)
    if story is designed or not await was_told(story, brief):
        return story
    if designed is None:
        raise DraftFailedError(T("plot"), (T("an idea that was not told before"),))
    return designed


def _named(text: str, names: Mapping[str, str]) -> str:
    for key, name in names.items():
        text = text.replace(f"{{{key}}}", name)
    return text


async def _told(
    story: StorySoFar,
    opens: str,
    closes: str,
    brief: Brief,
    template: Template,
    drafter: Drafter,
) -> list[str]:
    """Gather what the model tells between the beginning and the end of a part."""
    hero, friend, place = story.characters
    most = max(1, round(MOST_TOLD * brief.scale))
    least = min(most, max(1, round(LEAST_TOLD * brief.scale)))
    beat = (opens, closes)
    gathering = Gathering(partial(_telling_fault, brief, story, beat), least, most)
    prompts = template.fill(
        "tell",
        hero=hero,
        friend=friend,
        place=place,
        beat=opens,
        last=story.last_lines,
    )
    step = Step(T("part of the story"), prompts, 120, max_attempts=9, temperature=0.6)
    try:
        return await drafter.ask(step, gathering.take)
    except DraftFailedError:
        if not gathering.kept:
            raise
        return gathering.kept


def _fault(
    brief: Brief,
    characters: Sequence[str],
    said: Sequence[str],
    piece: str,
    kept: list[str],
) -> Text | None:
    hero, friend, _ = characters
    fault = sentence_fault(piece, language=brief.language, topic=" ".join(characters))
    if fault:
        return fault
    if META.search(piece) or FIRST_PERSON.search(piece) or CLICHE.search(piece):
        return T("only the story")
    if DIALOGUE.search(piece) or HEARSAY.search(piece) or piece[-1] in "?？":
        return T("telling, without dialogue")
    if PRESENT.search(piece):
        return T("the past tense")
    if any(name.rstrip("’'s") not in (hero, friend) for name in NAME.findall(piece)):
        return T("nobody new in the story")
    if not is_in_language(piece, brief.language):
        return T("the right language")
    if is_like(piece, [*said, *kept, *brief.earlier]):
        return T("nothing that was said before")
    if re.search(rf"\b(?:{hero}|{friend}), an? ", piece) or is_stuttering(piece):
        return T("plain telling")
    return None


def _telling_fault(
    brief: Brief,
    story: StorySoFar,
    beat: tuple[str, str],
    piece: str,
    kept: list[str],
) -> Text | None:
    """Return why a sentence cannot stand in a part of the story; None if it can."""
    fault = _fault(brief, story.characters, [*beat, *story.plot], piece, kept)
    if fault:
        return fault
    hero, friend, _ = story.characters
    own = stems(piece) - stems(f"{hero} {friend}")
    if not own & stems(" ".join(beat)):
        return T("only what belongs to this part")
    plot = " ".join([*beat, *story.plot[: story.part]]).lower()
    if any(found.lower() not in plot for found in ELSEWHERE.findall(piece)):
        return T("only what belongs to this part")
    if any(_share(own, stems(one)) >= RETOLD for one in [*beat, *kept]):
        return T("nothing that was said before")
    if not _fits_pronouns(piece, kept[-1] if kept else beat[0], hero, friend):
        return T("she for {hero}, he for {friend}", hero=hero, friend=friend)
    return None


def _share(own: frozenset[str], other: frozenset[str]) -> float:
    return len(own & other) / max(1, len(own))


def _fits_pronouns(piece: str, before: str, hero: str, friend: str) -> bool:
    """Return whether "he" and "she" can be meant for who was named last."""
    found = set(words(piece))
    near = f"{before} {piece}"
    if found & {"he", "his", "him", "himself"} and friend not in near:
        return False
    return not (found & {"she", "her", "hers", "herself"} and hero not in near)


def _numbered(story: StorySoFar, template: Template) -> str:
    key = "last_part" if story.has_ended else "part"
    text: str = template.texts[key]
    return text.replace("{part}", str(story.part))


def _body(story: StorySoFar, text: str, brief: Brief, template: Template) -> str:
    texts = template.texts
    parts: list[str] = []
    last = brief.stories[-1].last_lines if brief.stories else ""
    if story.part > 1 and last:
        parts.append("*" + texts["before"].replace("{last}", last) + "*")
    elif story.part == 1:
        place = story.characters[2]
        invite = texts["invite"].replace("{place}", place)
        parts.append(invite.replace("{topic}", spoken(brief.topic)))
    parts.append(text)
    parts.append("*" + (texts["end"] if story.has_ended else texts["more"]) + "*")
    return "\n\n".join(parts)
