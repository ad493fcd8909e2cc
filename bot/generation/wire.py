"""What the bot and a worker say to each other.

A frame is a length (4 bytes, big endian) and a msgpack list of commands or of events;
what happened close together travels in one frame.
"""

import struct
from collections.abc import Sequence

import msgspec

from bot.errors import (
    BackendError,
    CannotStartError,
    DeadlineError,
    GenerationError,
    HearthbotError,
    MissingError,
    OutOfMemoryError,
    OverloadedError,
)
from bot.generation.requests import (
    Drawing,
    Finished,
    ModelSpec,
    Progress,
    Result,
    Sound,
    Transcript,
)
from bot.generation.wire_starts import Begin, Draw, Listen, Speak, Start
from bot.generation.wire_text import WireText, encodable, packed, unpacked

__all__ = [
    "HEADER_BYTES",
    "Beat",
    "Begin",
    "Cancel",
    "Chunk",
    "Command",
    "Configure",
    "Count",
    "Counted",
    "Draw",
    "Ended",
    "Event",
    "Failed",
    "Listen",
    "Load",
    "Loaded",
    "Loading",
    "Made",
    "Ping",
    "Ready",
    "Speak",
    "Start",
    "Stepped",
    "Unloaded",
    "decode_commands",
    "decode_events",
    "encodable",
    "encode_frame",
    "failure",
    "frame_size",
]

HEADER_BYTES = 4
MAX_FRAME_BYTES = 256 * 1024 * 1024
"""A longer frame means that the two sides have lost step."""


class Configure(msgspec.Struct, frozen=True, tag=True):
    """First of all: the models there are, and the memory they may take together."""

    models: tuple[ModelSpec, ...]
    memory_bytes: int | None = None


class Cancel(msgspec.Struct, frozen=True, tag=True):
    """Stop a request. Its Ended still comes."""

    id: str


class Count(msgspec.Struct, frozen=True, tag=True):
    """Count tokens. Answers: Counted or Failed."""

    id: str
    model: str
    texts: tuple[str, ...]


class Load(msgspec.Struct, frozen=True, tag=True):
    """Load a model. Answers: Loaded and Counted (of nothing), or Failed."""

    id: str
    model: str


class Ping(msgspec.Struct, frozen=True, tag=True):
    """Show that you live. Answer: Beat."""


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The worker has read its configuration."""

    pid: int


class Loading(msgspec.Struct, frozen=True, tag=True):
    """A model is being loaded: the worker may not answer until that is done."""

    model: str


class Loaded(msgspec.Struct, frozen=True, tag=True):
    """A model can be used, and takes so much memory."""

    model: str
    memory_bytes: int
    max_parallel: int
    context_tokens: int


class Unloaded(msgspec.Struct, frozen=True, tag=True):
    """A model was put out, or could not be loaded."""

    model: str


class Chunk(msgspec.Struct, frozen=True, tag=True):
    """The next piece of a text."""

    id: str
    text: str

    @property
    def piece(self) -> str:
        """What comes out of the request."""
        return self.text


class Made(msgspec.Struct, frozen=True, tag=True):
    """What a request that is no text has come to: one of the three."""

    id: str
    transcript: Transcript | None = None
    sound: Sound | None = None
    drawing: Drawing | None = None

    @property
    def piece(self) -> Result:
        """What comes out of the request."""
        result = self.transcript or self.sound or self.drawing
        if result is None:
            raise ValueError("nothing was made")
        return result


class Stepped(msgspec.Struct, frozen=True, tag=True):
    """How far a request is; only the last one of a frame is sent."""

    id: str
    progress: Progress

    @property
    def piece(self) -> Progress:
        """What comes out of the request."""
        return self.progress


class Ended(msgspec.Struct, frozen=True, tag=True):
    """A request is complete."""

    id: str
    finished: Finished


class Counted(msgspec.Struct, frozen=True, tag=True):
    """How many tokens each text has."""

    id: str
    counts: tuple[int, ...] = ()


class Failed(msgspec.Struct, frozen=True, tag=True):
    """A request, a count or a load went wrong: the class of the error and its text."""

    id: str
    error: str
    text: WireText

    def exception(self) -> HearthbotError:
        """Return the error as it was raised in the worker."""
        return _ERRORS.get(self.error, BackendError)(unpacked(self.text))


class Beat(msgspec.Struct, frozen=True, tag=True):
    """The worker lives, and its process takes so much memory."""

    rss_bytes: int


Command = Configure | Start | Cancel | Count | Load | Ping
_Model = Ready | Loading | Loaded | Unloaded
Event = _Model | Chunk | Stepped | Made | Ended | Counted | Failed | Beat

_ERRORS: dict[str, type[HearthbotError]] = {
    cls.__name__: cls
    for cls in (
        BackendError,
        CannotStartError,
        DeadlineError,
        GenerationError,
        MissingError,
        OutOfMemoryError,
        OverloadedError,
    )
}
_COMMANDS = msgspec.msgpack.Decoder(list[Command])
_EVENTS = msgspec.msgpack.Decoder(list[Event])
_ENCODER = msgspec.msgpack.Encoder()


def failure(id: str, error: HearthbotError) -> Failed:
    """Return the event that carries an error."""
    return Failed(id, type(error).__name__, packed(error.text))


def encode_frame(messages: Sequence[Command] | Sequence[Event]) -> bytes:
    """Return the bytes of one frame."""
    body = _ENCODER.encode(messages)
    return struct.pack(">I", len(body)) + body


def frame_size(header: bytes) -> int:
    """Return how many bytes follow a header.

    Raises:
        ValueError: no frame is that long.
    """
    size = int(struct.unpack(">I", header)[0])
    if size > MAX_FRAME_BYTES:
        raise ValueError(f"a frame of {size} bytes")
    return size


def decode_commands(body: bytes) -> list[Command]:
    """Read what the bot wants. Raises msgspec.DecodeError."""
    return _COMMANDS.decode(body)


def decode_events(body: bytes) -> list[Event]:
    """Read what a worker says. Raises msgspec.DecodeError."""
    return _EVENTS.decode(body)
