"""A digest of news: sentences of the sources, shortened, with where they are from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from typing_extensions import override

from bot.messages import Link
from bot.store.materials import Material
from bot.words import T
from content.drafting import Brief, Draft, DraftFailedError
from content.kinds.kind import PostKind
from content.kinds.phrasing import capital, joined
from content.languages import is_spaced
from content.quality import SELF, is_in_language, is_like, leans_on_another
from content.scoring import score_draft
from content.sentences import cleaned, count_words, overlap, stems
from content.templates import Template
from content.text_maker import TextMaker
from content.traceable import shortened, untraceable, worth_quoting

__all__ = ["Digest"]

NUM_ITEMS, MOST_ITEMS = 5, 8
ITEM_WORDS = 45  # a second sentence is added while it fits
NUM_LEADING = 8  # what comes later in a text is seldom the news
MAX_HEADLINE = 140
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
        items = list(_items(brief, number))
        if not items:
            raise DraftFailedError(
                T("news"), (T("no entry has a sentence that can be quoted"),)
            )
        quoted = " ".join(item.text for item in items)
        score = await score_draft(type(self), brief, quoted)
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
            score=score,
            sources=_sources(items),
        )


def plain(text: str) -> str:
    """Return a text from outside as one line, without marks that mean something."""
    return " ".join(cleaned(text).translate(MARKDOWN).split())


def _items(brief: Brief, number: int) -> Iterator[Item]:
    """Yield what can be told of the material, the first first, nothing twice."""
    told: list[str] = []
    for material in brief.material:
        headline = plain(material.title)[:MAX_HEADLINE].strip()
        if not headline or _is_told(headline, [*told, *brief.earlier]):
            continue
        text = _extract(material, headline, brief)
        if not text:
            continue
        # The sentences are the source's own; this sees to it that they stay so.
        if untraceable(text, f"{material.title} {material.text}"):
            continue
        told.append(headline)
        yield Item(headline, text, material)
        if len(told) == number:
            return


def _is_told(headline: str, earlier: Sequence[str]) -> bool:
    own = stems(headline)
    return any(headline in post or overlap(own, stems(post)) >= 0.6 for post in earlier)


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
