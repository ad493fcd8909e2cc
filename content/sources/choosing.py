"""The source that a schedule draws its topics from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.clock import Clock
from bot.config_file import resolve_path
from bot.consent import Consent
from bot.meaning.meanings import NO_MEANINGS, Meanings
from bot.messages import Author, Channel, scope_of
from bot.preferences import community_key
from bot.store.deliveries import DeliveryRepository
from bot.store.feeds import FeedRepository
from bot.store.materials import MaterialRepository, StoredMaterial
from bot.store.post_counts import PostCountsRepository
from bot.store.posts import PostRepository
from bot.store.schedules import StoredSchedule
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.suggestions import SuggestionRepository
from bot.store.turns import TurnRepository
from bot.words import T
from content.calendar import Entry
from content.languages import base_of
from content.sources.activity import Activity
from content.sources.earlier import EarlierPosts, FindPlaces
from content.sources.errors import NoTopicError, SourceError
from content.sources.feed_reader import FeedReader
from content.sources.feed_topics import FeedTopics
from content.sources.fetching import Fetcher
from content.sources.folder import Folder
from content.sources.leaning import Leaning
from content.sources.likeness import Likeness, WordLikeness
from content.sources.meaning_likeness import MeaningLikeness
from content.sources.parser import DocumentParser, ProcessParser
from content.sources.source import Topic, TopicSource
from content.sources.suggestions import Suggestions
from content.sources.topic_list import TopicList

__all__ = ["BUILDERS", "Sources"]

logger = structlog.get_logger(__name__)

NOBODY = Author("", "")  # a channel's own scope has no person in it


@dataclass(frozen=True, slots=True)
class Wanted:
    """A post that needs a topic: of which schedule, for whom, in which language."""

    schedule: StoredSchedule
    places: tuple[Channel, ...]
    language: str
    find: FindPlaces


class Sources:
    """Finds topics for schedules, and keeps what they bring along.

    Args:
        config_path: folders in the settings are relative to its folder.
        fetcher, parser: what gets and reads feeds; by default what ships.
        lean: how strongly lists lean towards topics that people liked; 0: not at all.
        likeness: tells which topics count as the same; by default `meanings` does in
            the languages that it knows, and words in the others.
        language: of schedules that name none.
    """

    def __init__(
        self,
        store: Store,
        *,
        config_path: Path,
        fetcher: Fetcher | None = None,
        parser: DocumentParser | None = None,
        likeness: Likeness | None = None,
        lean: float = 0.0,
        meanings: Meanings = NO_MEANINGS,
        language: str = "en",
    ) -> None:
        self.clock: Clock = store.clock
        self.posts = PostRepository(store)
        self.counts = PostCountsRepository(store)
        self.deliveries = DeliveryRepository(store)
        self.feeds = FeedRepository(store)
        self.materials = MaterialRepository(store)
        self.suggestions = SuggestionRepository(store)
        self.turns = TurnRepository(store)
        self.consent = Consent(SettingsRepository(store))
        self.config_path = config_path
        self.lean = lean
        self.meanings = meanings
        self._likeness = likeness
        self._language = language
        self.reader = FeedReader(
            fetcher=fetcher or Fetcher(clock=store.clock),
            parser=parser or ProcessParser(clock=store.clock),
            feeds=self.feeds,
            clock=store.clock,
        )

    async def refresh(self, entries: Iterable[Entry]) -> None:
        """Look into the feeds of these schedules, where that is due. Never fails."""
        schedules = [entry.schedule for entry in entries]
        urls = [url for one in schedules if one.is_enabled for url in one.feeds]
        await self.reader.refresh(urls)

    async def topic_for(
        self,
        post_id: str,
        schedule: StoredSchedule,
        places: Sequence[Channel],
        *,
        find: FindPlaces = lambda keys: (),
    ) -> str:
        """Return what a post is to be about, and keep the material for it.

        Where the source has nothing, the schedule's own topics stand in. `find` knows
        the channels that other posts went to.

        Raises:
            SourceError: there is no topic; the text says why.
        """
        language = schedule.language or self._language
        wanted = Wanted(schedule, tuple(places), language, find)
        try:
            topic = await BUILDERS[schedule.topic_source](self, wanted).next_topic()
        except SourceError as error:
            if not schedule.topics:
                raise
            logger.info("topic stands in", schedule=schedule.id, reason=str(error))
            topic = await _list(self, wanted).next_topic()
        material = StoredMaterial(topic.material, topic.links, topic.items)
        await self.materials.put(post_id, material)
        return topic.text

    async def try_out(self, urls: Sequence[str], kind: str) -> Topic:
        """Return what a post of a kind would be made from, of these feeds.

        Raises:
            SourceError: they have nothing; the text says why.
        """
        return await _feed_topics(self, urls, kind, self._language).next_topic()

    def likeness(self, language: str) -> Likeness:
        """Return what tells which topics in a language count as the same."""
        if self._likeness is not None:
            return self._likeness
        if base_of(language) in self.meanings.languages:
            return MeaningLikeness(self.meanings, language=language)
        return WordLikeness()


def _list(sources: Sources, wanted: Wanted) -> TopicSource:
    return TopicList(
        wanted.schedule.topics,
        kind=wanted.schedule.kind,
        posts=sources.posts,
        clock=sources.clock,
        likeness=sources.likeness(wanted.language),
        leaning=Leaning(
            sources.counts,
            schedule_id=wanted.schedule.id,
            lean=sources.lean,
            likeness=sources.likeness(wanted.language),
            clock=sources.clock,
        ),
    )


def _feeds(sources: Sources, wanted: Wanted) -> TopicSource:
    schedule = wanted.schedule
    return _feed_topics(sources, schedule.feeds, schedule.kind, wanted.language)


def _feed_topics(
    sources: Sources, urls: Sequence[str], kind: str, language: str
) -> FeedTopics:
    return FeedTopics(
        urls,
        kind=kind,
        reader=sources.reader,
        feeds=sources.feeds,
        posts=sources.posts,
        likeness=sources.likeness(language),
        clock=sources.clock,
    )


def _folder(sources: Sources, wanted: Wanted) -> TopicSource:
    folder = resolve_path(sources.config_path, wanted.schedule.folder)
    return Folder(folder, clock=sources.clock)


def _suggestions(sources: Sources, wanted: Wanted) -> TopicSource:
    return Suggestions(
        tuple(dict.fromkeys(map(community_key, wanted.places))),
        kind=wanted.schedule.kind,
        suggestions=sources.suggestions,
        posts=sources.posts,
        likeness=sources.likeness(wanted.language),
        clock=sources.clock,
    )


def _activity(sources: Sources, wanted: Wanted) -> TopicSource:
    """Look at the one channel that the post goes to, and at no other.

    Raises:
        NoTopicError: it goes elsewhere too, or to one person.
    """
    places = wanted.places
    is_one = len(wanted.schedule.channels) == len(places) == 1
    if not is_one or places[0].is_private:
        raise NoTopicError(T("what a channel talked about is for that one channel"))
    scope = scope_of(places[0], NOBODY)
    return Activity(
        scope,
        kind=wanted.schedule.kind,
        channel_name=places[0].name,
        turns=sources.turns,
        consent=sources.consent,
        clock=sources.clock,
    )


def _earlier(sources: Sources, wanted: Wanted) -> TopicSource:
    return EarlierPosts(
        wanted.places,
        schedule_id=wanted.schedule.id,
        language=wanted.language,
        find=wanted.find,
        posts=sources.posts,
        deliveries=sources.deliveries,
    )


Builder = Callable[[Sources, Wanted], TopicSource]

BUILDERS: Mapping[str, Builder] = {
    TopicList.name: _list,
    FeedTopics.name: _feeds,
    Folder.name: _folder,
    Suggestions.name: _suggestions,
    Activity.name: _activity,
    EarlierPosts.name: _earlier,
}
"""How the source of each name is built for what is wanted."""
