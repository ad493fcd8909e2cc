"""The part of the composition root that builds what members' data is about."""

from dataclasses import dataclass

from bot.answers import RunningAnswers
from bot.commands.command import Command
from bot.commands.keep import keep_command
from bot.commands.me import MeDesk, me_command
from bot.consent import Consent
from bot.first_contact import FirstContact
from bot.forgetting import Forgetting
from bot.keep_rules import KeepRules
from bot.keeping import Keeping
from bot.preferences import Preferences
from bot.setup import Setup
from bot.store.people import PersonRepository
from bot.store.retention import Retention
from bot.store.settings import SettingsRepository
from bot.store.store import Store

__all__ = ["Members", "build_members", "build_retention"]


@dataclass(frozen=True, slots=True)
class Members:
    """What knows what people want kept of them."""

    setup: Setup
    preferences: Preferences
    keeping: Keeping
    first_contact: FirstContact

    def forgetting(self, store: Store, running: RunningAnswers) -> Forgetting:
        """Return what forgets people."""
        return Forgetting(
            PersonRepository(store),
            self.keeping,
            stop=running.stop_for_person,
            path=store.path,
            keep_backups_days=self.setup.config.store.keep_backups_days,
            clock=store.clock,
        )

    def commands(self, store: Store, running: RunningAnswers) -> tuple[Command, ...]:
        """Return the commands about what is kept."""
        settings, words = SettingsRepository(store), self.setup.words
        rules = KeepRules(settings, self.setup.config)
        desk = MeDesk(
            people=PersonRepository(store),
            forgetting=self.forgetting(store, running),
            keeping=self.keeping,
            consent=Consent(settings),
            first_contact=self.first_contact,
            days=rules.of,
            words=words,
        )
        return (me_command(desk), keep_command(rules, words))


def build_members(setup: Setup, store: Store, preferences: Preferences) -> Members:
    """Build what knows what people want kept of them."""
    settings = SettingsRepository(store)
    first_contact = FirstContact(settings, setup.config, setup.words)
    return Members(setup, preferences, Keeping(settings), first_contact)


def build_retention(setup: Setup, store: Store) -> Retention:
    """Build what forgets records when their time is over."""
    config = setup.config
    return Retention(
        store,
        keep_texts_days=config.safety.keep_texts_days,
        keep_records_days=config.safety.keep_records_days,
        keep_turns_days=config.store.keep_turns_days,
        keep_backups_days=config.store.keep_backups_days,
        clock=store.clock,
    )
