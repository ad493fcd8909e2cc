"""The part of the composition root that builds the commands."""

from bot.answer_desk import AnswerDesk
from bot.app_desk import build_desk_commands
from bot.app_parts import Core
from bot.app_pictures import PictureCommands
from bot.app_steering import steering_commands
from bot.commands.again import again_command, continue_command
from bot.commands.ask import ask_command
from bot.commands.audit import audit_command
from bot.commands.blocked import count_people
from bot.commands.command import Command
from bot.commands.moderators import moderators_command
from bot.commands.pause import panic_command, pause_command, resume_command
from bot.commands.rate import rate_command
from bot.commands.reset import reset_command
from bot.commands.status import status_command
from bot.commands.stop import stop_command
from bot.health import LoopLag
from bot.store.audit import AuditRepository
from bot.store.ratings import RatingRepository
from bot.store.turns import TurnRepository
from content.commands import COMMANDS
from content.explaining import explain_post

__all__ = ["build_commands"]


def build_commands(core: Core, lag: LoopLag) -> tuple[Command, ...]:
    """Return all commands, in the order in which help shows them."""
    store, adapters, answering = core.store, core.adapters, core.answering
    content, people, preferences = core.content, core.people, core.preferences
    safety, senses = core.safety, core.senses
    pauses = core.resting.pauses
    setup, engine = senses.setup, senses.engine
    words, turns = setup.words, TurnRepository(store)
    desk = _desk(core)
    pictures = PictureCommands(store, safety, adapters, core.drawer, words)
    commands = (
        ask_command(),
        status_command(
            engine.status, lag.worst_ms, words, pauses=pauses, zone=content.zone
        ),
        stop_command(answering.running),
        again_command(desk),
        continue_command(desk),
        rate_command(RatingRepository(store), turns),
        *core.casework.commands,
        reset_command(turns),
        *core.members.commands(store, answering.running),
        *core.memory.commands,
        *steering_commands(
            setup,
            store,
            safety,
            preferences,
            is_loaded=engine.is_loaded,
            avatars=core.avatars,
            tasks=core.tasks,
            more_blocked=(count_people(people.bans),),
        ),
        moderators_command(preferences, adapters),
        pause_command(pauses, store.clock, content.zone),
        resume_command(pauses),
        panic_command(pauses, answering.running.stop_all),
        audit_command(AuditRepository(store), words),
        *people.commands(lambda: {command.name: command for command in named}),
        *build_desk_commands(store, adapters, setup.config),
        *safety.commands(
            store,
            words,
            explanations=(explain_post(content), pictures.explanation),
            further=core.memory.explanation,
        ),
        *senses.commands(store, safety),
        *pictures.build(answering.running, content),
        *(build(content, words) for build in COMMANDS),
    )
    named = people.adapted(commands, setup.config.rights)
    return named


def _desk(core: Core) -> AnswerDesk:
    store = core.store
    return AnswerDesk(
        answering=core.answering,
        turns=TurnRepository(store),
        adapters=core.adapters,
        tasks=core.tasks,
        words=core.senses.setup.words,
        clock=store.clock,
    )
