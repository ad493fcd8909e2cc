"""Which files there are, and how each is read.

To read another type, add a line to FILE_TYPES, and a row to the table in
docs/models.md.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from bot.messages import Attachment

__all__ = ["FILE_TYPES", "FileType", "Way", "type_of"]


class Way(StrEnum):
    """How a file is read; docs/models.md has the same as a table."""

    TEXT = "text"
    """Its characters, whatever they are encoded in."""
    PDF = "pdf"
    """The text of its pages, in a process of its own."""
    AUDIO = "audio"
    """Listened to, where there is a model for that."""
    UNSEEN = "unseen"
    """Not read here. Pictures are judged all the same."""


@dataclass(frozen=True, slots=True)
class FileType:
    """One line of the table.

    Attributes:
        what: what the model is told that it is.
        media_types: how its media type begins.
        endings: how its name ends; counts where the media type says nothing.
        lack: what cannot be done with it where it is not read.
    """

    what: str
    way: Way
    media_types: tuple[str, ...]
    endings: tuple[str, ...]
    lack: str = "read"


_ENDINGS_OF_TEXT = (
    *(".txt", ".text", ".md", ".markdown", ".rst", ".adoc", ".org", ".tex", ".log"),
    *(".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xml", ".yaml", ".yml", ".toml"),
    *(".ini", ".cfg", ".conf", ".properties", ".diff", ".patch", ".srt", ".vtt"),
    *(".ics", ".vcf", ".po", ".bib"),
)
_ENDINGS_OF_CODE = (
    *(".py", ".pyi", ".ipynb", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".vue"),
    *(".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".cs", ".rs", ".go", ".zig"),
    *(".java", ".kt", ".kts", ".scala", ".groovy", ".gradle", ".swift", ".m", ".mm"),
    *(".rb", ".php", ".pl", ".pm", ".lua", ".r", ".jl", ".dart", ".ex", ".exs", ".erl"),
    *(".hs", ".ml", ".clj", ".lisp", ".el", ".scm", ".f90", ".pas", ".nim", ".sol"),
    *(".sh", ".bash", ".zsh", ".fish", ".ps1", ".bat", ".cmd", ".sql", ".graphql"),
    *(".html", ".htm", ".css", ".scss", ".sass", ".less", ".proto", ".cmake", ".mk"),
    *(".tf", ".nix", ".dockerfile", ".asm", ".s", ".v", ".vhd"),
)

FILE_TYPES = (
    FileType("PDF", Way.PDF, ("application/pdf", "application/x-pdf"), (".pdf",)),
    FileType(
        "picture",
        Way.UNSEEN,
        ("image/",),
        (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".heic", ".avif", ".svg"),
        lack="see",
    ),
    FileType(
        "recording",
        Way.AUDIO,
        ("audio/", "application/ogg"),
        (".ogg", ".oga", ".opus", ".mp3", ".m4a", ".aac", ".flac", ".wav", ".wma"),
        lack="hear",
    ),
    FileType(
        "video",
        Way.UNSEEN,
        ("video/",),
        (".mp4", ".mov", ".mkv", ".webm", ".avi"),
        lack="see",
    ),
    FileType(
        "file",
        Way.TEXT,
        (
            *("text/", "application/json", "application/xml", "application/toml"),
            *("application/yaml", "application/x-yaml", "application/javascript"),
            *("application/x-sh", "application/x-python", "application/sql"),
        ),
        _ENDINGS_OF_TEXT + _ENDINGS_OF_CODE,
    ),
)
"""Tried in this order: by media type, then by the ending of the name."""

OTHER = FileType("file", Way.UNSEEN, (), ())

_VAGUE = (
    *("", "application/octet-stream", "binary/octet-stream", "text/plain"),
    "video/mp2t",  # also said of TypeScript, by its ending
)
"""Media types that platforms give to whatever they do not know."""

_BEGINNINGS = ((b"%PDF-", "application/pdf"), (b"OggS", "audio/ogg"))


def type_of(attachment: Attachment) -> FileType:
    """Return what a file is, by what it is called and, where that is vague, begins."""
    if attachment.is_voice:
        return next(one for one in FILE_TYPES if one.way is Way.AUDIO)
    media_type = attachment.media_type.partition(";")[0].strip().casefold()
    ending = PurePosixPath(attachment.name.casefold()).suffix
    if media_type not in _VAGUE:
        for one in FILE_TYPES:
            if media_type.startswith(one.media_types):
                return one
    for one in FILE_TYPES:
        if ending in one.endings:
            return one
    for beginning, known in _BEGINNINGS:
        if attachment.content.startswith(beginning):
            return next(one for one in FILE_TYPES if known.startswith(one.media_types))
    if media_type == "text/plain" or _is_text(attachment.content):
        return next(one for one in FILE_TYPES if one.way is Way.TEXT)
    return OTHER


def _is_text(content: bytes) -> bool:
    """Return whether a file of no known type is plainly text: "Makefile"."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char in "\t\n\r\f" for char in text[:2000])
