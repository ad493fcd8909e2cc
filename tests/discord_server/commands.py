"""The commands that the bot has registered, checked as Discord checks them."""

import re
from collections import Counter
from collections.abc import Callable

from tests.discord_server.refusals import Json, invalid_form, refuse

__all__ = ["CHAT_INPUT", "MESSAGE_MENU", "USER_MENU", "CommandBook"]

CHAT_INPUT, USER_MENU, MESSAGE_MENU = 1, 2, 3
MOST = {CHAT_INPUT: 100, USER_MENU: 15, MESSAGE_MENU: 15}
_NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")
SUB_COMMANDS = {1, 2}


class CommandBook:
    """Commands by scope: "" for the global ones, or a guild's id."""

    def __init__(self, new_id: Callable[[], str], application_id: str) -> None:
        self._new_id = new_id
        self._application_id = application_id
        self._scopes: dict[str, dict[str, Json]] = {}
        self.num_syncs = 0

    def all(self, guild_id: str = "") -> list[Json]:
        """Return the commands of a scope."""
        return list(self._scopes.get(guild_id, {}).values())

    def find(self, kind: int, name: str, guild_id: str) -> Json:
        """Return a command that people see in a guild.

        Raises:
            LookupError: there is none: it was not registered.
        """
        for command in self.all(guild_id) + self.all():
            if command["type"] == kind and command["name"] == name:
                return command
        raise LookupError(f"no command named {name!r} was registered")

    def replace(self, commands: list[Json], guild_id: str = "") -> list[Json]:
        """Take the place of all commands of a scope; those that stay keep their id."""
        self.num_syncs += 1
        kinds = Counter(command.get("type", CHAT_INPUT) for command in commands)
        if any(number > MOST[kind] for kind, number in kinds.items()):
            raise refuse(30032)
        names = Counter((c.get("type", CHAT_INPUT), c.get("name")) for c in commands)
        if any(number > 1 for number in names.values()):
            path, code = "name", "APPLICATION_COMMANDS_DUPLICATE_NAME"
            raise invalid_form(path, code, "Application command names must be unique")
        for number, command in enumerate(commands):
            _check(command, str(number))
        before = {(c["type"], c["name"]): c["id"] for c in self.all(guild_id)}
        kept: dict[str, Json] = {}
        for command in commands:
            key = (command.get("type", CHAT_INPUT), command["name"])
            whole = self._whole(command, guild_id, before.get(key))
            kept[whole["id"]] = whole
        self._scopes[guild_id] = kept
        return self.all(guild_id)

    def put(self, command: Json, guild_id: str = "") -> Json:
        """Add one command, or take the place of the one with its name."""
        rest = [
            other
            for other in self.all(guild_id)
            if (other["type"], other["name"])
            != (command.get("type", CHAT_INPUT), command.get("name"))
        ]
        return self.replace([*rest, command], guild_id)[-1]

    def get(self, command_id: str, guild_id: str = "") -> Json:
        """Return a command by its id."""
        scope = self._scopes.get(guild_id, {})
        if command_id not in scope:
            raise refuse(10063)
        return scope[command_id]

    def remove(self, command_id: str, guild_id: str = "") -> None:
        """Take a command away."""
        self.get(command_id, guild_id)
        del self._scopes[guild_id][command_id]

    def _whole(self, command: Json, guild_id: str, id_: str | None) -> Json:
        whole: Json = {
            "type": CHAT_INPUT,
            "description": "",
            "options": [],
            "default_member_permissions": None,
            "nsfw": False,
            "dm_permission": True,
        }
        whole |= {key: value for key, value in command.items() if value is not None}
        whole |= {"id": id_ or self._new_id(), "version": self._new_id()}
        whole["application_id"] = self._application_id
        if guild_id:
            whole["guild_id"] = guild_id
        return whole


def _check(command: Json, path: str) -> None:
    kind = command.get("type", CHAT_INPUT)
    name = str(command.get("name", ""))
    if kind != CHAT_INPUT:
        if not 1 <= len(name) <= 32:
            raise invalid_form(f"{path}.name", "BASE_TYPE_BAD_LENGTH", "1 to 32.")
        if command.get("description"):
            code = "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID"
            words = "Context menu commands cannot have description"
            raise invalid_form(f"{path}.description", code, words)
        return
    size = _check_named(command, path) + _check_options(command, path)
    if size > 8000:
        code = "APPLICATION_COMMAND_TOO_LARGE"
        raise invalid_form(path, code, "Command exceeds maximum size (8000)")


def _check_named(part: Json, path: str) -> int:
    name, description = str(part.get("name", "")), str(part.get("description", ""))
    if not _NAME.fullmatch(name) or name != name.lower():
        code = "APPLICATION_COMMAND_INVALID_NAME"
        raise invalid_form(f"{path}.name", code, "Command name is invalid")
    if not 1 <= len(description) <= 100:
        code, words = "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."
        raise invalid_form(f"{path}.description", code, words)
    return len(name) + len(description)


def _check_options(part: Json, path: str) -> int:
    options = part.get("options") or []
    if len(options) > 25:
        code, words = "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length."
        raise invalid_form(f"{path}.options", code, words)
    size, has_optional = 0, False
    for number, option in enumerate(options):
        place = f"{path}.options.{number}"
        size += _check_named(option, place) + _check_options(option, place)
        if option.get("required") and has_optional:
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            words = "Required options must be placed before non-required options"
            raise invalid_form(place, code, words)
        if option.get("type") not in SUB_COMMANDS:
            has_optional = has_optional or not option.get("required")
        choices = option.get("choices") or []
        if len(choices) > 25 or (choices and option.get("autocomplete")):
            code, words = "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length."
            raise invalid_form(f"{place}.choices", code, words)
        for choice in choices:
            if not 1 <= len(str(choice.get("name", ""))) <= 100:
                code, words = "BASE_TYPE_BAD_LENGTH", "1 to 100 in length."
                raise invalid_form(f"{place}.choices", code, words)
            size += len(str(choice["name"])) + len(str(choice["value"]))
    return size
