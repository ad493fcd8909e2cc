"""Reads what comes with a message: files, pictures and voices, each in its own way."""

import asyncio
from collections import Counter
from dataclasses import dataclass

import structlog

from bot.apology import apology, new_error_id
from bot.config import FilesConfig
from bot.errors import GenerationError, MissingError, UserError
from bot.files.opener import FileOpener
from bot.files.refused import FileRefusedError, refusal_text
from bot.files.text import decoded
from bot.files.types import FileType, Way, type_of
from bot.generation.requests import Owner
from bot.listening import Listener
from bot.messages import Attachment, Message
from bot.outside import NAME_CHARS, Enclosed, Material
from bot.owner import owner_of
from bot.words import T, Text, Tn

__all__ = ["Reader"]

logger = structlog.get_logger(__name__)

MAX_AT_ONCE = 2
"""So many recordings of one person are listened to at a time."""

MAX_CODED_BYTES = 4
"""So many bytes a character takes at most, in whatever encoding."""


@dataclass(frozen=True, slots=True)
class _Voice:
    """What somebody says by voice: as good as typed."""

    text: str


class Reader:
    """Makes one text of a message, to be judged before anything else sees it.

    What a person says by voice is their text. All else is material. What cannot be
    read is named to the model as such; where nothing else was sent to the bot, the
    person is told. Who only talks in the channel is never told anything, and their
    recordings are not listened to.

    Args:
        listener: None: the bot does not listen.
    """

    def __init__(
        self, limits: FilesConfig, *, opener: FileOpener, listener: Listener | None
    ) -> None:
        self._limits = limits
        self._opener = opener
        self._listener = listener
        self._listening: Counter[Owner] = Counter()

    async def read(self, message: Message) -> Enclosed:
        """Return a message's text with what came along.

        Raises:
            UserError: it is too much, or nothing that can be read; only where the
                message is to the bot.
        """
        files = message.attachments
        if not files:
            return Enclosed(message.text)
        if not message.is_to_bot:
            return await self._overheard(message)
        if len(files) > self._limits.max_count:
            raise UserError(_too_many(self._limits.max_count))
        said, materials = [message.text], list[Material]()
        left = self._limits.max_characters
        for file in files:
            one = await self._one(file, message, left)
            if isinstance(one, _Voice):
                said.append(one.text)
            else:
                materials.append(one)
                left -= len(one.text or "")
        text = "\n\n".join(part for part in said if part.strip())
        _refuse_nothing(text, materials, files)
        return Enclosed.of(text, materials)

    async def _overheard(self, message: Message) -> Enclosed:
        """Read what can be, and name what cannot: nobody is to be told."""
        materials = list[Material]()
        left = self._limits.max_characters
        for file in message.attachments[: self._limits.max_count]:
            kind = type_of(file)
            one = Material(file.name, kind.what, None, kind.lack)
            if kind.way is not Way.AUDIO:
                try:
                    one = await self._material(file, kind, left)
                except UserError as error:
                    logger.debug("file not read", reason=str(error))
            materials.append(one)
            left -= len(one.text or "")
        return Enclosed.of(message.text, materials)

    async def _one(
        self, file: Attachment, message: Message, left: int
    ) -> Material | _Voice:
        kind = type_of(file)
        if kind.way is not Way.AUDIO:
            return await self._material(file, kind, left)
        if self._listener is None and file.is_voice:
            raise UserError(
                T("I cannot listen to voice messages here. Please write it to me.")
            )
        if self._listener is None:
            return Material(file.name, kind.what, None, kind.lack)
        text = await self._heard(self._listener, file, message)
        if file.is_voice:
            return _Voice(text)
        return Material(file.name, kind.what, self._fitting(text, file, left))

    async def _heard(
        self, listener: Listener, file: Attachment, message: Message
    ) -> str:
        self._check_size(file)
        owner = owner_of(message.channel, message.author)
        if self._listening[owner] >= MAX_AT_ONCE:
            raise UserError(
                T("I am still listening to what you sent before. Please wait a moment.")
            )
        self._listening[owner] += 1
        try:
            transcript = await listener.listen(file.content, owner)
        except FileRefusedError as error:
            raise self._refused(error, file) from error
        except (GenerationError, MissingError) as error:
            error_id = new_error_id()
            logger.warning("not listened", error_id=error_id, reason=str(error))
            raise UserError(apology(error, error_id)) from error
        finally:
            self._listening[owner] -= 1
            self._listening += Counter()  # forgets who is at zero
        if not transcript.text.strip():
            raise UserError(
                T("I heard no words in it. Please say it again, or write it to me.")
            )
        return transcript.text

    async def _material(self, file: Attachment, kind: FileType, left: int) -> Material:
        text: str | None = None
        if kind.way is Way.TEXT:
            if file.size_bytes > MAX_CODED_BYTES * self._limits.max_characters:
                raise UserError(_too_long(file, self._limits.max_characters))
            text = await asyncio.to_thread(decoded, file.content)
        elif kind.way is Way.PDF:
            self._check_size(file)
            try:
                text = await self._opener.pdf(file.content)
            except FileRefusedError as error:
                raise self._refused(error, file) from error
        if text is not None:
            text = self._fitting(text, file, left)
        return Material(file.name, kind.what, text, kind.lack)

    def _fitting(self, text: str, file: Attachment, left: int) -> str:
        """Return the text, if there is room for it after those before it."""
        if len(text) > left:
            raise UserError(_too_long(file, self._limits.max_characters))
        return text

    def _check_size(self, file: Attachment) -> None:
        if file.size_bytes > self._limits.max_bytes:
            raise UserError(_too_large(file, self._limits.max_bytes))

    def _refused(self, error: FileRefusedError, file: Attachment) -> UserError:
        logger.info("file not read", reason=error.category)
        return UserError(refusal_text(error, _name(file)))


def _refuse_nothing(
    text: str, materials: list[Material], files: tuple[Attachment, ...]
) -> None:
    """Say so where all that came is something that nothing can be done with."""
    is_something = text.strip() or any(
        one.text is not None or one.what == "picture" for one in materials
    )
    if is_something:
        return
    if any(type_of(file).way is Way.AUDIO for file in files):
        raise UserError(T("I cannot listen to recordings here. Please write it to me."))
    raise UserError(
        T(
            "I cannot read “{name}”. I can read text, code and PDF files; tell me in "
            "words what it is about.",
            name=_name(files[0]),
        )
    )


def _name(file: Attachment) -> str:
    return " ".join(file.name.split())[:NAME_CHARS]


def _too_many(limit: int) -> Text:
    if not limit:
        return T("I take no files here. Please write it to me.")
    return Tn(
        "Those are too many files for me: I take {n} at a time. Please send fewer.",
        "Those are too many files for me: I take {n} at a time. Please send fewer.",
        limit,
    )


def _too_large(file: Attachment, limit: int) -> Text:
    return T(
        "“{name}” is too large for me: I can take {megabytes} MB. Please send a "
        "smaller one.",
        name=_name(file),
        megabytes=round(limit / 1_000_000, 1),
    )


def _too_long(file: Attachment, limit: int) -> Text:
    return refusal_text(FileRefusedError("long", limit=limit), _name(file))
