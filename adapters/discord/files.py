"""Files as Discord takes them and gives them."""

import io
from collections.abc import Callable, Sequence
from typing import Protocol

import discord

from bot.messages import Attachment

__all__ = ["DescribeVoice", "VoiceNote", "as_discord_files"]


LONGEST_DESCRIPTION = 1024


class VoiceNote(Protocol):
    """What Discord wants to know of a voice message to draw it."""

    @property
    def duration_s(self) -> float:
        """How long it is."""

    @property
    def waveform_base64(self) -> str:
        """How loud it is, bit by bit."""


DescribeVoice = Callable[[bytes], VoiceNote]
"""Looks at a voice message; blocks, so it is called from a thread."""


def as_discord_files(files: Sequence[Attachment]) -> list[discord.File]:
    """Return files for one call, which uses them up; what they show goes with them."""
    return [
        discord.File(
            io.BytesIO(file.content),
            file.name,
            description=file.description[:LONGEST_DESCRIPTION] or None,
        )
        for file in files
    ]
