"""Looking at what draws."""

from pathlib import Path

from bot.config_models import ImageModelConfig
from bot.doctor.check import Check, State
from bot.errors import HearthbotError
from bot.models.choose import not_bundled
from bot.models.choose_image import AUTO, resolve_image, settled
from bot.models.machine import Machine
from bot.models.pictures import PICTURE_STARTER
from bot.models.presence import Presence, check_model
from bot.words import T

__all__ = ["check_drawing"]

NAME = "drawing"
GB = 1e9


def check_drawing(
    config: ImageModelConfig, machine: Machine, models_folder: Path
) -> Check:
    """Look at the model that draws: there, whole, safe, and with what runs it."""
    try:
        spec = resolve_image(config, models_folder, machine=machine)
    except HearthbotError as error:
        return Check(NAME, State.FAIL, error.text)
    if spec is None:
        return _nothing(config)
    if config.device == "cuda" and not machine.has_cuda:
        return Check(
            NAME,
            State.FAIL,
            T("[models.image] wants CUDA, and there is none here"),
            T("Set device to “auto” or “cpu” in [models.image]"),
        )
    on_gpu = machine.has_cuda and config.device != "cpu"
    have = machine.gpu_bytes if on_gpu else machine.memory_bytes
    if have and spec.memory_bytes > have:
        return Check(
            NAME,
            State.FAIL,
            T(
                "“{model}” needs about {need} GB, and this machine has {have} GB",
                model=settled(config).model,
                need=f"{spec.memory_bytes / GB:.1f}",
                have=f"{have / GB:.1f}",
            ),
            T("Name a smaller model in [models.image]"),
        )
    if not Path(spec.location).exists() and spec.backend == "diffusers":
        return Check(
            NAME,
            State.WARN,
            T(
                "“{model}” comes from the hub when it is first needed",
                model=spec.location,
            ),
        )
    return Check(NAME, State.OK, T("draws through {backend}", backend=spec.backend))


def _nothing(config: ImageModelConfig) -> Check:
    """Say why nothing draws, where something would if it were here."""
    presence = check_model(PICTURE_STARTER, Path(), verify=False)
    if config.model == AUTO and presence is Presence.DAMAGED:
        return Check(NAME, State.WARN, not_bundled(PICTURE_STARTER.name))
    return Check(NAME, State.OK, _OFF)


_OFF = T(
    "The bot draws no pictures. If you want that: python -m pip install "
    "'hearthbot[pictures]', and a model in [models.image]"
)
