"""Topics that moderators and members suggest."""

from collections.abc import Sequence
from datetime import timedelta

from typing_extensions import override

from bot.clock import Clock
from bot.store.posts import PostRepository
from bot.store.suggestions import StoredSuggestion, SuggestionRepository
from bot.words import T
from content.sources.errors import NoTopicError
from content.sources.likeness import Likeness
from content.sources.plain_text import one_line
from content.sources.source import Topic, TopicSource

__all__ = ["MIN_VOTES", "Suggestions", "is_wanted"]

MIN_VOTES = 2
"""A member's suggestion needs somebody else who wants it."""
LATELY = timedelta(days=60)
NUM_LOOKED_AT = 50


class Suggestions(TopicSource):
    """Takes moderators' suggestions first, then members' with the most votes.

    Args:
        communities: by `bot.preferences.community_key`.
    """

    name = "suggestions"

    def __init__(
        self,
        communities: Sequence[str],
        *,
        kind: str,
        suggestions: SuggestionRepository,
        posts: PostRepository,
        likeness: Likeness,
        clock: Clock,
    ) -> None:
        self._communities = tuple(communities)
        self._kind = kind
        self._suggestions = suggestions
        self._posts = posts
        self._likeness = likeness
        self._clock = clock

    @override
    async def next_topic(self) -> Topic:
        since_utc = self._clock.now_utc() - LATELY
        recent = await self._posts.recent_topics(self._kind, since_utc)
        waiting = await self._suggestions.open(self._communities, limit=NUM_LOOKED_AT)
        for suggestion in filter(is_wanted, waiting):
            text = one_line(suggestion.text)
            if await self._likeness.is_like_any(text, recent):
                continue
            if await self._suggestions.claim(suggestion.number, self._communities):
                return Topic(text)
        raise NoTopicError(T("no suggestion waits that enough people want"))


def is_wanted(suggestion: StoredSuggestion) -> bool:
    """Return whether a suggestion may become a post."""
    return suggestion.is_moderator or suggestion.votes >= MIN_VOTES
