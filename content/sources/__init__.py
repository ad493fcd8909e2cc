"""The sources of topics."""

from collections.abc import Mapping

from content.sources.source import TopicSource
from content.sources.topic_list import TopicList

__all__ = ["SOURCES", "TopicSource"]

SOURCES: Mapping[str, type[TopicSource]] = {
    TopicList.name: TopicList,
}
"""Every source by its name."""
