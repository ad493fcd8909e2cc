"""The commands as Telegram's menus show them."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence

import structlog
import telegram
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)

from adapters.telegram.calls import Calls, Kind
from adapters.telegram.chats import PLATFORM
from bot.commands.command import Command
from bot.errors import PlatformError
from bot.messages import Role
from bot.store.settings import SettingsRepository
from bot.words import Words

__all__ = ["CommandMenus", "menu_name"]

KEPT = "telegram:menus"
NAME = re.compile(r"[a-z0-9_]{1,32}")
SUMMARY_LETTERS = 256
MOST_COMMANDS = 100
SOURCE_LANGUAGE = "en"

logger = structlog.get_logger(__name__)

_Scope = tuple[BotCommandScope, Role, str]


def menu_name(name: str) -> str:
    """Return a command's name as Telegram takes it: /set_persona for set-persona."""
    return name.replace("-", "_")


class CommandMenus:
    """Registers the commands: for private chats, groups, administrators and owners.

    `commands` returns those that a role may run here.
    """

    def __init__(
        self,
        bot: telegram.Bot,
        calls: Calls,
        settings: SettingsRepository,
        *,
        commands: Callable[[Role], Sequence[Command]],
        words: Words,
        language: str,
        owners: Iterable[str],
    ) -> None:
        self._bot = bot
        self._calls = calls
        self._settings = settings
        self._commands = commands
        self._words = words
        self._language = language
        self._owner_ids = _person_ids(owners)

    async def register(self) -> int:
        """Tell Telegram what has changed since the last time; return how many calls."""
        known = await self._settings.all(KEPT)
        num_changed = 0
        for scope, role, name in self._scopes():
            for language in ("", SOURCE_LANGUAGE, *self._words.languages):
                menu = self._menu(role, language or self._language)
                key = f"{self._bot_key()}:{name}:{language}"
                digest = _digest(menu)
                if known.get(key) == digest:
                    continue
                if await self._set(menu, scope, language):
                    await self._settings.set(KEPT, key, digest)
                    num_changed += 1
        return num_changed

    def _bot_key(self) -> str:
        # Another bot, with a token of its own, has no menus yet.
        return self._bot.token.partition(":")[0]

    def _scopes(self) -> list[_Scope]:
        return [
            (BotCommandScopeAllPrivateChats(), Role.MEMBER, "private"),
            (BotCommandScopeAllGroupChats(), Role.MEMBER, "groups"),
            (BotCommandScopeAllChatAdministrators(), Role.MODERATOR, "administrators"),
            *(
                (BotCommandScopeChat(owner), Role.OWNER, f"owner {owner}")
                for owner in self._owner_ids
            ),
        ]

    def _menu(self, role: Role, language: str) -> Sequence[tuple[str, str]]:
        rows = [
            (
                menu_name(command.name),
                self._words.say(command.summary, language)[:SUMMARY_LETTERS],
            )
            for command in self._commands(role)
        ]
        return [row for row in rows if NAME.fullmatch(row[0])][:MOST_COMMANDS]

    async def _set(
        self, menu: Sequence[tuple[str, str]], scope: BotCommandScope, language: str
    ) -> bool:
        async def call(_: str) -> bool:
            return await self._bot.set_my_commands(
                [BotCommand(name, summary) for name, summary in menu],
                scope=scope,
                language_code=language or None,
            )

        try:
            return await self._calls.run("menus", call, kind=Kind.QUERY, attempts=3)
        except PlatformError as error:
            # An owner who has never written to the bot has no chat with it.
            logger.info("commands not registered", reason=str(error))
            return False


def _digest(menu: Sequence[tuple[str, str]]) -> str:
    return hashlib.sha256(json.dumps(menu).encode()).hexdigest()


def _person_ids(owners: Iterable[str]) -> list[int]:
    found = (owner.removeprefix(f"{PLATFORM}:") for owner in owners)
    return [int(person) for person in found if person.isdecimal()]
