"""The composition root: the only place that builds things.

`open_app` builds the parts in the order in which they need each other and takes them
down in the opposite one. Terminal commands differ only in the platforms they ask for.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from bot.adapter import Adapter
from bot.admission import Admission
from bot.answering import Answering
from bot.app_adapters import ADAPTERS, BuildAdapter
from bot.app_cases import build_casework
from bot.app_commands import build_commands
from bot.app_content import build_content
from bot.app_memory import MemoryParts, build_memory
from bot.app_models import build_engine, find_models
from bot.app_parts import App, Core
from bot.app_people import build_people, build_registry, build_resting
from bot.app_safety import (
    Judges,
    SafetyPath,
    build_retention,
    build_safety,
    open_judges,
)
from bot.app_senses import Senses, open_senses
from bot.auditing import record_config
from bot.clock import Clock, SystemClock
from bot.commands.dispatcher import Dispatcher
from bot.feedback import Feedback
from bot.generation.engine import Engine
from bot.generation.requests import ModelSpec
from bot.guarding import find_guard
from bot.health import Health, LoopLag
from bot.meaning.meanings import Meanings
from bot.meaning.opening import open_meanings
from bot.metrics import Metrics
from bot.models.machine import Machine, inspect_machine
from bot.preferences import Preferences
from bot.responder import Responder
from bot.resting import Resting
from bot.safety.classifier import TextClassifier
from bot.scrape import Scrape
from bot.setup import Setup
from bot.store.audit import AuditRepository
from bot.store.copies import copies_folder
from bot.store.feedback import FeedbackRepository
from bot.store.seal_task import SealTask
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.tallies import TallyRepository
from bot.store.traces import TraceRepository
from bot.store.turns import TurnRepository
from bot.tasks import Tasks
from bot.watch import Watch, disk_concern, model_concern, overdue_concern
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
    setup, engine, words = senses.setup, senses.engine, senses.setup.words
    adapters, tasks = dict[str, Adapter](), Tasks()
    preferences = Preferences(setup.config, SettingsRepository(store), words)
    safety = build_safety(setup, store, judges, metrics, adapters, preferences)
    resting = build_resting(setup, store, preferences)
    memory = build_memory(store, safety, adapters, senses, meanings, preferences)
    answering = _answering(store, models, memory, preferences, resting, safety, senses)
    people = build_people(
        setup, store, safety, adapters, preferences, tasks, memory.people.identities
    )
    content = build_content(store, safety, adapters, senses, meanings, resting.pauses)
    core = Core(
        store=store,
        adapters=adapters,
        answering=answering,
        casework=build_casework(store, safety, adapters, preferences, words, tasks),
        content=content,
        memory=memory,
        people=people,
        preferences=preferences,
        safety=safety,
        senses=senses,
        tasks=tasks,
    )
    commands = build_commands(core, lag, resting.pauses)
    registry = build_registry(commands, store, resting, people, words)
    dispatcher = Dispatcher(registry, preferences=preferences, words=words)
    return App(
        setup=setup,
        clock=store.clock,
        lag=lag,
        store=store,
        engine=engine,
        registry=registry,
        dispatcher=dispatcher,
        responder=_responder(core, dispatcher),
        tasks=tasks,
        content=content,
        people=people,
        casework=core.casework,
        drawer=senses.drawer(store, safety),
        preferences=preferences,
        moderators=safety.moderators,
        health=_health(setup, lag, engine, safety),
        scrape=_scrape(metrics, store, engine, lag, safety, adapters),
        safety=safety,
        metrics=metrics,
        machine=machine,
        adapters=adapters,
    )


def _responder(core: Core, dispatcher: Dispatcher) -> Responder:
    store, casework = core.store, core.casework
    return Responder(
        adapters=core.adapters,
        answering=core.answering,
        admission=_admission(core),
        dispatcher=dispatcher,
        door=core.people.door,
        preferences=core.preferences,
        turns=TurnRepository(store),
        cases=casework.desk,
        lookout=casework.lookout,
        feedback=Feedback(
            FeedbackRepository(store), core.tasks, on_votes=PollAnswers(store).count
        ),
        offers=core.memory.offers,
        words=core.senses.setup.words,
        tasks=core.tasks,
    )


def _admission(core: Core) -> Admission:
    safety = core.safety
    return Admission(
        adapters=core.adapters,
        appeals=safety.appeals,
        chain=safety.chain,
        judgements=safety.judgements,
        lookout=core.casework.lookout,
        preferences=core.preferences,
        reader=core.senses.reader,
        refuser=safety.refuser,
        tasks=core.tasks,
        turns=TurnRepository(core.store),
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


def _answering(
    store: Store,
    models: Mapping[str, ModelSpec],
    memory: MemoryParts,
    preferences: Preferences,
    resting: Resting,
    safety: SafetyPath,
    senses: Senses,
) -> Answering:
    setup = senses.setup
    return Answering(
        engine=senses.engine,
        history=memory.history,
        recall=memory.recall,
        chain=safety.chain,
        preferences=preferences,
        refuser=safety.refuser,
        resting=resting,
        turns=TurnRepository(store),
        judgements=safety.judgements,
        traces=TraceRepository(store),
        words=setup.words,
        clock=store.clock,
        sampling=setup.config.models.chat,
        context_tokens={name: spec.context_tokens for name, spec in models.items()},
        deadline_s=setup.config.engine.chat_deadline_s,
    )
