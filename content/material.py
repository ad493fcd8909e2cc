"""What a post is made from, where it is not made from a topic alone."""

from dataclasses import dataclass, field

__all__ = ["Material"]


@dataclass(frozen=True, slots=True)
class Material:
    """A text from outside: an entry of a feed, a message, an earlier post.

    Attributes:
        title: its headline, or the name of the channel that it was written in.
        url: where people can read it; "": nowhere.
        source: who says so: a publication, or the person who wrote the message.
        may_be_named: the person agreed that posts name them.
    """

    title: str
    url: str = ""
    text: str = field(default="", repr=False)
    source: str = ""
    may_be_named: bool = False
