"""The part of the composition root that builds the safety path."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.adapter import Adapter
from bot.clock import Clock
from bot.commands.appeal import AppealDesk, appeal_command, decide_command
from bot.commands.command import Command
from bot.commands.safety import safety_command
from bot.commands.verdicts import correct_command, verdicts_command
from bot.commands.why import Explain, explain_answer, why_command
from bot.guarding import persona_prompts
from bot.moderators import Moderators
from bot.preferences import Preferences
from bot.safety.alarm import FilterAlarm
from bot.safety.classifier import TextClassifier
from bot.safety.filter import TIME_LIMIT_S, FilterChain
from bot.safety.filters import FilterParts, build_filters
from bot.safety.policies import Policies
from bot.safety.policy import Policy
from bot.safety.refuser import Refuser
from bot.setup import Setup
from bot.store.appeals import AppealRepository
from bot.store.corrections import CorrectionRepository
from bot.store.judgements import JudgementRepository
from bot.store.retention import Retention
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.traces import TraceRepository
from bot.store.turns import TurnRepository
from bot.words import T, Words

__all__ = ["SafetyPath", "build_retention", "build_safety"]


@dataclass(frozen=True, slots=True)
class SafetyPath:
    """What judges, what remembers it, and what tells people."""

    chain: FilterChain
    guard: TextClassifier
    alarm: FilterAlarm
    policies: Policies
    moderators: Moderators
    refuser: Refuser
    judgements: JudgementRepository
    corrections: CorrectionRepository
    appeals: AppealRepository

    def commands(
        self,
        store: Store,
        adapters: Mapping[str, Adapter],
        preferences: Preferences,
        words: Words,
        *,
        explanations: tuple[Explain, ...],
    ) -> tuple[Command, ...]:
        """Return the commands about judging; `explanations` are tried by /why first."""
        desk = AppealDesk(
            judgements=self.judgements,
            appeals=self.appeals,
            moderators=self.moderators,
            adapters=adapters,
            preferences=preferences,
            words=words,
        )
        answers = explain_answer(
            self.judgements, TraceRepository(store), TurnRepository(store)
        )
        return (
            why_command((*explanations, answers), words),
            appeal_command(desk),
            decide_command(desk),
            safety_command(
                self.policies,
                self.guard,
                self.judgements,
                self.corrections,
                words=words,
                clock=store.clock,
            ),
            verdicts_command(self.judgements, words),
            correct_command(self.judgements, self.corrections, store.clock),
        )


def build_safety(
    setup: Setup,
    store: Store,
    *,
    adapters: Mapping[str, Adapter],
    preferences: Preferences,
    guard: TextClassifier,
    clock: Clock,
) -> SafetyPath:
    """Build the safety path as the settings want it.

    Raises:
        HearthbotError: a filter cannot be built; the text says why.
    """
    config, words = setup.config, setup.words
    policies = Policies(
        Policy(level=config.safety.level, is_shadow=config.safety.shadow),
        SettingsRepository(store),
    )
    moderators = Moderators(
        config.bot.moderator_channels,
        adapters=adapters,
        preferences=preferences,
        words=words,
    )
    alarm = FilterAlarm(
        lambda name, reason: moderators.tell_soon(
            T(
                "The filter “{name}” does not work ({reason}). Until it does, what I "
                "write is held back and what comes in is only noted. The log has more.",
                name=name,
                reason=reason,
            )
        ),
        clock=clock,
    )
    return SafetyPath(
        chain=FilterChain(
            build_filters(
                FilterParts(
                    config=config.safety,
                    clock=clock,
                    guard=guard,
                    prompts=persona_prompts(setup),
                )
            ),
            policy_of=policies.policy,
            alarm=alarm,
            # A bigger guard says itself that it was too late, before the chain does.
            time_limit_s=max(TIME_LIMIT_S, config.models.guard.deadline_s + 1),
        ),
        guard=guard,
        alarm=alarm,
        policies=policies,
        moderators=moderators,
        refuser=Refuser(config.safety.care, words),
        judgements=JudgementRepository(store),
        corrections=CorrectionRepository(store),
        appeals=AppealRepository(store),
    )


def build_retention(setup: Setup, store: Store) -> Retention:
    """Build what forgets records when their time is over."""
    config = setup.config.safety
    return Retention(
        store,
        keep_texts_days=config.keep_texts_days,
        keep_records_days=config.keep_records_days,
        clock=store.clock,
    )
