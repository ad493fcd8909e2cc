"""Piper: speaks a text. An optional package under the GPL, used only if it is here."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.errors import BackendError
from bot.extras import require_package
from bot.generation.one_by_one import OneByOneBackend
from bot.generation.requests import (
    Kind,
    ModelSpec,
    Result,
    Sound,
    SpeechParams,
    SpeechPayload,
)
from bot.words import T

if TYPE_CHECKING:
    from piper import PiperVoice

__all__ = ["PiperBackend"]

_RAW_PHONEMES = re.compile(r"\[(?=\[)|\](?=\])")
"""Piper reads [[…]] as sounds: whatever is said there was never judged as a text."""


class PiperBackend(OneByOneBackend[SpeechPayload, SpeechParams]):
    """Runs an .onnx file with its .onnx.json beside it, or a folder that has one."""

    kind = Kind.SPEECH
    can_seed = False

    def __init__(self, spec: ModelSpec) -> None:
        self._voice = _load(spec)
        super().__init__("piper")

    @override
    def make(
        self, payload: SpeechPayload, params: SpeechParams
    ) -> Iterator[Result | None]:
        from piper import SynthesisConfig

        how = SynthesisConfig(
            length_scale=self._voice.config.length_scale / params.speed
        )
        samples = bytearray()
        text = _RAW_PHONEMES.sub("", payload.text)
        for chunk in self._voice.synthesize(text, how):  # one sentence each
            samples += chunk.audio_int16_bytes
            yield None
        if not samples:
            raise BackendError(T("There is nothing in it that can be spoken."))
        yield Sound(self._voice.config.sample_rate, bytes(samples))


def _load(spec: ModelSpec) -> "PiperVoice":
    require_package("piper", extra="speaking")
    from piper import PiperVoice

    path = Path(spec.location)
    found = sorted(path.glob("*.onnx")) if path.is_dir() else [path]
    try:
        return PiperVoice.load(found[0])
    except Exception as error:  # onnxruntime has a class for each kind of damage
        raise BackendError(
            T(
                "“{location}” is not a Piper voice: an .onnx file with its .onnx.json "
                "beside it. Correct model in [models.speech].",
                location=spec.location,
            )
        ) from error
