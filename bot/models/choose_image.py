"""From [models.image] to a model that can be loaded."""

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bot.config_models import ImageModelConfig
from bot.errors import ConfigError
from bot.extras import require_package
from bot.generation.requests import Kind, ModelSpec
from bot.models.choose import fetched
from bot.models.entry import SoundEntry
from bot.models.machine import Machine
from bot.models.pictures import PICTURE_MODELS, PICTURE_STARTER
from bot.models.pipeline_folder import PipelineFolder, read_pipeline
from bot.models.presence import Presence, check_model
from bot.words import T

__all__ = ["AUTO", "resolve_image", "settled", "wanted_image"]

AUTO, STARTER = "auto", "starter"
STARTER_SIDE_PX = 512
"""The starter draws small; so large its stickers are shown and sent."""
BACKEND = "diffusers"
PACKAGES = ("diffusers", "torch", "transformers")
EXTRA = "pictures"
"""What brings these packages."""
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
WORKING_SHARE = 1.2
"""What a model takes while it draws, as a share of its weights; not measured."""
RUNTIME_BYTES = 500_000_000
"""What torch and diffusers take themselves; seen on a CPU."""
MAX_PARALLEL = 4
SMALL_PARAMETERS = 300_000_000
"""Up to here a CPU too draws several at once in less time than one after another."""


def settled(
    config: ImageModelConfig, *, starter: SoundEntry = PICTURE_STARTER
) -> ImageModelConfig:
    """Return the settings with “auto” decided.

    It is the starter where that came with the bot, whole, and what runs it is here;
    else it is nothing.
    """
    if config.model != AUTO:
        return config
    is_here = all(find_spec(package) is not None for package in PACKAGES)
    is_whole = is_here and (
        check_model(starter, Path(), verify=False) is Presence.WHOLE
    )
    return config.model_copy(update={"model": STARTER if is_whole else ""})


def wanted_image(config: ImageModelConfig) -> SoundEntry | None:
    """Return the model of the catalogue that the settings want; None: they want none.

    What draws is described as what speaks is: by its kind, and what it takes.
    """
    return None if config.backend == "fake" else _entry(settled(config).model)


def resolve_image(
    config: ImageModelConfig,
    models_folder: Path,
    *,
    machine: Machine,
    starter: SoundEntry = PICTURE_STARTER,
) -> ModelSpec | None:
    """Return the model that draws, named as its kind is; None: there is to be none.

    Looks at the disk only; nothing is fetched here. Steps, size and guidance are not in
    it: they are said with each request.

    Raises:
        ConfigError: there is no such model.
        MissingError: the model or a package is not here; says how to get it.
    """
    config = settled(config, starter=starter)
    if not config.model:
        return None
    name = Kind.IMAGE.value
    if config.backend == "fake":
        return ModelSpec(name, f"fake-{name}", config.model, max_parallel=1)
    entry = _entry(config.model, starter)
    location = fetched(entry, models_folder) if entry else _named(config.model)
    for package in PACKAGES:
        require_package(package, extra=EXTRA)
    path = Path(location)
    found = read_pipeline(path) if path.is_dir() else None
    on_gpu = machine.has_cuda and config.device != "cpu"
    is_small = found is not None and found.parameters <= SMALL_PARAMETERS
    if found is None:
        need = _Need(entry.memory_bytes if entry else 0)
    else:
        need = _need(found, machine, on_gpu=on_gpu)
    return ModelSpec(
        name,
        entry.backend if entry else BACKEND,
        location,
        max_parallel=MAX_PARALLEL if on_gpu or is_small else 1,
        memory_bytes=need.memory_bytes,
        options=(
            ("device", config.device),
            *need.options,
            *((("upscale", STARTER_SIDE_PX),) if entry is starter else ()),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Need:
    """What a model will take, and the options with which it takes no more."""

    memory_bytes: int
    options: tuple[tuple[str, str | bool], ...] = ()


def _need(found: PipelineFolder, machine: Machine, *, on_gpu: bool) -> _Need:
    """Return what a model takes, in fewer bits or by parts where it is too large."""
    if on_gpu:
        whole = _working_bytes(found.parameters, 2)
        is_whole = not machine.gpu_bytes or whole <= machine.gpu_bytes
        parts = _working_bytes(found.largest_part, 2)
        return _Need(whole) if is_whole else _Need(parts, (("offload", True),))
    full = _working_bytes(found.parameters, 4)
    if full <= machine.memory_bytes:
        return _Need(full)
    return _Need(_working_bytes(found.parameters, 2), (("dtype", "bfloat16"),))


def _working_bytes(parameters: int, bytes_each: int) -> int:
    return RUNTIME_BYTES + round(parameters * bytes_each * WORKING_SHARE)


def _entry(model: str, starter: SoundEntry = PICTURE_STARTER) -> SoundEntry | None:
    if model in (STARTER, starter.name):
        return starter
    return PICTURE_MODELS.get(model)


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
