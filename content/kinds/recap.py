"""A recap of a channel: what was talked about, and by whom only if they agreed."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from typing_extensions import override

from bot.store.materials import Material
from bot.words import T
from content.drafting import Brief, Draft, DraftFailedError
from content.kinds.digest import plain
from content.kinds.kind import PostKind
from content.kinds.phrasing import capital
from content.languages import CHATTER, COMMON_WORDS, EMPTY_WORDS, is_spaced
from content.quality import SELF
from content.scoring import score_draft
from content.sentences import WORD, count_words, script_of, sentences, stems
from content.templates import Template
from content.text_maker import TextMaker

__all__ = ["Recap"]

NUM_THEMES, MOST_THEMES = 4, 8
LEAST_MESSAGES = 2  # what one message says is its author's, and no theme
LEAST_AUTHORS = 2
MIN_LETTERS = 4
MAX_QUOTES = 2
QUOTE_WORDS = (6, 30)

NOT_WORDS = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+|<[@#:][^>]{1,80}>|@[\w.]+|`[^`]*`|\S*\d\S*"
)
PRIVATE = re.compile(r"[@#<>]|https?:|www\.|\d{3,}|\|\|")
COMMON = frozenset(word for found in COMMON_WORDS.values() for word in found)


@dataclass(frozen=True, slots=True)
class Theme:
    """A word that several people used."""

    word: str
    number: int
    messages: frozenset[int]


class Recap(PostKind):
    """What a channel talked about lately."""

    name = "recap"
    summary = T("What was talked about in a channel, without naming anybody unasked.")
    parts = ("themes", "quotes")
    tone = "friendly"
    min_words, max_words = 4, 260
    picture_hint = "an empty bench with a few autumn leaves, warm light, no text"
    needs_material = True
    is_about_topic = False
    is_quoted = True

    @override
    async def draft(self, brief: Brief, maker: TextMaker) -> Draft:
        template = Template.load(self.name, brief.language)
        number = min(MOST_THEMES, max(1, round(NUM_THEMES * brief.scale)))
        themes = _themes(brief.material, number)
        if not themes:
            raise DraftFailedError(
                T("themes"), (T("nothing was talked about by several people"),)
            )
        quotes = list(_quotes(brief.material, themes, brief))
        lines = list(_lines(themes, brief, template))
        texts = template.texts
        parts = (
            texts["opening"],
            texts["themes"] + "\n" + "\n".join(f"- {line}" for line in lines),
            *(_quoted(one, text, template) for one, text in quotes),
            _busiest(brief.material, template),
            texts["closing"],
        )
        said = " ".join([*(f"{line}." for line in lines), *(t for _, t in quotes)])
        return Draft(
            kind=self.name,
            topic=brief.topic,
            language=brief.language,
            title=template.fill("title", topic=brief.topic.strip())[0],
            summary="",
            body="\n\n".join(part for part in parts if part),
            score=await score_draft(type(self), brief, said),
        )


class Counts:
    """Who used which word where. Names of people are left out.

    `hidden` are the stems of names that must not come up.
    """

    def __init__(self, material: Sequence[Material], hidden: frozenset[str]) -> None:
        self._forms: dict[str, Counter[str]] = defaultdict(Counter)
        self._authors: dict[str, set[str]] = defaultdict(set)
        self._hidden = hidden
        self.messages: dict[str, set[int]] = defaultdict(set)
        for index, message in enumerate(material):
            for form in _words(message.text):
                key = min(stems(form), default=form.lower())
                self._forms[key][form] += 1
                self._authors[key].add(message.source)
                self.messages[key].add(index)

    @property
    def keys(self) -> list[str]:
        """What several people wrote of, the most first."""
        found = [key for key in self.messages if self._is_shared(key)]
        return sorted(found, key=lambda key: (-len(self.messages[key]), key))

    def word(self, key: str) -> str:
        """Return the form of a word that was used most."""
        return self._forms[key].most_common(1)[0][0].lower()

    def _is_shared(self, key: str) -> bool:
        is_name = all(form[:1].isupper() for form in self._forms[key])
        return (
            len(self.messages[key]) >= LEAST_MESSAGES
            and len(self._authors[key]) >= LEAST_AUTHORS
            and key not in self._hidden
            and not is_name
        )


def _themes(material: Sequence[Material], number: int) -> tuple[Theme, ...]:
    counts = Counts(material, _hidden(material))
    themes: list[Theme] = []
    for key in counts.keys:
        where = counts.messages[key]
        if any(_near(where, theme.messages) for theme in themes):
            continue  # another word of the same talk
        themes.append(Theme(counts.word(key), len(where), frozenset(where)))
        if len(themes) == number:
            break
    return tuple(themes)


def _words(text: str) -> Iterator[str]:
    for word in WORD.findall(NOT_WORDS.sub(" ", text)):
        if script_of(word) in ("HAN", "KANA"):
            yield from (a + b for a, b in pairwise(word))
        elif _counts(word.lower()):
            yield word


def _counts(low: str) -> bool:
    return len(low) >= MIN_LETTERS and low not in EMPTY_WORDS | COMMON | CHATTER


def _hidden(material: Sequence[Material]) -> frozenset[str]:
    """Return the stems of the names of all who did not agree to be named."""
    names = [one.source for one in material if not one.may_be_named]
    return frozenset(stem for name in names for stem in stems(name))


def _near(one: set[int], other: frozenset[int]) -> bool:
    return len(one & other) / min(len(one), len(other)) > 0.8


def _lines(themes: Sequence[Theme], brief: Brief, template: Template) -> Iterator[str]:
    for theme in themes:
        others = _companions(theme, brief)
        key = "theme_with" if others else "theme"
        text: str = template.texts[key].replace("{word}", capital(theme.word))
        glue = ", " if is_spaced(brief.language) else "、"
        yield text.replace("{others}", glue.join(others)).replace(
            "{number}", str(theme.number)
        )


def _companions(theme: Theme, brief: Brief) -> list[str]:
    """Return up to two words that several people used in the same messages."""
    messages = [brief.material[index] for index in sorted(theme.messages)]
    counts = Counts(messages, _hidden(brief.material) | stems(theme.word))
    return [counts.word(key) for key in counts.keys[:2]]


def _quotes(
    material: Sequence[Material], themes: Sequence[Theme], brief: Brief
) -> Iterator[tuple[Material, str]]:
    """Yield sentences of people who agreed to be named, on what was talked about."""
    hidden = _hidden(material)
    people: set[str] = set()
    for theme in themes:
        for index in sorted(theme.messages):
            message = material[index]
            if not message.may_be_named or message.source in people:
                continue
            for sentence in sentences(plain(message.text)):
                if _is_quotable(sentence, theme, hidden):
                    people.add(message.source)
                    yield message, sentence
                    break
            if len(people) == MAX_QUOTES:
                return


def _is_quotable(sentence: str, theme: Theme, hidden: frozenset[str]) -> bool:
    least, most = QUOTE_WORDS
    return (
        least <= count_words(sentence) <= most
        and theme.word in sentence.lower()
        and not PRIVATE.search(sentence)
        and not SELF.search(sentence)
        and not stems(sentence) & hidden
        and re.search(r"(?<=[a-z,;] )[A-Z][a-z]+", sentence) is None
    )


def _quoted(message: Material, text: str, template: Template) -> str:
    line: str = template.texts["said"].replace("{name}", plain(message.source))
    return line.replace("{text}", text)


def _busiest(material: Sequence[Material], template: Template) -> str:
    titles = Counter(plain(one.title) for one in material if one.title)
    if len(titles) < 2:
        return ""
    line: str = template.texts["in_channel"]
    return line.replace("{channel}", titles.most_common(1)[0][0])
