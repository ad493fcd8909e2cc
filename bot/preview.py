"""How a post will be split on a platform, before it goes out."""

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["PreviewKind", "PreviewPart"]


class PreviewKind(StrEnum):
    """What a message of a post is."""

    TEXT = "text"
    """A message of its own."""
    CARD = "card"
    """A framed text with its picture, an embed."""
    CAPTION = "caption"
    """A picture with the text below it."""
    PICTURE = "picture"
    """A picture alone."""
    POLL = "poll"
    """A poll of the platform's own."""


@dataclass(frozen=True, slots=True)
class PreviewPart:
    """One message that a post becomes. `text` is markdown."""

    kind: PreviewKind
    text: str = field(default="", repr=False)
