"""A digest of news: sentences of the sources, shortened, with where they are from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from typing_extensions import override

from bot.publication import Link
from bot.store.materials import Material
from bot.words import T
from content.drafting import Brief, Draft, DraftFailedError
from content.kinds.kind import PostKind
from content.kinds.phrasing import capital, joined
from content.languages import base_of, is_spaced
from content.quality import SELF, Part, Score, is_in_language, is_like, leans_on_another
from content.scoring import score_draft
from content.sentences import cleaned, count_words, overlap, stems
from content.sources.meaning_likeness import MeaningLikeness
from content.templates import Template
from content.text_maker import TextMaker
from content.traceable import shortened, untraced, worth_quoting

__all__ = ["Digest"]

NUM_ITEMS, MOST_ITEMS = 5, 8
ITEM_WORDS = 45  # a second sentence is added while it fits
NUM_LEADING = 8  # what comes later in a text is seldom the news
MAX_HEADLINE = 140
HEADLINE = re.compile(r"^\*\*(.+)\*\*$", re.MULTILINE)
MARKDOWN = str.maketrans(dict.fromkeys("*_`[]|#<>~", " "))


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of news."""

    headline: str
    text: str
    material: Material

    @property
    def source(self) -> str:
        """Who says so, as readers know them."""
        host = urlsplit(self.material.url).hostname or ""
        return plain(self.material.source) or host.removeprefix("www.")


class Digest(PostKind):
    """What feeds bring: a headline, one or two sentences and the source of each."""

    name = "digest"
    summary = T("News from feeds, in the words of their sources, with links.")
    parts = ("headline", "sentences", "source")
    tone = "sober"
    min_words, max_words = 12, 520
    picture_hint = "a folded newspaper and a cup on a table, morning light, no text"
    needs_material = True
    is_about_topic = False
    is_quoted = True

    @override
    async def draft(self, brief: Brief, maker: TextMaker) -> Draft:
        template = Template.load(self.name, brief.language)
        number = min(MOST_ITEMS, max(1, round(NUM_ITEMS * brief.scale)))
        items, num_dropped = await _items(brief, number)
        if not items:
            raise DraftFailedError(
                T("news"), (T("no entry has a sentence that can be quoted"),)
            )
        quoted = " ".join(item.text for item in items)
        score = await score_draft(type(self), brief, quoted)
        traced = Part("traceable", len(items) / (len(items) + num_dropped))
        opening = template.fill(
            "opening_one" if len(items) == 1 else "opening", number=f"{len(items)}"
        )[0]
        return Draft(
            kind=self.name,
            topic=brief.topic,
            language=brief.language,
            title=template.fill("title", topic=capital(brief.topic.strip()))[0],
            summary=opening,
            body="\n\n".join([opening, *(_laid_out(item) for item in items)]),
            score=Score((*score.parts, traced)),
            sources=_sources(items),
        )


def plain(text: str) -> str:
    """Return a text from outside as one line, without marks that mean something."""
    return " ".join(cleaned(text).translate(MARKDOWN).split())


async def _items(brief: Brief, number: int) -> tuple[list[Item], int]:
    """Return what can be told of the material, the first first, nothing twice.

    With how many were dropped, for saying what their source does not.
    """
    items: list[Item] = []
    num_dropped = 0
    told: list[str] = []
    for material in brief.material:
        headline = plain(material.title)[:MAX_HEADLINE].strip()
        if not headline or await _is_told(headline, told, brief):
            continue
        text = _extract(material, headline, brief)
        if not text:
            continue
        # The sentences are the source's own; this sees to it that they stay so.
        if await untraced(
            text,
            plain(material.text),
            title=headline,
            language=brief.language,
            meanings=brief.meanings,
        ):
            num_dropped += 1
            continue
        told.append(headline)
        items.append(Item(headline, text, material))
        if len(told) == number:
            break
    return items, num_dropped


async def _is_told(headline: str, told: Sequence[str], brief: Brief) -> bool:
    own = stems(headline)
    known = [*told, *brief.earlier]
    if any(headline in post or overlap(own, stems(post)) >= 0.6 for post in known):
        return True
    if base_of(brief.language) not in brief.meanings.languages:
        return False
    headlines = [*told, *HEADLINE.findall("\n".join(brief.earlier))]
    likeness = MeaningLikeness(brief.meanings, language=brief.language)
    return await likeness.is_like_any(headline, headlines)


def _extract(material: Material, headline: str, brief: Brief) -> str:
    """Return the sentence that says most of the headline, with the one after it."""
    wanted = stems(headline) | stems(brief.topic)
    found = [
        shortened(sentence)
        for sentence in worth_quoting(plain(material.text))
        if is_in_language(sentence, brief.language)
        and not SELF.search(sentence)
        and sentence.strip(".。") != headline
    ][:NUM_LEADING]
    opening = [s for s in found if not leans_on_another(s)]
    if not opening:
        return ""
    best = max(
        opening,
        key=lambda s: len(wanted & stems(s)) - found.index(s),
    )
    kept = [best]
    after = found[found.index(best) + 1 :]
    most = ITEM_WORDS * (1 if is_spaced(brief.language) else 2) * max(0.6, brief.scale)
    if after and not is_like(after[0], kept):
        both = joined([best, after[0]], brief.language)
        if count_words(both) <= most:
            kept.append(after[0])
    return joined(kept, brief.language)


def _laid_out(item: Item) -> str:
    source = f" ({item.source})" if item.source else ""
    return f"**{item.headline}**\n{item.text}{source}"


def _sources(items: Sequence[Item]) -> tuple[Link, ...]:
    links = [
        Link(f"{item.source}: {item.headline}", item.material.url)
        for item in items
        if item.material.url
    ]
    return tuple(dict.fromkeys(links))
