"""The commands that begin a request in a worker, one for each kind."""

from typing import ClassVar

import msgspec

from bot.generation.requests import (
    ImageParams,
    ImagePayload,
    Kind,
    SpeechParams,
    SpeechPayload,
    TextParams,
    TextPayload,
    TranscriptParams,
    TranscriptPayload,
)

__all__ = ["Begin", "Draw", "Listen", "Speak", "Start"]


class Begin(msgspec.Struct, frozen=True, tag=True):
    """Make a text; loads the model if needed. Answers: Chunk …, Ended or Failed."""

    kind: ClassVar[Kind] = Kind.TEXT

    id: str
    model: str
    payload: TextPayload
    params: TextParams


class Listen(msgspec.Struct, frozen=True, tag=True):
    """Write down what is said. Answers: Made and Ended, or Failed."""

    kind: ClassVar[Kind] = Kind.TRANSCRIPT

    id: str
    model: str
    payload: TranscriptPayload
    params: TranscriptParams


class Speak(msgspec.Struct, frozen=True, tag=True):
    """Speak a text. Answers: Made and Ended, or Failed."""

    kind: ClassVar[Kind] = Kind.SPEECH

    id: str
    model: str
    payload: SpeechPayload
    params: SpeechParams


class Draw(msgspec.Struct, frozen=True, tag=True):
    """Draw a picture. Answers: Stepped …, Made and Ended, or Failed."""

    kind: ClassVar[Kind] = Kind.IMAGE

    id: str
    model: str
    payload: ImagePayload
    params: ImageParams


Start = Begin | Listen | Speak | Draw
