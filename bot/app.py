"""The composition root: the only place that builds things.

`open_app` builds the parts in the order in which they need each other and takes them
down in the opposite one. Terminal commands differ only in the platforms they ask for.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from bot.adapter import Adapter
from bot.answering import Answering
from bot.app_adapters import ADAPTERS, BuildAdapter
from bot.app_commands import build_commands
from bot.app_content import build_content
from bot.app_members import Members, build_members, build_retention
from bot.app_models import build_engine, find_models
from bot.app_parts import App
from bot.app_safety import (
    Judges,
    SafetyPath,
    build_resting,
    build_safety,
    open_judges,
)
from bot.app_senses import Senses, open_senses
from bot.auditing import CommandAudit, record_config
from bot.clock import Clock, SystemClock
from bot.commands.command import Command
from bot.commands.dispatcher import Dispatcher
from bot.commands.registry import Registry
from bot.feedback import Feedback
from bot.generation.engine import Engine
from bot.generation.requests import ModelSpec
from bot.guarding import find_guard
from bot.health import Health, LoopLag
from bot.history import History
from bot.meaning.meanings import Meanings
from bot.meaning.opening import open_meanings
from bot.metrics import Metrics
from bot.models.machine import inspect_machine
from bot.preferences import Preferences
from bot.responder import Responder
from bot.resting import Resting
from bot.safety.classifier import TextClassifier
from bot.scrape import Scrape
from bot.setup import Setup
from bot.store.audit import AuditRepository
from bot.store.copies import copies_folder
from bot.store.feedback import FeedbackRepository
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.tallies import TallyRepository
from bot.store.traces import TraceRepository
from bot.store.turns import TurnRepository
from bot.tasks import Tasks
from bot.watch import Watch, disk_concern, model_concern, overdue_concern
from bot.words import Words
from content.poll_answers import PollAnswers
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
    async with (
        LoopLag() as lag,
        Store.open(store_path, backups=backups, clock=clock) as store,
        build_engine(setup, models, guard_spec, machine, metrics) as engine,
        open_judges(setup, store, engine, guard=guard) as judges,
        open_senses(setup, engine) as senses,
        open_meanings(setup.config.models, setup.models_folder) as meanings,
    ):
        app = _build(lag, metrics, store, models, judges, senses, meanings)
        await record_config(AuditRepository(store), setup.config)
        async with (
            build_retention(setup, store),
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
    store: Store,
    models: Mapping[str, ModelSpec],
    judges: Judges,
    senses: Senses,
    meanings: Meanings,
) -> App:
    setup, engine, words = senses.setup, senses.engine, senses.setup.words
    adapters: dict[str, Adapter] = {}
    preferences = Preferences(setup.config, SettingsRepository(store), words)
    safety = build_safety(
        setup, store, judges, metrics, adapters=adapters, preferences=preferences
    )
    resting = build_resting(setup, store, preferences)
    members = build_members(setup, store, preferences)
    answering = _answering(senses, store, models, safety, preferences, resting, members)
    tasks, pauses = Tasks(), resting.pauses
    content = build_content(store, safety, adapters, senses, meanings, pauses)
    commands = build_commands(
        store,
        lag,
        adapters=adapters,
        answering=answering,
        content=content,
        members=members,
        pauses=pauses,
        preferences=preferences,
        safety=safety,
        senses=senses,
        tasks=tasks,
    )
    registry = _registry(commands, store, resting, words)
    dispatcher = Dispatcher(registry, preferences=preferences, words=words)
    return App(
        setup=setup,
        clock=store.clock,
        lag=lag,
        store=store,
        engine=engine,
        registry=registry,
        dispatcher=dispatcher,
        responder=_responder(
            store, adapters, answering, dispatcher, members, safety, senses, tasks
        ),
        tasks=tasks,
        content=content,
        drawer=senses.drawer(safety),
        preferences=preferences,
        moderators=safety.moderators,
        health=_health(setup, lag, engine, safety),
        scrape=_scrape(metrics, store, engine, lag, safety, adapters),
        adapters=adapters,
    )


def _responder(
    store: Store,
    adapters: Mapping[str, Adapter],
    answering: Answering,
    dispatcher: Dispatcher,
    members: Members,
    safety: SafetyPath,
    senses: Senses,
    tasks: Tasks,
) -> Responder:
    return Responder(
        adapters=adapters,
        answering=answering,
        chain=safety.chain,
        dispatcher=dispatcher,
        preferences=members.preferences,
        reader=senses.reader,
        refuser=safety.refuser,
        turns=TurnRepository(store),
        judgements=safety.judgements,
        appeals=safety.appeals,
        feedback=Feedback(
            FeedbackRepository(store), tasks, on_votes=PollAnswers(store).count
        ),
        keeping=members.keeping,
        words=senses.setup.words,
        tasks=tasks,
    )


def _registry(
    commands: Sequence[Command], store: Store, resting: Resting, words: Words
) -> Registry:
    record = CommandAudit(AuditRepository(store)).record
    return Registry(commands, words, admit=resting.admit, record=record)


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


def _answering(
    senses: Senses,
    store: Store,
    models: Mapping[str, ModelSpec],
    safety: SafetyPath,
    preferences: Preferences,
    resting: Resting,
    members: Members,
) -> Answering:
    setup, engine, turns = senses.setup, senses.engine, TurnRepository(store)
    return Answering(
        engine=engine,
        history=History(turns, engine.count_tokens),
        chain=safety.chain,
        preferences=preferences,
        refuser=safety.refuser,
        resting=resting,
        keeping=members.keeping,
        first_contact=members.first_contact,
        turns=turns,
        judgements=safety.judgements,
        traces=TraceRepository(store),
        words=setup.words,
        clock=store.clock,
        sampling=setup.config.models.chat,
        context_tokens={name: spec.context_tokens for name, spec in models.items()},
        deadline_s=setup.config.engine.chat_deadline_s,
    )
