"""Speaks texts: judged, spoken by the engine, packed as a voice message."""

import asyncio
import uuid
from dataclasses import dataclass, field, replace

from bot.config_models import SpeechModelConfig
from bot.errors import UserError
from bot.generation.engine import Engine
from bot.generation.requests import (
    GenerationRequest,
    Kind,
    Priority,
    SpeechParams,
    SpeechPayload,
)
from bot.messages import Attachment, Author, Channel
from bot.owner import owner_of
from bot.safety.filter import FilterChain, Judgement, Subject
from bot.safety.verdict import Stage
from bot.speakable import speakable
from bot.voice_note import opus_file
from bot.words import T, Text, Words

__all__ = ["Speaker", "Unspoken"]

FILE_NAME = "voice.ogg"
MEDIA_TYPE = "audio/ogg"


@dataclass(frozen=True, slots=True)
class Unspoken:
    """What was blocked before it was spoken: there is no sound of it."""

    subject: Subject = field(repr=False)
    judgement: Judgement


class Speaker:
    """Makes voice messages. Nothing is spoken that was not judged as it sounds."""

    def __init__(
        self,
        *,
        engine: Engine,
        chain: FilterChain,
        config: SpeechModelConfig,
        words: Words,
    ) -> None:
        self._engine = engine
        self._chain = chain
        self._config = config
        self._words = words

    async def speak(
        self, text: str, *, language: str, channel: Channel, author: Author
    ) -> Attachment | Unspoken:
        """Return a text as a voice message, or why it is not spoken.

        `language` is that of our own words in it: "a link to …".

        Raises:
            UserError: it is too long, or has nothing to speak.
            GenerationError, MissingError: the model could not do it.
        """
        self._check_length(text)
        subject = Subject(text, Stage.OUTPUT, channel, author)
        judgement = await self._chain.judge(subject)
        if judgement.is_blocked:
            return Unspoken(subject, judgement)

        def say(words: Text) -> str:
            return self._words.say(words, language)

        # Once more as it sounds: marks within a word may have hidden what it says.
        heard = replace(subject, text=speakable(judgement.text, say))
        judgement = await self._chain.judge(heard)
        if judgement.is_blocked:
            return Unspoken(heard, judgement)
        if not judgement.text.strip():
            raise UserError(T("There is nothing in it that can be spoken."))
        content = await self._sound(judgement.text, channel, author)
        return Attachment(FILE_NAME, MEDIA_TYPE, content, is_voice=True)

    def _check_length(self, text: str) -> None:
        limit = self._config.max_characters
        if len(text) > limit:
            raise UserError(
                T(
                    "That is too long for me to speak: I can take {limit} characters. "
                    "Please choose a part of it.",
                    limit=limit,
                )
            )

    async def _sound(self, text: str, channel: Channel, author: Author) -> bytes:
        ticket = self._engine.submit(
            GenerationRequest(
                id=uuid.uuid4().hex[:12],
                model=Kind.SPEECH.value,
                payload=SpeechPayload(text),
                params=SpeechParams(),
                owner=owner_of(channel, author),
                priority=Priority.COMMAND,
                deadline_s=self._config.deadline_s,
            )
        )
        try:
            sound = await ticket.sound()
        finally:
            ticket.cancel()
        return await asyncio.to_thread(opus_file, sound)
