"""Whisper, through faster-whisper: writes down what is said.

On a GPU that CTranslate2 can use in 16 bits, else on the processor in 8.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.errors import BackendError, MissingError, OutOfMemoryError
from bot.extras import require_package
from bot.generation.one_by_one import OneByOneBackend
from bot.generation.requests import (
    Kind,
    ModelSpec,
    Result,
    Transcript,
    TranscriptParams,
    TranscriptPayload,
)
from bot.words import T

if TYPE_CHECKING:
    from faster_whisper import WhisperModel  # type: ignore[import-untyped]

__all__ = ["SAMPLE_RATE_HZ", "WhisperBackend"]

SAMPLE_RATE_HZ = 16_000
"""What the model listens to."""


class WhisperBackend(OneByOneBackend[TranscriptPayload, TranscriptParams]):
    """Runs a folder or hub id with a Whisper model for CTranslate2.

    Options: `threads` (0: as CTranslate2 likes).
    """

    kind = Kind.TRANSCRIPT
    can_seed = False  # hard passages are tried again at random

    def __init__(self, spec: ModelSpec) -> None:
        self._model = _load(spec)
        self._languages = frozenset(self._model.supported_languages)
        super().__init__("whisper")

    @override
    def make(
        self, payload: TranscriptPayload, params: TranscriptParams
    ) -> Iterator[Result | None]:
        import numpy as np

        sound = payload.sound
        if sound.sample_rate_hz != SAMPLE_RATE_HZ:
            raise ValueError(f"the recording has {sound.sample_rate_hz} Hz")
        # (samples,) int16 -> float32 in [-1, 1], 16000 Hz
        audio = np.frombuffer(sound.samples, "<i2").astype(np.float32) / 32768
        language = (params.language or "").partition("-")[0].casefold()
        segments, about = self._model.transcribe(
            audio,
            language=language if language in self._languages else None,
            # Without speech the model would make some up.
            vad_filter=True,
            condition_on_previous_text=False,
        )
        texts: list[str] = []
        for segment in segments:  # the work is done here, half a minute at a time
            texts.append(segment.text.strip())
            yield None
        text = " ".join(part for part in texts if part)
        yield Transcript(text, str(about.language), sound.duration_s)


def _load(spec: ModelSpec) -> "WhisperModel":
    require_package("faster_whisper", extra="listening")
    import ctranslate2  # type: ignore[import-untyped]
    from faster_whisper import WhisperModel

    has_cuda = ctranslate2.get_cuda_device_count() > 0
    threads = int(dict(spec.options).get("threads", 0))
    try:
        return WhisperModel(
            spec.location,
            device="cuda" if has_cuda else "cpu",
            compute_type="float16" if has_cuda else "int8",
            cpu_threads=threads,
        )
    except Exception as error:  # CTranslate2 and the hub have one for each trouble
        if "out of memory" in str(error):
            raise OutOfMemoryError(
                T("The model {name} does not fit into memory.", name=spec.name)
            ) from error
        if not Path(spec.location).exists():
            raise MissingError(
                T(
                    "The model “{location}” that listens cannot be had from the hub. "
                    "Look at the network and at model in [models.transcript].",
                    location=spec.location,
                )
            ) from error
        raise BackendError(
            T(
                "“{location}” is not a Whisper model for CTranslate2. Correct model "
                "in [models.transcript].",
                location=spec.location,
            )
        ) from error
