"""From [models.image] to a model that can be loaded."""

import re
from pathlib import Path

from bot.config_models import ImageModelConfig
from bot.errors import ConfigError
from bot.extras import require_package
from bot.generation.requests import Kind, ModelSpec
from bot.models.choose import fetched
from bot.models.entry import SoundEntry
from bot.models.sounds import ALL_MODELS
from bot.words import T

__all__ = ["resolve_image", "wanted_image"]

STARTER = "starter"
STARTER_ENTRY = "starter-image"
BACKEND = "diffusers"
PACKAGES = ("diffusers", "torch")
EXTRA = "pictures"
"""What brings these packages."""
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
UNPACKED_SHARE = 1.2
"""What a model takes in memory, as a share of its weights on the disk."""


def wanted_image(config: ImageModelConfig) -> SoundEntry | None:
    """Return the model of the catalogue that the settings want; None: they want none.

    What draws is described as what speaks is: by its kind, and what it takes.
    """
    return None if config.backend == "fake" else _entry(config.model)


def resolve_image(config: ImageModelConfig, models_folder: Path) -> ModelSpec | None:
    """Return the model that draws, named as its kind is; None: there is to be none.

    Looks at the disk only; nothing is fetched here. Steps, size and guidance are not in
    it: they are said with each request.

    Raises:
        ConfigError: there is no such model.
        MissingError: the model or a package is not here; says how to get it.
    """
    if not config.model:
        return None
    name = Kind.IMAGE.value
    if config.backend == "fake":
        return ModelSpec(name, f"fake-{name}", config.model, max_parallel=1)
    entry = _entry(config.model)
    location = fetched(entry, models_folder) if entry else _named(config.model)
    for package in PACKAGES:
        require_package(package, extra=EXTRA)
    return ModelSpec(
        name,
        entry.backend if entry else BACKEND,
        location,
        max_parallel=1,
        memory_bytes=entry.memory_bytes if entry else _size_on_disk(Path(location)),
        options=(("device", config.device),),
    )


def _entry(model: str) -> SoundEntry | None:
    entry = ALL_MODELS.get(STARTER_ENTRY if model == STARTER else model)
    if isinstance(entry, SoundEntry) and entry.kind is Kind.IMAGE:
        return entry
    return None


def _named(model: str) -> str:
    path = Path(model).expanduser()
    if path.exists():
        return str(path)
    if HUB_ID.fullmatch(model):
        return model
    raise ConfigError(
        T(
            "[models.image] There is no model “{model}”. Write where the model lies, "
            "or its hub id.",
            model=model,
        )
    )


def _size_on_disk(location: Path) -> int:
    """Return about what a model takes in memory; 0 where that is not known."""
    files = location.rglob("*.safetensors") if location.is_dir() else ()
    weights = sum(file.stat().st_size for file in files)
    return round(weights * UNPACKED_SHARE)
