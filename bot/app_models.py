"""The part of the composition root that finds models and builds their engine."""

from collections.abc import Mapping

from bot.generation.engine import Engine
from bot.generation.requests import ModelSpec
from bot.metrics import Metrics
from bot.models.choose import resolve
from bot.models.choose_image import resolve_image
from bot.models.choose_sound import resolve_sounds
from bot.models.machine import Machine
from bot.setup import Setup

__all__ = ["build_engine", "find_models"]


def find_models(setup: Setup, machine: Machine) -> dict[str, ModelSpec]:
    """Return the models of the settings, the default first.

    Raises:
        MissingError: one is not on this machine.
        ConfigError: the settings do not say enough.
    """
    chat = setup.config.models.chat
    return {
        name: resolve(
            chat,
            name,
            machine=machine,
            cache_folder=setup.models_folder,
            engine_config=setup.config.engine,
        )
        for name in dict.fromkeys((chat.model, *chat.allowed))
    }


def build_engine(
    setup: Setup,
    models: Mapping[str, ModelSpec],
    guard: ModelSpec | None,
    machine: Machine,
    metrics: Metrics,
) -> Engine:
    """Build the engine for all models of the settings, and the bigger guard.

    Raises:
        MissingError: a model that listens, speaks or draws is not on this machine.
        ConfigError: the settings name one that there is not.
    """
    config = setup.config.engine
    device_bytes = machine.gpu_bytes if machine.has_cuda else machine.memory_bytes
    # An answer keeps its place while its sentences wait for the guard, so the guard
    # has places of its own; so do those that do not share a batch with texts.
    sounds = resolve_sounds(setup.config.models, setup.models_folder).values()
    image = resolve_image(
        setup.config.models.image, setup.models_folder, machine=machine
    )
    others = [*sounds, *(spec for spec in (image, guard) if spec is not None)]
    names = {spec.name: spec for spec in others}
    return Engine(
        {**models, **names},
        max_parallel=config.max_parallel + sum(spec.max_parallel for spec in others),
        max_waiting=config.max_waiting,
        memory_bytes=round(device_bytes * config.memory_share),
        clock=metrics.clock,
        metrics=metrics,
    )
