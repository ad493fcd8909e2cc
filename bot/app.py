"""The composition root: the only place that builds things.

`open_app` builds the parts in the order in which they need each other and takes them
down in the opposite one. Terminal commands differ only in the platforms they ask for.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from bot.adapter import Adapter
from bot.app_adapters import ADAPTERS, BuildAdapter
from bot.app_commands import build_commands
from bot.app_core import build_core, build_responder
from bot.app_members import build_retention
from bot.app_models import build_engine, find_models
from bot.app_parts import App
from bot.app_people import build_registry
from bot.app_safety import (
    Judges,
    SafetyPath,
    open_judges,
)
from bot.app_senses import Senses, open_senses
from bot.auditing import record_config
from bot.clock import Clock, SystemClock
from bot.commands.dispatcher import Dispatcher
from bot.generation.engine import Engine
from bot.generation.requests import ModelSpec
from bot.guarding import find_guard
from bot.health import Health, LoopLag
from bot.meaning.meanings import Meanings
from bot.meaning.opening import open_meanings
from bot.metrics import Metrics
from bot.models.machine import Machine, inspect_machine
from bot.safety.classifier import TextClassifier
from bot.scrape import Scrape
from bot.setup import Setup
from bot.store.audit import AuditRepository
from bot.store.copies import copies_folder
from bot.store.seal_task import SealTask
from bot.store.store import Store
from bot.store.tallies import TallyRepository
from bot.watch import Watch, disk_concern, model_concern, overdue_concern
from content.posts import PostStatus

__all__ = ["ADAPTERS", "App", "BuildAdapter", "open_app"]


@asynccontextmanager
async def open_app(
    setup: Setup,
    platforms: Sequence[str],
    *,
    models: Mapping[str, ModelSpec] | None = None,
    adapters: Mapping[str, BuildAdapter] | None = None,
    guard: TextClassifier | None = None,
    clock: Clock | None = None,
    has_schedules: bool = False,
) -> AsyncIterator[App]:
    """Build the bot, connect it to the platforms, and take it down again on leaving.

    `models` and `guard` stand in for those of the settings, `adapters` for ADAPTERS.

    Raises:
        HearthbotError: it could not start; the text says why.
    """
    metrics = Metrics(clock := clock or SystemClock())
    store_path, backups = setup.store_path, setup.config.store.backups
    machine = await asyncio.to_thread(inspect_machine)
    models = models or find_models(setup, machine)
    guard_spec = (
        None if guard else find_guard(setup.config, machine, setup.models_folder)
    )
    sealer = setup.sealer()
    async with (
        LoopLag() as lag,
        Store.open(store_path, backups=backups, clock=clock, sealer=sealer) as store,
        build_engine(setup, models, guard_spec, machine, metrics) as engine,
        open_judges(setup, store, engine, guard=guard) as judges,
        open_senses(setup, engine) as senses,
        open_meanings(setup.config.models, setup.models_folder) as meanings,
    ):
        app = _build(lag, metrics, machine, store, models, judges, senses, meanings)
        await record_config(AuditRepository(store), setup.config)
        await app.people.bans.load()
        metrics.ledger = app.people.quotas
        async with (
            build_retention(setup, store),
            SealTask(store),
            app.tasks,
            AsyncExitStack() as connected,
        ):
            for name in platforms:
                adapter = (adapters or ADAPTERS)[name](app)
                app.adapters[name] = await connected.enter_async_context(adapter)
            app.health.add("platforms", lambda: len(app.adapters) == len(platforms))
            if has_schedules:
                await connected.enter_async_context(app.content)
                await connected.enter_async_context(_watch(app))
            yield app


def _build(
    lag: LoopLag,
    metrics: Metrics,
    machine: Machine,
    store: Store,
    models: Mapping[str, ModelSpec],
    judges: Judges,
    senses: Senses,
    meanings: Meanings,
) -> App:
    core = build_core(metrics, store, models, judges, senses, meanings)
    setup, engine, words = senses.setup, senses.engine, senses.setup.words
    preferences, safety = core.preferences, core.safety
    commands = build_commands(core, lag)
    registry = build_registry(
        commands, store, core.resting, core.people, words, core.adapters
    )
    dispatcher = Dispatcher(registry, preferences=preferences, words=words)
    return App(
        setup=setup,
        clock=store.clock,
        lag=lag,
        store=store,
        engine=engine,
        registry=registry,
        dispatcher=dispatcher,
        responder=build_responder(core, dispatcher),
        tasks=core.tasks,
        content=core.content,
        people=core.people,
        casework=core.casework,
        avatars=core.avatars,
        drawer=core.drawer,
        preferences=preferences,
        moderators=safety.moderators,
        health=_health(setup, lag, engine, safety),
        scrape=_scrape(metrics, store, engine, lag, safety, core.adapters),
        safety=safety,
        metrics=metrics,
        machine=machine,
        adapters=core.adapters,
    )


def _health(setup: Setup, lag: LoopLag, engine: Engine, safety: SafetyPath) -> Health:
    health = Health(lag.read)
    health.add("model", lambda: engine.is_loaded(setup.config.models.chat.model))
    health.add("filters", lambda: safety.alarm.is_quiet)
    return health


def _scrape(
    metrics: Metrics,
    store: Store,
    engine: Engine,
    lag: LoopLag,
    safety: SafetyPath,
    adapters: Mapping[str, Adapter],
) -> Scrape:
    return Scrape(
        metrics,
        TallyRepository(store),
        engine=engine.status,
        lag=lag.read,
        adapters=adapters,
        failing=lambda: safety.alarm.failing,
        statuses=tuple(PostStatus),
        clock=store.clock,
    )


def _watch(app: App) -> Watch:
    store, path = app.setup.config.store, app.store.path
    return Watch(
        (
            disk_concern(path.parent),
            model_concern(app.engine.status),
            overdue_concern(
                copies_folder(path), max_hours=store.backup_max_hours, clock=app.clock
            ),
        ),
        app.moderators.tell,
        clock=app.clock,
    )
