"""Files that people send: read within limits, and said kindly where they are not."""

from collections.abc import Awaitable, Callable

import discord
import structlog

from adapters.discord.errors import platform_errors
from bot.adapter import Limits
from bot.errors import PlatformError
from bot.messages import Attachment, Message
from bot.words import T, Text

__all__ = ["Attachments"]

logger = structlog.get_logger(__name__)

SayTo = Callable[[Message, list[Text]], Awaitable[None]]
"""Tells the author of a message something, and nobody else."""

UNKNOWN_TYPE = "application/octet-stream"


class Attachments:
    """Fetches what came with a message.

    Args:
        limits: how many files, and how large.
        say: tells the person what was left out.
    """

    def __init__(self, limits: Limits, say: SayTo) -> None:
        self._limits = limits
        self._say = say

    async def read(
        self, message: discord.Message, converted: Message
    ) -> tuple[Attachment, ...]:
        """Return the files of a message; its author is told what was left out."""
        return await self.fetch(message.attachments, converted)

    async def fetch(
        self, files: list[discord.Attachment], converted: Message
    ) -> tuple[Attachment, ...]:
        """Return files that came with a message or a command."""
        most, left_out = self._limits.attachments, list[Text]()
        read: list[Attachment] = []
        if len(files) > most:
            left_out.append(
                T("I look at {most} files of a message, not at more.", most=most)
            )
        for file in files[:most]:
            if file.size > self._limits.attachment_bytes:
                left_out.append(self._too_large(file))
                continue
            try:
                with platform_errors():
                    content = await file.read()
            except PlatformError as error:
                logger.warning("file not read", reason=str(error))
                left_out.append(
                    T("I could not fetch “{name}”. Please send it again.", **_of(file))
                )
                continue
            read.append(
                Attachment(
                    file.filename,
                    (file.content_type or UNKNOWN_TYPE).split(";")[0].strip(),
                    content,
                    is_voice=file.is_voice_message(),
                )
            )
        if left_out:
            await self._say(converted, left_out)
        return tuple(read)

    def _too_large(self, file: discord.Attachment) -> Text:
        return T(
            "“{name}” is too large for me: I take up to {most} MB.",
            **_of(file),
            most=self._limits.attachment_bytes // 1_000_000,
        )


def _of(file: discord.Attachment) -> dict[str, object]:
    return {"name": file.filename}
