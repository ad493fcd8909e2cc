"""Topics from feeds."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

import structlog
from typing_extensions import override

from bot.clock import Clock
from bot.outside import quoted
from bot.publication import Link
from bot.store.feeds import FeedRepository, StoredEntry
from bot.store.materials import Material
from bot.store.posts import PostRepository
from bot.words import T, join_texts
from content.sources.errors import NoTopicError, SourceError
from content.sources.feed_reader import FeedReader, host_of
from content.sources.likeness import Likeness
from content.sources.plain_text import one_line, plain_lines, shortened
from content.sources.source import Topic, TopicSource

__all__ = ["MAX_MATERIAL_BYTES", "FeedTopics", "fitting"]

logger = structlog.get_logger(__name__)

FRESH = timedelta(days=14)
"""What is older is no news."""
LATELY = timedelta(days=60)
NUM_LOOKED_AT = 50
MAX_TOPIC = 120  # characters
MAX_SOURCE = 60
MAX_MATERIAL_BYTES = 1500
"""About a quarter of the starter model's prompt."""
NUM_ITEMS = 6
"""So many entries a digest is made from at most."""
MAX_ITEM_CHARS = 4000
"""What comes later in an article is seldom the news."""
_LINK_SIGNS = str.maketrans({"[": "(", "]": ")", "`": "'", "<": "‹", ">": "›"})
_URL_SIGNS = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E"})


class FeedTopics(TopicSource):
    """Takes the latest entry that was not used, and is unlike what was posted lately.

    What its page says is the material, else what the feed says about it. A digest is
    about several entries at once: the latest of each feed, then the rest.
    """

    name = "feeds"

    def __init__(
        self,
        urls: Sequence[str],
        *,
        kind: str,
        reader: FeedReader,
        feeds: FeedRepository,
        posts: PostRepository,
        likeness: Likeness,
        clock: Clock,
    ) -> None:
        self._urls = tuple(urls)
        self._kind = kind
        self._reader = reader
        self._feeds = feeds
        self._posts = posts
        self._likeness = likeness
        self._clock = clock

    @override
    async def next_topic(self) -> Topic:
        await self._reader.refresh(self._urls)
        now_utc = self._clock.now_utc()
        recent = await self._posts.recent_topics(self._kind, now_utc - LATELY)
        entries = await self._feeds.unused(
            self._urls, since_utc=now_utc - FRESH, limit=NUM_LOOKED_AT
        )
        if self._kind == "digest":
            claimed = await self._claim(_by_turns(entries), recent, NUM_ITEMS)
            if claimed:
                return await self._digest(claimed)
        elif claimed := await self._claim(entries, recent, 1):
            return await self._topic(claimed[0])
        problems = await self._reader.problems(self._urls)
        why = join_texts((T("there is nothing new in the feeds"), *problems))
        assert why is not None  # noqa: S101
        raise NoTopicError(why)

    async def _claim(
        self, entries: Iterable[StoredEntry], recent: Sequence[str], number: int
    ) -> list[StoredEntry]:
        """Take so many entries that are unlike what was told, and each other."""
        claimed: list[StoredEntry] = []
        told = [*recent]
        for entry in entries:
            text = _topic_text(entry)
            is_told = await self._likeness.is_like_any(text, told)
            if not is_told and await self._feeds.claim(entry):
                claimed.append(entry)
                told.append(text)
            if len(claimed) == number:
                break
        return claimed

    async def _digest(self, entries: Sequence[StoredEntry]) -> Topic:
        names = dict.fromkeys(map(_source, entries))
        items = [
            Material(
                entry.title,
                entry.url,
                plain_lines(await self._text(entry))[:MAX_ITEM_CHARS],
                _source(entry),
            )
            for entry in entries
        ]
        return Topic(shortened(", ".join(names), MAX_TOPIC), items=tuple(items))

    async def _topic(self, entry: StoredEntry) -> Topic:
        text = "\n".join(filter(None, (entry.title, await self._text(entry))))
        host = host_of(entry.url or entry.feed_url)
        return Topic(
            _topic_text(entry),
            material=quoted(fitting(text), f"an article from {host}"),
            links=_links(entry),
        )

    async def _text(self, entry: StoredEntry) -> str:
        if not entry.url:
            return entry.summary
        try:
            return await self._reader.article_text(entry.url) or entry.summary
        except SourceError as error:
            logger.info("page not read", page=host_of(entry.url), reason=str(error))
            return entry.summary


def fitting(text: str) -> str:
    """Return as much of a text as may go into a prompt.

    Counted in bytes: a sign of Chinese is about as much to a model as a word.
    """
    text = plain_lines(text)
    num_bytes = len(text.encode("utf-8", "replace"))
    if num_bytes <= MAX_MATERIAL_BYTES:
        return text
    share = MAX_MATERIAL_BYTES / num_bytes
    return shortened(text, max(1, int(len(text) * share)))


def _by_turns(entries: Sequence[StoredEntry]) -> list[StoredEntry]:
    """Return the latest of each feed, then the next of each, and so on."""
    places: Counter[str] = Counter()
    rounds: list[tuple[int, StoredEntry]] = []
    for entry in entries:
        rounds.append((places[entry.feed_url], entry))
        places[entry.feed_url] += 1
    return [entry for _, entry in sorted(rounds, key=lambda one: one[0])]


def _source(entry: StoredEntry) -> str:
    return shortened(
        one_line(entry.feed_title) or host_of(entry.url or entry.feed_url), MAX_SOURCE
    )


def _topic_text(entry: StoredEntry) -> str:
    return shortened(entry.title, MAX_TOPIC)


def _links(entry: StoredEntry) -> tuple[Link, ...]:
    """Return where an entry comes from, so that it stays a link in any markup."""
    if not entry.url:
        return ()
    title = " · ".join(filter(None, (entry.title, entry.feed_title)))
    return (Link(title.translate(_LINK_SIGNS), entry.url.translate(_URL_SIGNS)),)
