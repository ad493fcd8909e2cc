"""Builds the guard that the settings want."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.clock import SystemClock
from bot.config import ChatModelConfig, Config
from bot.generation.engine import Engine
from bot.generation.requests import ModelSpec
from bot.models.choose import resolve
from bot.models.machine import Machine, inspect_machine
from bot.safety.classifier import TextClassifier
from bot.safety.combined import CombinedClassifier
from bot.safety.filter import Filter
from bot.safety.filters import FilterParts, build_filters
from bot.safety.generative_guard import GenerativeGuard
from bot.safety.guard_styles import find_style
from bot.setup import Setup

__all__ = [
    "GUARD",
    "find_guard",
    "open_classifier",
    "open_filters",
    "open_guard",
    "persona_prompts",
]

GUARD = "guard"
"""The name of the bigger guard in the engine."""

CONTEXT_TOKENS = 2048
STARTER = "starter"


def find_guard(
    config: Config, machine: Machine, models_folder: Path
) -> ModelSpec | None:
    """Return the bigger guard of the settings; None: the starter judges alone.

    Raises:
        MissingError: it is not on this machine.
        ConfigError: the settings do not say enough.
    """
    guard = config.models.guard
    if guard.model == STARTER:
        return None
    find_style(guard.model, guard.style)  # said at the start, not at the first message
    chat = ChatModelConfig(
        model=guard.model,
        backend=guard.backend,
        context_tokens=CONTEXT_TOKENS,
        base_url=guard.base_url,
        api_key_env=guard.api_key_env,
    )
    spec = resolve(
        chat,
        guard.model,
        machine=machine,
        cache_folder=models_folder,
        engine_config=config.engine,
    )
    return replace(spec, name=GUARD)


@asynccontextmanager
async def open_guard(
    setup: Setup, engine: Engine | None, *, instead: TextClassifier | None = None
) -> AsyncIterator[TextClassifier]:
    """Open the starter guard, with the bigger one of the engine where there is one.

    `instead` stands in for both.

    Raises:
        MissingError: the weights or a package are not here.
        ConfigError: the weights are damaged.
    """
    if instead is not None:
        yield instead
        return
    from bot.safety.hearthguard import HearthGuard  # numpy and onnxruntime

    starter = await asyncio.to_thread(HearthGuard.open)
    try:
        guard = setup.config.models.guard
        if engine is None or guard.model == STARTER:
            yield starter
            return
        await engine.load(GUARD)  # else the first message would wait past its deadline
        bigger = GenerativeGuard(
            engine,
            model=GUARD,
            style=find_style(guard.model, guard.style),
            deadline_s=guard.deadline_s,
            name=guard.model,
        )
        yield CombinedClassifier([starter, bigger])
    finally:
        starter.close()


@asynccontextmanager
async def open_classifier(setup: Setup) -> AsyncIterator[TextClassifier]:
    """Open the guard of the settings without the rest of the bot."""
    machine = inspect_machine()
    spec = find_guard(setup.config, machine, setup.models_folder)
    async with AsyncExitStack() as stack:
        engine: Engine | None = None
        if spec is not None:
            engine = await stack.enter_async_context(
                Engine(
                    {GUARD: spec},
                    max_parallel=spec.max_parallel,
                    max_waiting=10_000,
                    memory_bytes=None,
                    clock=SystemClock(),
                )
            )
        yield await stack.enter_async_context(open_guard(setup, engine))


@asynccontextmanager
async def open_filters(setup: Setup) -> AsyncIterator[tuple[Filter, ...]]:
    """Open the filters of the settings without the rest of the bot."""
    async with open_classifier(setup) as guard:
        yield build_filters(
            FilterParts(
                config=setup.config.safety,
                clock=SystemClock(),
                guard=guard,
                prompts=persona_prompts(setup),
            )
        )


def persona_prompts(setup: Setup) -> tuple[str, ...]:
    """Return what models are told they are, one prompt a persona."""
    name = setup.config.bot.name
    return tuple(
        persona.prompt.replace("{name}", name)
        for persona in setup.config.personas.values()
    )
