"""The part of the composition root that builds the commands that steer a community."""

from collections.abc import Callable

from bot.app_safety import SafetyPath
from bot.avatars import Avatars
from bot.commands.blocked import (
    CountBlocked,
    blocked_command,
    count_links,
    count_pictures,
    count_words,
)
from bot.commands.channel import channel_command
from bot.commands.command import Command
from bot.commands.language import language_command
from bot.commands.limits import limits_command
from bot.commands.model import model_command
from bot.commands.persona import persona_command
from bot.commands.settings import settings_command
from bot.commands.talk import talk_command
from bot.commands.words import words_command
from bot.community_settings import CommunitySettings
from bot.preferences import Preferences
from bot.safety.word_entries import Entries
from bot.safety.word_search import WordSearch
from bot.setup import Setup
from bot.store.picture_hashes import PictureHashRepository
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.tasks import Tasks

__all__ = ["steering_commands"]


def steering_commands(
    setup: Setup,
    store: Store,
    safety: SafetyPath,
    preferences: Preferences,
    *,
    is_loaded: Callable[[str], bool],
    avatars: Avatars,
    tasks: Tasks,
    more_blocked: tuple[CountBlocked, ...] = (),
) -> tuple[Command, ...]:
    """Return the commands about how the bot is in a community.

    `more_blocked` counts what else is blocked, for /blocked.
    """
    words, config = setup.words, setup.config.safety
    configured = WordSearch(
        config.blocked_words,
        setting="safety.blocked_words",
        allowed=Entries(config.allowed_words, setting="safety.allowed_words"),
    )
    counts = (
        count_words(safety.words, config),
        count_pictures(PictureHashRepository(store)),
        count_links(config),
        *more_blocked,
    )
    settings = CommunitySettings(
        SettingsRepository(store),
        preferences=preferences,
        limits=safety.limits,
        on_change=(
            safety.known.forget,
            safety.policies.forget,
            lambda: tasks.begin(avatars.changed()),
        ),
    )
    return (
        persona_command(preferences, safety.chain, words, avatars),
        model_command(preferences, is_loaded, words),
        language_command(preferences),
        talk_command(preferences),
        channel_command(preferences, safety.policies, words),
        limits_command(safety.limits, words),
        words_command(safety.words, configured, words),
        blocked_command(counts, words),
        settings_command(settings, chain=safety.chain, words=words, clock=store.clock),
    )
