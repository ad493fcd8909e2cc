"""The part of the composition root that builds what moderators' cases need."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.adapter import Adapter
from bot.app_safety import SafetyPath
from bot.case_actions import CaseActions
from bot.case_desk import CaseDesk
from bot.commands.appeal import AppealDesk, appeal_command, decide_command
from bot.commands.case import case_command
from bot.commands.command import Command
from bot.commands.report import report_command
from bot.commands.watch import watch_command
from bot.lookout import Lookout
from bot.preferences import Preferences
from bot.store.case_intake import CaseIntake
from bot.store.case_people import CasePeople
from bot.store.cases import CaseRepository
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.turns import TurnRepository
from bot.store.watch_counts import WatchCounts
from bot.tasks import Tasks
from bot.watching import Watches
from bot.words import Words

__all__ = ["Casework", "build_casework"]


@dataclass(frozen=True, slots=True)
class Casework:
    """What brings cases up and what deals with them, and what that is built on."""

    desk: CaseDesk
    lookout: Lookout
    commands: tuple[Command, ...]
    preferences: Preferences
    tasks: Tasks


def build_casework(
    store: Store,
    safety: SafetyPath,
    adapters: Mapping[str, Adapter],
    preferences: Preferences,
    words: Words,
    tasks: Tasks,
) -> Casework:
    """Build it, with its commands in the order in which help shows them."""
    intake, counts = CaseIntake(store), WatchCounts(store)
    watches = Watches(SettingsRepository(store))
    desk = CaseDesk(
        CaseRepository(store),
        CasePeople(store),
        judgements=safety.judgements,
        appeals=safety.appeals,
        moderators=safety.moderators,
        adapters=adapters,
        preferences=preferences,
        words=words,
    )
    appeals = AppealDesk(safety.judgements, safety.appeals, intake, desk)
    actions = CaseActions(desk, safety.judgements, safety.corrections, store.clock)
    return Casework(
        desk=desk,
        lookout=Lookout(watches, counts, intake, desk, tasks),
        commands=(
            report_command(desk, intake, TurnRepository(store)),
            appeal_command(appeals),
            case_command(desk, actions, words),
            decide_command(appeals),
            watch_command(watches, counts, words),
        ),
        preferences=preferences,
        tasks=tasks,
    )
