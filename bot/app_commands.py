"""The part of the composition root that builds the commands."""

from collections.abc import Mapping

from bot.adapter import Adapter
from bot.answer_desk import AnswerDesk
from bot.answering import Answering
from bot.app_members import Members
from bot.app_safety import SafetyPath
from bot.app_senses import Senses
from bot.commands.again import again_command, continue_command
from bot.commands.ask import ask_command
from bot.commands.audit import audit_command
from bot.commands.command import Command
from bot.commands.expressions import emoji_command, sticker_command
from bot.commands.language import language_command
from bot.commands.model import model_command
from bot.commands.moderators import moderators_command
from bot.commands.pause import panic_command, pause_command, resume_command
from bot.commands.persona import persona_command
from bot.commands.rate import rate_command
from bot.commands.report import report_command
from bot.commands.reset import reset_command
from bot.commands.status import status_command
from bot.commands.stop import stop_command
from bot.commands.talk import talk_command
from bot.health import LoopLag
from bot.pauses import Pauses
from bot.preferences import Preferences
from bot.store.audit import AuditRepository
from bot.store.ratings import RatingRepository
from bot.store.reports import ReportRepository
from bot.store.store import Store
from bot.store.turns import TurnRepository
from bot.tasks import Tasks
from content.commands import COMMANDS
from content.content import Content
from content.explaining import explain_post

__all__ = ["build_commands"]


def build_commands(
    store: Store,
    lag: LoopLag,
    *,
    adapters: Mapping[str, Adapter],
    answering: Answering,
    content: Content,
    members: Members,
    pauses: Pauses,
    preferences: Preferences,
    safety: SafetyPath,
    senses: Senses,
    tasks: Tasks,
) -> tuple[Command, ...]:
    """Return all commands, in the order in which help shows them."""
    setup, engine = senses.setup, senses.engine
    words, turns = setup.words, TurnRepository(store)
    desk = AnswerDesk(
        answering=answering,
        turns=turns,
        adapters=adapters,
        tasks=tasks,
        words=words,
        clock=store.clock,
    )
    return (
        ask_command(),
        status_command(engine.status, lag.worst_ms, words),
        stop_command(answering.running),
        again_command(desk),
        continue_command(desk),
        rate_command(RatingRepository(store), turns),
        report_command(ReportRepository(store), turns, safety.moderators),
        reset_command(turns),
        *members.commands(store, answering.running),
        persona_command(preferences),
        model_command(preferences),
        language_command(preferences),
        talk_command(preferences),
        moderators_command(preferences, adapters),
        pause_command(pauses, store.clock, content.zone),
        resume_command(pauses),
        panic_command(pauses, answering.running.stop_all),
        audit_command(AuditRepository(store), words),
        *safety.commands(
            store, adapters, preferences, words, explanations=(explain_post(content),)
        ),
        emoji_command(adapters, safety.chain),
        sticker_command(adapters, safety.chain),
        *senses.commands(store, safety, answering.running, adapters),
        *(build(content, words) for build in COMMANDS),
    )
