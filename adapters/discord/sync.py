"""Telling Discord the commands, when they have changed."""

import hashlib
import json
from typing import Any

import discord
import structlog

from adapters.discord.client import DiscordClient
from adapters.discord.commands import CommandTree
from adapters.discord.errors import platform_errors
from bot.errors import ConfigError, PlatformError
from bot.preferences import SettingsStore
from bot.words import T

__all__ = ["CommandSync", "guild_id"]

logger = structlog.get_logger(__name__)

SETTINGS_KEY = "discord"


class CommandSync:
    """Compares the commands with those that Discord was told last.

    Args:
        guild_id: the one server that gets them, for trying; None: all do.
    """

    def __init__(
        self,
        client: DiscordClient,
        tree: CommandTree,
        settings: SettingsStore,
        *,
        guild_id: int | None,
    ) -> None:
        self._client = client
        self._tree = tree
        self._settings = settings
        self._guild_id = guild_id

    async def run(self) -> bool:
        """Tell Discord if anything is new; return whether it was.

        The bot runs also where that does not succeed, with the commands of before.
        """
        try:
            with platform_errors():
                await self._leave_earlier_guild()
                return await self._told()
        except PlatformError as error:
            logger.error("commands not told", reason=str(error))
            return False

    async def _told(self) -> bool:
        name = self._name(self._guild_id)
        digest = await self._digest()
        if await self._settings.get(SETTINGS_KEY, name) == digest:
            return False
        guild = discord.Object(self._guild_id) if self._guild_id else None
        if guild is not None:
            self._tree.copy_global_to(guild=guild)
            await self._settings.set(SETTINGS_KEY, self._guild_name, str(guild.id))
        told = await self._tree.sync(guild=guild)
        await self._settings.set(SETTINGS_KEY, name, digest)
        logger.info("commands told", count=len(told), guild=self._guild_id)
        return True

    async def _leave_earlier_guild(self) -> None:
        """Take the commands back from a server that they were tried on.

        Else its members would see each command twice.
        """
        earlier = await self._settings.get(SETTINGS_KEY, self._guild_name)
        if not earlier or earlier == str(self._guild_id or ""):
            return
        await self._client.http.bulk_upsert_guild_commands(
            self._application_id, int(earlier), payload=[]
        )
        await self._settings.set(SETTINGS_KEY, self._guild_name, "")
        await self._settings.set(SETTINGS_KEY, self._name(int(earlier)), "")

    async def _digest(self) -> str:
        translator = self._tree.translator
        payload: list[Any] = []
        for command in self._tree.get_commands(guild=None):
            if translator is None:
                payload.append(command.to_dict(self._tree))
            else:
                payload.append(
                    await command.get_translated_payload(self._tree, translator)
                )
        written = json.dumps(payload, sort_keys=True, default=str)
        return hashlib.sha256(written.encode()).hexdigest()

    @property
    def _application_id(self) -> int:
        return self._client.application_id or 0  # known after login

    @property
    def _guild_name(self) -> str:
        return f"commands-guild:{self._application_id}"

    def _name(self, guild_id: int | None) -> str:
        where = f":{guild_id}" if guild_id else ""
        return f"commands:{self._application_id}{where}"


def guild_id(value: str) -> int | None:
    """Return the server that commands are tried on; None: all servers get them.

    Raises:
        ConfigError: it is no id.
    """
    if value and not (value.isascii() and value.isdecimal()):
        raise ConfigError(
            T(
                "{key} in [adapters.discord] is “{value}”, which is no id of a server.",
                key="development_guild",
                value=value,
            )
        )
    return int(value) if value else None
