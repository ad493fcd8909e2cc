"""Looks into feeds now and then, each at its own pace."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog

from bot.clock import Clock
from bot.store.feeds import FeedRepository, FeedState, StoredEntry
from bot.words import T, Text
from content.sources.errors import SourceError, StatusError
from content.sources.feed import FeedEntry
from content.sources.fetching import FEED, PAGE, Fetcher, Validators
from content.sources.parser import DocumentParser

__all__ = ["FeedReader", "host_of"]

logger = structlog.get_logger(__name__)

EVERY = timedelta(minutes=30)
JITTER = 0.2  # the share of a wait by which it may be longer; never shorter than asked
LONGEST_WAIT = timedelta(days=1)
LONGEST_ASKED = timedelta(days=7)
"""The longest wait that a server may ask for."""


class FeedReader:
    """Keeps the store up to date with feeds.

    A feed that fails is looked at less and less often, up to once a day; how it fares
    is nothing to the others.

    Args:
        dice: where the jitter comes from.
    """

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        parser: DocumentParser,
        feeds: FeedRepository,
        clock: Clock,
        every: timedelta = EVERY,
        dice: random.Random | None = None,
    ) -> None:
        self._fetcher = fetcher
        self._parser = parser
        self._feeds = feeds
        self._clock = clock
        self._every = every
        self._dice = dice or random.Random()  # noqa: S311 - no secret
        self._turns: dict[str, asyncio.Lock] = {}

    async def refresh(self, urls: Sequence[str]) -> None:
        """Look into those of these feeds that are due, all at the same time.

        Never fails: why a feed could not be read is kept with its state.
        """
        async with asyncio.TaskGroup() as group:
            for url in dict.fromkeys(urls):
                group.create_task(self._look(url))

    async def problems(self, urls: Sequence[str]) -> tuple[Text, ...]:
        """Return what is wrong with each of these feeds that could not be read."""
        states = [await self._feeds.state(url) for url in urls]
        return tuple(
            T("{host}: {error}", host=host_of(state.url), error=state.error)
            for state in states
            if state is not None and state.error is not None
        )

    async def article_text(self, url: str) -> str:
        """Return the text of the page at an address.

        It is text from outside: `bot.outside.quoted` marks it as such.

        Raises:
            SourceError: it cannot be had.
        """
        return await self._parser.page(await self._fetcher.fetch(url, PAGE))

    async def _look(self, url: str) -> None:
        # One feed's trouble is its own: the others are looked at all the same.
        try:
            async with self._turns.setdefault(url, asyncio.Lock()):
                await self._look_if_due(url)
        except Exception:
            logger.exception("feed failed", feed=host_of(url))

    async def _look_if_due(self, url: str) -> None:
        now_utc = self._clock.now_utc()
        state = await self._feeds.state(url) or FeedState(url, now_utc)
        if state.next_check_utc > now_utc:
            return
        try:
            await self._read(state)
        except SourceError as error:
            await self._failed(state, error.text, error)
        except Exception as error:
            why = T("something went wrong, see the log")
            await self._failed(state, why, error)
            raise

    async def _read(self, state: FeedState) -> None:
        validators = Validators(state.etag, state.last_modified)
        fetched = await self._fetcher.fetch(state.url, FEED, validators)
        now_utc = self._clock.now_utc()
        read = replace(
            state,
            last_checked_utc=now_utc,
            next_check_utc=now_utc + self._shaken(self._every),
            failures=0,
            error=None,
        )
        if fetched.is_unchanged:
            await self._feeds.put_state(read)
            return
        found = await self._parser.feed(fetched, now_utc=now_utc)
        new = replace(
            read,
            etag=fetched.validators.etag,
            last_modified=fetched.validators.last_modified,
        )
        entries = [_stored(state.url, entry, now_utc) for entry in found]
        num_new = await self._feeds.put_entries(new, entries)
        logger.info(
            "feed read", feed=host_of(state.url), entries=len(entries), new=num_new
        )

    async def _failed(self, state: FeedState, why: Text, error: Exception) -> None:
        failures = state.failures + 1
        wait = min(self._every * 2 ** min(failures, 16), LONGEST_WAIT)
        if isinstance(error, StatusError):
            if error.status == 410:
                wait = LONGEST_WAIT
            asked = timedelta(seconds=error.retry_after_s or 0)
            wait = max(wait, min(asked, LONGEST_ASKED))
        logger.warning("feed not read", feed=host_of(state.url), reason=str(why))
        await self._feeds.put_state(
            replace(
                state,
                next_check_utc=self._clock.now_utc() + self._shaken(wait),
                failures=failures,
                error=why,
            )
        )

    def _shaken(self, wait: timedelta) -> timedelta:
        """Return about this long: feeds are not all looked at in the same moment."""
        return wait * self._dice.uniform(1, 1 + JITTER)


def host_of(url: str) -> str:
    """Return what of an address may be shown and logged: the rest can be a secret."""
    return urlsplit(url).hostname or ""


def _stored(feed_url: str, entry: FeedEntry, now_utc: datetime) -> StoredEntry:
    return StoredEntry(
        feed_url=feed_url,
        id=entry.id,
        title=entry.title,
        url=entry.url,
        summary=entry.summary,
        author=entry.author,
        feed_title=entry.feed_title,
        published_utc=entry.published_utc,
        first_seen_utc=now_utc,
    )
