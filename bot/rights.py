"""Which role a command needs: its own, that of the settings, or a community's."""

import difflib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.commands.command import Command
from bot.config_quota import RightsConfig
from bot.errors import ConfigError, UserError
from bot.messages import Channel, Role
from bot.preferences import SettingsStore, community_key
from bot.words import T

__all__ = ["Rights", "check_role", "with_rights"]

RIGHTS = "rights"


class Rights:
    """The roles that communities have chosen for commands."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    async def least(self, command: Command, channel: Channel) -> Role:
        """Return the least role that may run a command in a channel."""
        chosen = (await self.chosen(channel)).get(command.name)
        if chosen is None:
            return command.min_role
        return min(max(chosen, command.lowest), command.highest)

    async def chosen(self, channel: Channel) -> Mapping[str, Role]:
        """Return what a community has chosen, by the name of the command."""
        line = await self._settings.get(community_key(channel), RIGHTS)
        rows = json.loads(line) if line else {}
        return {
            name: Role[role.upper()]
            for name, role in rows.items()
            if role.upper() in Role.__members__
        }

    async def choose(self, command: Command, channel: Channel, role: Role) -> None:
        """Let a command need a role in a community.

        Raises:
            UserError: it would be less, or more, than is possible for this command.
        """
        check_role(command, role)
        chosen = {**await self.chosen(channel), command.name: role}
        if role is command.min_role:
            del chosen[command.name]
        rows = {name: one.name.lower() for name, one in sorted(chosen.items())}
        line = json.dumps(rows) if rows else ""
        await self._settings.set(community_key(channel), RIGHTS, line)


def check_role(command: Command, role: Role) -> None:
    """Let a command need a role.

    Raises:
        UserError: it would be less, or more, than is possible for this command.
    """
    if role < command.lowest:
        raise UserError(
            T(
                "/{name} is not for everybody: {role} is the least it can need.",
                name=command.name,
                role=command.lowest.name.lower(),
            )
        )
    if role > command.highest:
        raise UserError(
            T("/{name} is everybody's right and stays so.", name=command.name)
        )


def with_rights(
    commands: Sequence[Command], config: RightsConfig, *, absent: Collection[str] = ()
) -> tuple[Command, ...]:
    """Return the commands with the roles that the settings give them.

    `absent` are names of commands that are not there with these settings.

    Raises:
        ConfigError: there is no such command, or it cannot have this role.
    """
    named = {name: role for role in Role for name in getattr(config, role.name.lower())}
    known = {command.name for command in commands}
    for name in sorted(named.keys() - known - {*absent}):
        near = difflib.get_close_matches(name, {*known, *absent}, n=1)
        raise ConfigError(
            T("[rights] names /{name}; did you mean /{near}?", name=name, near=near[0])
            if near
            else T("[rights] names /{name}, which is no command.", name=name)
        )
    return tuple(
        _changed(command, named[command.name]) if command.name in named else command
        for command in commands
    )


def _changed(command: Command, role: Role) -> Command:
    try:
        check_role(command, role)
    except UserError as error:
        raise ConfigError(T("[rights]: {text}", text=error.text)) from error
    return replace(
        command,
        min_role=role,
        floor=command.lowest,
        steers=command.steers or command.min_role >= Role.MODERATOR,
    )
