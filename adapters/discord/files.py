"""Files as Discord takes them and gives them."""

import io
from collections.abc import Sequence

import discord

from bot.messages import Attachment

__all__ = ["as_discord_files"]


def as_discord_files(files: Sequence[Attachment]) -> list[discord.File]:
    """Return files for one call; the call uses them up."""
    return [discord.File(io.BytesIO(file.content), file.name) for file in files]
