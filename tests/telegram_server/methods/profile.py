"""The bot itself: who it is, its menu of commands, and its end."""

from typing import Any

from tests.telegram_server.query import Method, Query
from tests.telegram_server.refusals import bad_request

__all__ = ["METHODS"]

SCOPES = frozenset(
    {
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    }
)
MAX_COMMANDS = 100


async def get_me(query: Query) -> dict[str, Any]:
    """Say who the bot is."""
    return query.bot.me()


async def log_out(query: Query) -> bool:
    """Leave this server for another."""
    query.bot.is_logged_out = True
    return True


async def close(query: Query) -> bool:
    """End the bot's work here; it may come again."""
    return True


def _scope(query: Query) -> tuple[str, str]:
    given = query.params.mapping("scope")
    kind = given.get("type", "default")
    if kind not in SCOPES:
        raise bad_request("unsupported type specified for BotCommandScope")
    if kind.startswith("chat") and "chat_id" not in given:
        raise bad_request("chat_id is empty")
    if kind == "chat_member" and "user_id" not in given:
        raise bad_request("invalid user_id specified")
    places = [str(given[key]) for key in ("chat_id", "user_id") if key in given]
    language = query.params.text("language_code")
    if language and not (len(language) == 2 and language.isalpha()):
        raise bad_request("invalid language code specified")
    return ":".join([kind, *places]), language


def _command(given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    command = str(given.get("command", "")).removeprefix("/").lower()
    description = str(given.get("description", ""))
    is_name = all(c.isascii() and (c.isalnum() or c == "_") for c in command)
    if not 1 <= len(command) <= 32 or not is_name:
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description is empty")
    if len(description) > 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}


async def set_my_commands(query: Query) -> bool:
    """Set the menu for a scope and a language."""
    commands = query.params.json("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    query.bot.commands[_scope(query)] = [_command(entry) for entry in commands]
    query.world.changed()
    return True


async def get_my_commands(query: Query) -> list[dict[str, str]]:
    """Return the menu of exactly this scope and language."""
    return query.bot.commands.get(_scope(query), [])


async def delete_my_commands(query: Query) -> bool:
    """Take the menu of a scope and a language away."""
    query.bot.commands.pop(_scope(query), None)
    query.world.changed()
    return True


def _set_text(kind: str, longest: int) -> Method:
    async def set_text(query: Query) -> bool:
        text = query.params.text(kind)
        if len(text) > longest:
            raise bad_request(f"{kind.replace('_', ' ')} is too long")
        query.bot.texts[kind, query.params.text("language_code")] = text
        return True

    return set_text


def _get_text(kind: str) -> Method:
    async def get_text(query: Query) -> dict[str, str]:
        texts = query.bot.texts
        default = query.bot.first_name if kind == "name" else ""
        text = texts.get((kind, query.params.text("language_code")))
        return {kind: text or texts.get((kind, ""), default)}

    return get_text


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "logOut": log_out,
    "close": close,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _set_text("name", 64),
    "getMyName": _get_text("name"),
    "setMyDescription": _set_text("description", 512),
    "getMyDescription": _get_text("description"),
    "setMyShortDescription": _set_text("short_description", 120),
    "getMyShortDescription": _get_text("short_description"),
}
