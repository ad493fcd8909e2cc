"""Models that neither listen nor speak: deterministic, instant, able to fail on demand.

The fake voice puts the text itself into the samples, and the fake listener finds it
there: what goes through both comes out as it was. Options of a ModelSpec:

    reply          what the listener always hears; else what the samples say, or words
                   made from them
    delay_s        seconds before each word (0)
    fail_on        a request with this in its text fails, and no other
    missing        true: loading finds no model
"""

import hashlib
import time
from collections.abc import Iterator

from typing_extensions import override

from bot.errors import BackendError, MissingError
from bot.generation.one_by_one import OneByOneBackend
from bot.generation.requests import (
    Kind,
    ModelSpec,
    Result,
    Sound,
    SpeechParams,
    SpeechPayload,
    Transcript,
    TranscriptParams,
    TranscriptPayload,
)
from bot.words import T

__all__ = ["FakeSpeechBackend", "FakeTranscriptBackend"]

SAMPLE_RATE_HZ = 16_000
SAMPLES_PER_WORD = 4_800  # 0.3 s
MARK = b"hearthbot says "
WORDS = ("bread", "river", "story", "lamp", "garden", "winter", "song", "stone")


class _Options:
    """What both have in common."""

    def __init__(self, spec: ModelSpec) -> None:
        options = dict(spec.options)
        if options.get("missing"):
            raise MissingError(T("The model {name} is not here.", name=spec.name))
        self.reply = str(options.get("reply", ""))
        self.delay_s = float(options.get("delay_s", 0))
        self.fail_on = str(options.get("fail_on", ""))

    def take_time(self, text: str) -> Iterator[None]:
        """Take as long as the text has words, or fail."""
        if self.fail_on and self.fail_on in text:
            raise BackendError(T("The model could not answer this."))
        for _ in text.split():
            time.sleep(self.delay_s)
            yield None


class FakeTranscriptBackend(OneByOneBackend[TranscriptPayload, TranscriptParams]):
    """Hears what the fake voice said; in other recordings, the same words each time."""

    kind = Kind.TRANSCRIPT

    def __init__(self, spec: ModelSpec) -> None:
        self._options = _Options(spec)
        super().__init__("fake listener")

    @override
    def make(
        self, payload: TranscriptPayload, params: TranscriptParams
    ) -> Iterator[Result | None]:
        text = self._options.reply or _heard(payload.sound.samples)
        yield from self._options.take_time(text)
        yield Transcript(text, params.language or "en", payload.sound.duration_s)


class FakeSpeechBackend(OneByOneBackend[SpeechPayload, SpeechParams]):
    """Says a text by writing it into the samples; the rest is silence."""

    kind = Kind.SPEECH

    def __init__(self, spec: ModelSpec) -> None:
        self._options = _Options(spec)
        super().__init__("fake voice")

    @override
    def make(
        self, payload: SpeechPayload, params: SpeechParams
    ) -> Iterator[Result | None]:
        text = payload.text.strip()
        yield from self._options.take_time(text)
        if not text:
            raise BackendError(T("There is nothing in it that can be spoken."))
        said = MARK + text.encode(errors="replace") + b"\0"
        size = round(2 * SAMPLES_PER_WORD * len(text.split()) / params.speed)
        least = len(said) + len(said) % 2
        yield Sound(SAMPLE_RATE_HZ, said.ljust(max(size + size % 2, least), b"\0"))


def _heard(samples: bytes) -> str:
    if samples.startswith(MARK):
        return samples[len(MARK) :].partition(b"\0")[0].decode()
    if not any(samples):
        return ""
    drawn = hashlib.blake2b(samples, digest_size=6).digest()
    return " ".join(WORDS[byte % len(WORDS)] for byte in drawn)
