"""Where topics come from."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from bot.publication import Link
from bot.store.materials import Material

__all__ = ["Topic", "TopicSource"]


@dataclass(frozen=True, slots=True)
class Topic:
    """What a post is to be about.

    Attributes:
        text: in a few words, as people would say it.
        material: what the writer is to know of it, quoted as text from outside.
        links: where it comes from, for readers.
        items: what a post that quotes is put together from.
    """

    text: str
    material: str = field(default="", repr=False)
    links: tuple[Link, ...] = ()
    items: tuple[Material, ...] = ()


class TopicSource(ABC):
    """Says what the next post is about.

    To add one: write a file here, add a line to SOURCES in content/sources/__init__.py
    and one to BUILDERS in content/sources/choosing.py, and a row in
    tests/content/sources.
    """

    name: ClassVar[str]

    @abstractmethod
    async def next_topic(self) -> Topic:
        """Return a topic, one not used lately where there is one.

        It counts as used from now on.

        Raises:
            SourceError: there is none; the text says why.
        """
