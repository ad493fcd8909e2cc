"""The part of the composition root that builds the safety path."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.adapter import Adapter
from bot.commands.command import Command
from bot.commands.pictures import pictures_command
from bot.commands.safety import safety_command
from bot.commands.verdicts import correct_command, verdicts_command
from bot.commands.why import Explain, explain_answer, why_command
from bot.commands.why_drawn import explain_attached, explain_replied
from bot.community_rules import CommunityRules
from bot.generation.engine import Engine
from bot.guarding import open_guard, persona_prompts
from bot.known_settings import KnownSettings
from bot.limits import CommunityLimits
from bot.metrics import Metrics
from bot.moderators import Moderators
from bot.pauses import Pauses
from bot.picturing import open_pictures
from bot.preferences import Preferences
from bot.resting import Resting
from bot.safety.alarm import FilterAlarm
from bot.safety.classifier import TextClassifier
from bot.safety.filter import TIME_LIMIT_S, FilterChain
from bot.safety.filters import FilterParts, PictureParts, build_filters
from bot.safety.own_words import OwnWords
from bot.safety.policies import Policies
from bot.safety.policy import Level, Policy
from bot.safety.refuser import Refuser
from bot.setup import Setup
from bot.store.appeals import AppealRepository
from bot.store.corrections import CorrectionRepository
from bot.store.judgements import JudgementRepository
from bot.store.picture_hashes import PictureHashRepository
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.traces import TraceRepository
from bot.store.turns import TurnRepository
from bot.words import T, Words

__all__ = [
    "Judges",
    "SafetyPath",
    "build_resting",
    "build_safety",
    "open_judges",
]


@dataclass(frozen=True, slots=True)
class Judges:
    """What judges meaning. `pictures` is None where they are not judged."""

    guard: TextClassifier
    pictures: PictureParts | None


@dataclass(frozen=True, slots=True)
class SafetyPath:
    """What judges, what remembers it, and what tells people.

    Attributes:
        known: what policies, limits and words were read from.
    """

    chain: FilterChain
    judges: Judges
    alarm: FilterAlarm
    known: KnownSettings
    policies: Policies
    limits: CommunityLimits
    words: OwnWords
    moderators: Moderators
    refuser: Refuser
    judgements: JudgementRepository
    corrections: CorrectionRepository
    appeals: AppealRepository

    def commands(
        self,
        store: Store,
        words: Words,
        *,
        explanations: tuple[Explain, ...],
        further: Explain,
    ) -> tuple[Command, ...]:
        """Return the commands about judging; `explanations` are tried by /why first.

        `further` adds what else is known of an answer.
        """
        answers = explain_answer(
            self.judgements,
            TraceRepository(store),
            TurnRepository(store),
            further=further,
        )
        listing = (
            ()
            if self.judges.pictures is None
            else (
                pictures_command(
                    PictureHashRepository(store), self.judges.pictures.opener, words
                ),
            )
        )
        return (
            *listing,
            why_command(
                (explain_attached, *explanations, answers, explain_replied), words
            ),
            safety_command(
                self.policies,
                self.judges.guard,
                self.judgements,
                self.corrections,
                words=words,
                clock=store.clock,
            ),
            verdicts_command(self.judgements, words),
            correct_command(
                self.judgements, self.corrections, self.moderators, store.clock
            ),
        )


@asynccontextmanager
async def open_judges(
    setup: Setup, store: Store, engine: Engine, *, guard: TextClassifier | None = None
) -> AsyncIterator[Judges]:
    """Open what the settings name; `guard` stands in for the guard.

    Raises:
        HearthbotError: weights are not here or damaged; the text says what to do.
    """
    async with (
        open_guard(setup, engine, instead=guard) as classifier,
        open_pictures(setup, store) as pictures,
    ):
        yield Judges(classifier, pictures)


def build_safety(
    setup: Setup,
    store: Store,
    judges: Judges,
    metrics: Metrics,
    adapters: Mapping[str, Adapter],
    preferences: Preferences,
) -> SafetyPath:
    """Build the safety path as the settings want it.

    Raises:
        ConfigError: a filter cannot be built; the text says why.
    """
    config, words = setup.config, setup.words
    known = KnownSettings(SettingsRepository(store))
    policies = Policies(
        Policy(level=Level(config.safety.level), is_shadow=config.safety.shadow), known
    )
    limits = CommunityLimits(config.safety, config.quota, known)
    own_words = OwnWords(known, allowed=config.safety.allowed_words)
    rules = CommunityRules(
        policies, limits=limits, words=own_words, personas=preferences.personas
    )
    moderators = Moderators(
        config.bot.moderator_channels,
        adapters=adapters,
        preferences=preferences,
        words=words,
    )
    alarm = FilterAlarm(_telling(moderators), clock=store.clock)
    return SafetyPath(
        chain=FilterChain(
            build_filters(_filter_parts(setup, judges, store)),
            policy_of=rules.policy,
            alarm=alarm,
            # A bigger guard says itself that it was too late, before the chain does.
            time_limit_s=max(TIME_LIMIT_S, config.models.guard.deadline_s + 1),
            on_verdict=metrics.judged,
        ),
        judges=judges,
        alarm=alarm,
        known=known,
        policies=policies,
        limits=limits,
        words=own_words,
        moderators=moderators,
        refuser=Refuser(config.safety.care, words),
        judgements=JudgementRepository(store),
        corrections=CorrectionRepository(store),
        appeals=AppealRepository(store),
    )


def _filter_parts(setup: Setup, judges: Judges, store: Store) -> FilterParts:
    return FilterParts(
        config=setup.config.safety,
        clock=store.clock,
        guard=judges.guard,
        prompts=persona_prompts(setup),
        pictures=judges.pictures,
    )


def _telling(moderators: Moderators) -> Callable[[str, str], None]:
    return lambda name, reason: moderators.tell_soon(
        T(
            "The filter “{name}” does not work ({reason}). Until it does, what I "
            "write is held back and what comes in is only noted. The log has more.",
            name=name,
            reason=reason,
        )
    )


def build_resting(setup: Setup, store: Store, preferences: Preferences) -> Resting:
    """Build what knows where the bot is to keep quiet."""
    return Resting(
        Pauses(SettingsRepository(store), store.clock),
        preferences=preferences,
        words=setup.words,
        zone=ZoneInfo(setup.config.bot.timezone),
    )
