"""Where topics come from."""

from abc import ABC, abstractmethod
from typing import ClassVar

__all__ = ["TopicSource"]


class TopicSource(ABC):
    """Says what the next post is about.

    To add one: write a file here, add a line to SOURCES in content/sources/__init__.py
    and a row in tests/content/sources.
    """

    name: ClassVar[str]

    @abstractmethod
    async def next_topic(self) -> str:
        """Return a topic, one not used lately where there is one."""
