"""Reads what comes with a message: files, pictures and voices, each in its own way."""

import asyncio

from bot.config import FilesConfig
from bot.errors import UserError
from bot.files.text import decoded
from bot.files.types import Way, type_of
from bot.messages import Attachment, Message
from bot.outside import Enclosed, Material
from bot.words import T

__all__ = ["Reader"]


class Reader:
    """Makes one text of a message, to be judged before anything else sees it.

    What a person says by voice is their text. All else is material. What cannot be
    read is named to the model as such; where nothing else was sent to the bot, the
    person is told. Who only talks in the channel is never told anything.
    """

    def __init__(self, limits: FilesConfig) -> None:
        self._limits = limits

    async def read(self, message: Message) -> Enclosed:
        """Return a message's text with what came along.

        Raises:
            UserError: it is too much, or nothing that can be read; only where the
                message is to the bot.
        """
        files = message.attachments
        if not files:
            return Enclosed(message.text)
        materials = [await self._material(one) for one in files]
        self._check_length(materials)
        return Enclosed.of(message.text, materials)

    def _check_length(self, materials: list[Material]) -> None:
        """Refuse what is too long to be read whole, all together."""
        left = self._limits.max_characters
        for material in materials:
            left -= len(material.text or "")
            if left < 0:
                raise _too_long(material.name, self._limits.max_characters)

    async def _material(self, file: Attachment) -> Material:
        kind = type_of(file)
        text = None
        if kind.way is Way.TEXT:
            text = await asyncio.to_thread(decoded, file.content)
        return Material(file.name, kind.what, text, kind.lack)


def _too_long(name: str, limit: int) -> UserError:
    return UserError(
        T(
            "“{name}” is too long for me to read whole: I can take {limit} characters "
            "in all. Please send the part that matters.",
            name=name[:60],
            limit=limit,
        )
    )
