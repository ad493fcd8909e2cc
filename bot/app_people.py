"""The part of the composition root about people: who may, how much, and who not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.adapter import Adapter
from bot.app_safety import SafetyPath
from bot.auditing import CommandAudit
from bot.bans import Bans
from bot.commands.ban import BanDesk, ban_commands, with_ban_appeal
from bot.commands.command import Command
from bot.commands.person import PersonDesk, note_command, person_command
from bot.commands.registry import Registry
from bot.commands.rights import rights_command
from bot.commands.usage import usage_command
from bot.config_quota import RightsConfig
from bot.door import Door
from bot.identities import Linked
from bot.persons import Persons
from bot.preferences import Preferences
from bot.quotas import Quotas
from bot.resting import Resting
from bot.rights import Rights, with_rights
from bot.setup import Setup
from bot.store.audit import AuditRepository
from bot.store.bans import BanRepository
from bot.store.marks import MarkRepository
from bot.store.notes import NoteRepository
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.turns import TurnRepository
from bot.store.usage import UsageRepository
from bot.tasks import Tasks
from bot.words import Words

__all__ = ["OPTIONAL", "People", "build_people", "build_registry"]

OPTIONAL = ("imagine", "speak", "pictures")
"""Commands that are there only with the models that they need."""


@dataclass(frozen=True, slots=True)
class People:
    """What decides whom the bot deals with, how much, and who may run what."""

    bans: Bans
    quotas: Quotas
    rights: Rights
    persons: Persons
    ban_desk: BanDesk
    desk: PersonDesk
    door: Door

    def commands(
        self, everything: Callable[[], Mapping[str, Command]]
    ) -> tuple[Command, ...]:
        """Return the commands about people; `everything` has all there are, by name."""
        words, zone = self.desk.words, self.desk.zone
        return (
            usage_command(self.quotas, self.persons, words, zone),
            *ban_commands(self.ban_desk),
            note_command(self.desk),
            person_command(self.desk),
            rights_command(self.rights, everything, words),
        )

    def adapted(
        self, commands: Sequence[Command], config: RightsConfig
    ) -> tuple[Command, ...]:
        """Return all commands with the roles of the settings; /appeal takes bans too.

        Raises:
            ConfigError: the settings give a role that cannot be.
        """
        appeal = self.ban_desk.appeal
        return with_rights(
            [
                with_ban_appeal(one, appeal) if one.name == "appeal" else one
                for one in commands
            ],
            config,
            absent=OPTIONAL,
        )


def build_people(
    setup: Setup,
    store: Store,
    safety: SafetyPath,
    adapters: Mapping[str, Adapter],
    preferences: Preferences,
    tasks: Tasks,
    linked: Linked,
) -> People:
    """Build it as the settings want it; `linked` gives all accounts of a person."""
    config, clock, words = setup.config, store.clock, setup.words
    zone, settings = ZoneInfo(config.bot.timezone), SettingsRepository(store)
    bans = Bans(BanRepository(store), clock, owners=config.bot.owners, linked=linked)
    quotas = Quotas(
        config.quota,
        settings,
        UsageRepository(store),
        clock=clock,
        zone=zone,
        tasks=tasks,
        linked=linked,
    )
    persons = Persons(store, TurnRepository(store))
    return People(
        bans=bans,
        quotas=quotas,
        rights=Rights(settings),
        persons=persons,
        ban_desk=BanDesk(bans, persons, safety.moderators, clock, zone),
        desk=PersonDesk(
            persons=persons,
            notes=NoteRepository(store),
            marks=MarkRepository(store),
            bans=bans,
            quotas=quotas,
            words=words,
            clock=clock,
            zone=zone,
        ),
        door=Door(
            bans,
            quotas,
            adapters=adapters,
            preferences=preferences,
            words=words,
            zone=zone,
        ),
    )


def build_registry(
    commands: Sequence[Command],
    store: Store,
    resting: Resting,
    people: People,
    words: Words,
    adapters: Mapping[str, Adapter],
) -> Registry:
    """Build what runs commands, for those who may, and takes down who did."""
    return Registry(
        commands,
        words,
        admit=resting.admit,
        afford=people.quotas.admit,
        least=people.rights.least,
        record=CommandAudit(AuditRepository(store)).record,
        adapters=adapters,
    )
