"""What a channel talked about lately, in a few words."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from typing_extensions import override

from bot.clock import Clock
from bot.consent import Consent
from bot.conversation import Turn
from bot.generation.requests import TurnRole
from bot.messages import Scope
from bot.outside import quoted
from bot.store.materials import Material
from bot.store.turns import TurnRepository
from bot.words import T
from content.languages import COMMON_WORDS
from content.sentences import WORD, script_of, stems
from content.sources.errors import NoTopicError
from content.sources.source import Topic, TopicSource

__all__ = ["Activity", "Keyword", "keywords"]

LATELY = timedelta(days=7)
MAX_TURNS = 2000
MAX_ITEMS, MAX_ITEM_CHARS = 600, 600
MIN_PEOPLE = 3
"""What fewer people said is theirs, and not the channel's."""
NUM_KEYWORDS = 4
MIN_LETTERS = 4  # shorter words seldom say what it was about

# Addresses, mentions in every platform's manner, code, and words with figures.
_NO_WORDS = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+|<[@#:][^>]{1,80}>|@[\w.]+|`[^`]*`|/\w+|\S*\d\S*"
)
_COMMON = frozenset(word for words in COMMON_WORDS.values() for word in words)


@dataclass(slots=True)
class Keyword:
    """A word with its other forms.

    Attributes:
        forms: how often it was written how.
        people: who used it; never shown.
        num_turns: in how many messages it was.
        is_name: it was never written small where the language would.
    """

    forms: Counter[str] = field(default_factory=Counter)
    people: set[str] = field(default_factory=set, repr=False)
    num_turns: int = 0
    is_name: bool = True

    @property
    def text(self) -> str:
        """The form that was used most."""
        return self.forms.most_common(1)[0][0]


class Activity(TopicSource):
    """Names what several people talked about in one channel, and no person.

    It reads the turns of one scope, and the topic is for that channel alone. For a
    recap it brings what was said, with who may be named.

    Args:
        channel_name: as people know it.
    """

    name = "activity"

    def __init__(
        self,
        scope: Scope,
        *,
        kind: str,
        channel_name: str,
        turns: TurnRepository,
        consent: Consent,
        clock: Clock,
    ) -> None:
        self._scope = scope
        self._kind = kind
        self._channel_name = channel_name
        self._turns = turns
        self._consent = consent
        self._clock = clock

    @override
    async def next_topic(self) -> Topic:
        turns = await self._turns.recent(
            self._scope, limit=MAX_TURNS, since_utc=self._clock.now_utc() - LATELY
        )
        found = keywords(turns)[:NUM_KEYWORDS]
        if not found:
            raise NoTopicError(T("too few people talked about the same lately"))
        if self._kind == "recap":
            topic = self._channel_name or ", ".join(word.text for word in found)
            return Topic(topic, items=await self._said(turns))
        counts = "\n".join(
            f"{word.text}: {word.num_turns} messages by {len(word.people)} people"
            for word in found
        )
        return Topic(
            ", ".join(word.text for word in found),
            material=quoted(counts, "what a channel talked about most this week"),
        )

    async def _said(self, turns: Sequence[Turn]) -> tuple[Material, ...]:
        """Return what people said; what is long is seldom talk."""
        said = [turn for turn in turns if turn.role is TurnRole.USER][-MAX_ITEMS:]
        named = {
            person: await self._consent.may_be_named(self._scope.platform, person)
            for person in {turn.author_id for turn in said}
        }
        return tuple(
            Material(
                self._channel_name,
                text=turn.text[:MAX_ITEM_CHARS],
                source=turn.author_name,
                may_be_named=named[turn.author_id],
            )
            for turn in said
        )


def keywords(turns: Sequence[Turn]) -> list[Keyword]:
    """Return what at least three people spoke about, the most frequent first.

    Left out is what looks like a person: names of those who wrote, mentions, and words
    that nobody ever wrote small.
    """
    found: dict[str, Keyword] = defaultdict(Keyword)
    names: set[str] = set()
    for turn in turns:
        names.update(stem for stem, _, _ in _words(turn.author_name))
        if turn.role is not TurnRole.USER:
            continue
        spoken = set(_words(_NO_WORDS.sub(" ", turn.text)))
        for stem, form, is_capital in spoken:
            word = found[stem]
            word.forms[form] += 1
            word.people.add(turn.author_id)
            word.is_name &= is_capital
        for stem in {stem for stem, _, _ in spoken}:
            found[stem].num_turns += 1
    wanted = [
        word
        for stem, word in found.items()
        if len(word.people) >= MIN_PEOPLE and stem not in names and not word.is_name
    ]
    return sorted(wanted, key=lambda w: (-len(w.people), -w.num_turns, w.text))


def _words(text: str) -> Iterator[tuple[str, str, bool]]:
    """Give out the words that may say something: stem, form, and if it has a capital.

    Where there are no spaces between words, pairs of signs stand for them.
    """
    for match in WORD.finditer(text):
        word, form = match[0], match[0].lower()
        if script_of(word) in ("HAN", "KANA"):
            yield from ((pair, pair, False) for pair in stems(word))
        elif len(word) >= MIN_LETTERS and form not in _COMMON:
            yield from ((stem, form, word[0].isupper()) for stem in stems(word))
