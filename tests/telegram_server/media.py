"""Files that were sent, and how the API describes them."""

import io
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

__all__ = ["KINDS", "Media", "Stored", "picture_size"]

KINDS = (
    "photo",
    "document",
    "voice",
    "audio",
    "video",
    "video_note",
    "animation",
    "sticker",
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file on Telegram's servers; ids differ by bot in truth, not here."""

    file_id: str
    unique_id: str
    content: bytes = field(repr=False)
    path: str = ""
    size_bytes: int = 0  # may be more than the content, to play a large one


@dataclass(frozen=True, slots=True)
class Media:
    """What a message carries besides its text.

    Attributes:
        kind: one of KINDS, as the field of the API's Message is called.
        sizes: a photo in several sizes, smallest first; otherwise the one file.
        fields: width, duration, mime_type, file_name and the like.
    """

    kind: str
    sizes: tuple[Stored, ...]
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def file(self) -> Stored:
        """The file, or the largest size of a photo."""
        return self.sizes[-1]

    @property
    def content(self) -> bytes:
        """What is in it."""
        return self.file.content

    def to_json(self) -> Any:
        """Return it as the API writes it; photos are lists of sizes."""
        if self.kind != "photo":
            return {**_file_json(self.file), **self.fields}
        width, height = self.fields["width"], self.fields["height"]
        shown = []
        for index, stored in enumerate(self.sizes):
            shrink = 2 ** (len(self.sizes) - 1 - index)
            shown.append(
                {
                    **_file_json(stored),
                    "width": max(width // shrink, 1),
                    "height": max(height // shrink, 1),
                }
            )
        return shown


def _file_json(stored: Stored) -> dict[str, Any]:
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size_bytes,
    }


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height; None: no picture."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
