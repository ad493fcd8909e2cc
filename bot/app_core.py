"""The part of the composition root that builds what answers people."""

from collections.abc import Mapping

from bot.adapter import Adapter
from bot.admission import Admission
from bot.answer_record import AnswerRecord
from bot.answering import Answering
from bot.app_cases import build_casework
from bot.app_content import build_content
from bot.app_members import Members, build_members
from bot.app_memory import MemoryParts, build_memory
from bot.app_parts import Core
from bot.app_people import build_people
from bot.app_safety import Judges, SafetyPath, build_resting, build_safety
from bot.app_senses import Senses
from bot.avatars import Avatars
from bot.commands.dispatcher import Dispatcher
from bot.feedback import Feedback
from bot.generation.requests import ModelSpec
from bot.meaning.meanings import Meanings
from bot.metrics import Metrics
from bot.preferences import Preferences
from bot.responder import Responder
from bot.resting import Resting
from bot.store.avatars import AvatarRepository
from bot.store.feedback import FeedbackRepository
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.traces import TraceRepository
from bot.store.turns import TurnRepository
from bot.tasks import Tasks
from content.poll_answers import PollAnswers

__all__ = ["build_core", "build_responder"]


def build_core(
    metrics: Metrics,
    store: Store,
    models: Mapping[str, ModelSpec],
    judges: Judges,
    senses: Senses,
    meanings: Meanings,
) -> Core:
    """Build it in the order in which its parts need each other."""
    setup, words = senses.setup, senses.setup.words
    adapters, tasks = dict[str, Adapter](), Tasks()
    preferences = Preferences(setup.config, SettingsRepository(store), words)
    safety = build_safety(setup, store, judges, metrics, adapters, preferences)
    resting = build_resting(setup, store, preferences)
    memory = build_memory(store, safety, adapters, senses, meanings, preferences)
    members = build_members(setup, store, preferences)
    answering = _answering(
        store, models, memory, preferences, resting, members, safety, senses
    )
    people = build_people(
        setup, store, safety, adapters, preferences, tasks, memory.linked
    )
    drawer = senses.drawer(store, safety)
    content = build_content(
        store, safety, adapters, senses, meanings, resting.pauses, drawer
    )
    casework = build_casework(store, safety, adapters, preferences, words, tasks)
    avatars = Avatars(
        AvatarRepository(store),
        preferences,
        resting.pauses,
        drawer=drawer,
        tasks=tasks,
        clock=store.clock,
    )
    return Core(
        store=store,
        adapters=adapters,
        answering=answering,
        avatars=avatars,
        casework=casework,
        content=content,
        drawer=drawer,
        members=members,
        memory=memory,
        people=people,
        preferences=preferences,
        resting=resting,
        safety=safety,
        senses=senses,
        tasks=tasks,
    )


def build_responder(core: Core, dispatcher: Dispatcher) -> Responder:
    """Build what takes in what happens on the platforms."""
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
        keeping=core.members.keeping,
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


def _answering(
    store: Store,
    models: Mapping[str, ModelSpec],
    memory: MemoryParts,
    preferences: Preferences,
    resting: Resting,
    members: Members,
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
        keeping=members.keeping,
        first_contact=members.first_contact,
        record=AnswerRecord(
            TurnRepository(store),
            safety.judgements,
            TraceRepository(store),
            store.clock,
        ),
        words=setup.words,
        clock=store.clock,
        sampling=setup.config.models.chat,
        context_tokens={name: spec.context_tokens for name, spec in models.items()},
        deadline_s=setup.config.engine.chat_deadline_s,
    )
