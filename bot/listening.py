"""Listens to recordings: opened in a process of its own, written down by the engine."""

import uuid

from bot.config_models import TranscriptModelConfig
from bot.files.opener import FileOpener
from bot.generation.engine import Engine
from bot.generation.requests import (
    GenerationRequest,
    Kind,
    Owner,
    Transcript,
    TranscriptParams,
    TranscriptPayload,
)

__all__ = ["Listener"]


class Listener:
    """Writes down what is said. What it writes is not judged yet."""

    def __init__(
        self, engine: Engine, opener: FileOpener, config: TranscriptModelConfig
    ) -> None:
        self._engine = engine
        self._opener = opener
        self._config = config

    async def listen(self, content: bytes, owner: Owner) -> Transcript:
        """Return what is said in a recording.

        Raises:
            FileRefusedError: it is too long or cannot be opened.
            GenerationError, MissingError: the model could not do it.
        """
        sound = await self._opener.recording(content)
        ticket = self._engine.submit(
            GenerationRequest(
                id=uuid.uuid4().hex[:12],
                model=Kind.TRANSCRIPT.value,
                payload=TranscriptPayload(sound),
                params=TranscriptParams(self._config.language or None),
                owner=owner,
                deadline_s=self._config.deadline_s,
            )
        )
        try:
            return await ticket.transcript()
        finally:
            ticket.cancel()
