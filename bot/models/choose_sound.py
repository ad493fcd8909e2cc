"""From [models.transcript] and [models.speech] to models that can be loaded."""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.config_models import (
    ModelsConfig,
    SpeechModelConfig,
    TranscriptModelConfig,
)
from bot.errors import ConfigError
from bot.extras import require_package
from bot.generation.requests import Kind, ModelSpec
from bot.models.choose import fetched
from bot.models.entry import SoundEntry
from bot.models.sounds import ALL_MODELS, SOUND_STARTERS
from bot.words import T

__all__ = ["resolve_sounds", "wanted_sounds"]

STARTER = "starter"
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
BACKENDS = {Kind.TRANSCRIPT: "whisper", Kind.SPEECH: "piper"}
PACKAGES = {
    Kind.TRANSCRIPT: ("faster_whisper", "av"),
    Kind.SPEECH: ("piper", "av"),
}
EXTRAS = {Kind.TRANSCRIPT: "listening", Kind.SPEECH: "speaking"}
"""What brings these packages."""

_Table = TranscriptModelConfig | SpeechModelConfig


def wanted_sounds(config: ModelsConfig) -> Iterator[SoundEntry]:
    """Yield the models of the catalogue that the settings want."""
    for kind, table in _tables(config):
        entry = _entry(kind, table.model)
        if entry is not None and table.backend != "fake":
            yield entry


def resolve_sounds(config: ModelsConfig, models_folder: Path) -> dict[Kind, ModelSpec]:
    """Return the models that listen and speak, named as their kind is.

    A kind that is switched off is not there. Looks at the disk only; nothing is fetched
    here.

    Raises:
        ConfigError: there is no such model.
        MissingError: the model or a package is not here; says how to get it.
    """
    return {
        kind: _resolved(kind, table.model, table.backend, models_folder)
        for kind, table in _tables(config)
    }


def _tables(config: ModelsConfig) -> Iterator[tuple[Kind, _Table]]:
    if config.transcript.model:
        yield Kind.TRANSCRIPT, config.transcript
    if config.speech.model:
        yield Kind.SPEECH, config.speech


def _resolved(kind: Kind, model: str, backend: str, models_folder: Path) -> ModelSpec:
    name = kind.value
    if backend == "fake":
        return ModelSpec(name, f"fake-{name}", model, max_parallel=1)
    entry = _entry(kind, model)
    runs = BACKENDS[kind]
    for package in PACKAGES[kind]:
        require_package(package, extra=EXTRAS[kind])
    location = fetched(entry, models_folder) if entry else _named(kind, model)
    memory_bytes = entry.memory_bytes if entry else _size_on_disk(Path(location))
    return ModelSpec(name, runs, location, max_parallel=1, memory_bytes=memory_bytes)


def _entry(kind: Kind, model: str) -> SoundEntry | None:
    if model == STARTER:
        return SOUND_STARTERS[kind]
    entry = ALL_MODELS.get(model)
    return entry if isinstance(entry, SoundEntry) and entry.kind is kind else None


def _named(kind: Kind, model: str) -> str:
    path = Path(model).expanduser()
    if path.exists():
        return str(path)
    if kind is Kind.TRANSCRIPT and HUB_ID.fullmatch(model):
        return model
    raise ConfigError(
        T(
            "[models.{table}] There is no model “{model}”. Write “starter”, or where "
            "the model lies.",
            table=kind.value,
            model=model,
        )
    )


def _size_on_disk(location: Path) -> int:
    """Return about what a model takes in memory; 0 where that is not known."""
    files = location.iterdir() if location.is_dir() else (location,)
    size = sum(file.stat().st_size for file in files if file.is_file())
    return round(size * 1.5)
