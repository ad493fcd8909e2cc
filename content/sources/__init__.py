"""The sources of topics."""

from collections.abc import Mapping

from content.sources.activity import Activity
from content.sources.earlier import EarlierPosts
from content.sources.feed_topics import FeedTopics
from content.sources.folder import Folder
from content.sources.source import Topic, TopicSource
from content.sources.suggestions import Suggestions
from content.sources.topic_list import TopicList

__all__ = ["SOURCES", "Topic", "TopicSource"]

SOURCES: Mapping[str, type[TopicSource]] = {
    TopicList.name: TopicList,
    FeedTopics.name: FeedTopics,
    Folder.name: Folder,
    Suggestions.name: Suggestions,
    Activity.name: Activity,
    EarlierPosts.name: EarlierPosts,
}
"""Every source by its name."""
