"""What is asked of models that listen and speak, and what comes back."""

from dataclasses import dataclass, field

__all__ = [
    "Sound",
    "SpeechParams",
    "SpeechPayload",
    "Transcript",
    "TranscriptParams",
    "TranscriptPayload",
]


@dataclass(frozen=True, slots=True)
class Sound:
    """Samples of one channel: 16-bit signed integers, little endian."""

    sample_rate_hz: int
    samples: bytes = field(repr=False)

    @property
    def duration_s(self) -> float:
        """How long it sounds."""
        return len(self.samples) / 2 / self.sample_rate_hz


@dataclass(frozen=True, slots=True)
class TranscriptPayload:
    """A recording to listen to."""

    sound: Sound


@dataclass(frozen=True, slots=True)
class TranscriptParams:
    """How it is listened to. `language` is a tag such as "en"; None: guess it."""

    language: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is said in a recording.

    Attributes:
        text: "" where nothing is.
        language: in which it is, as a tag such as "en".
        duration_s: how long the recording is.
    """

    text: str = field(repr=False)
    language: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class SpeechPayload:
    """A text to speak, already judged."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SpeechParams:
    """How it is spoken. `speed` is 1 for the voice's own pace, 2 for twice as fast."""

    speed: float = 1.0
