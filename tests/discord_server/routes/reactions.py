"""Reactions to messages."""

from tests.discord_server.api import Ask, Handler
from tests.discord_server.messages import Message
from tests.discord_server.payloads import user_json
from tests.discord_server.permissions import Permission
from tests.discord_server.refusals import Json, refuse

__all__ = ["ROUTES"]


async def add(ask: Ask) -> None:
    message, emoji = _message(ask), _emoji(ask)
    if emoji not in message.reactions:
        ask.channel(Permission.ADD_REACTIONS)
    bot = ask.api.world.bot
    users = message.reactions.setdefault(emoji, [])
    if bot.id not in users:
        users.append(bot.id)
        await ask.api.feed.reaction(message, bot, emoji, is_added=True)


async def take_back(ask: Ask) -> None:
    await _remove(ask, ask.api.world.bot.id)


async def remove(ask: Ask) -> None:
    ask.channel(Permission.MANAGE_MESSAGES)
    await _remove(ask, ask.parts["user_id"])


async def clear(ask: Ask) -> None:
    ask.channel(Permission.MANAGE_MESSAGES)
    message = _message(ask)
    message.reactions.clear()
    await ask.api.feed.cleared(message)


async def who(ask: Ask) -> list[Json]:
    users = _message(ask).reactions.get(_emoji(ask), [])
    return [user_json(ask.api.world.users[id_]) for id_ in users]


async def _remove(ask: Ask, user_id: str) -> None:
    message, emoji = _message(ask), _emoji(ask)
    users = message.reactions.get(emoji, [])
    if user_id not in users:
        raise refuse(10014)
    users.remove(user_id)
    if not users:
        del message.reactions[emoji]
    user = ask.api.world.users[user_id]
    await ask.api.feed.reaction(message, user, emoji, is_added=False)


def _message(ask: Ask) -> Message:
    return ask.api.world.message(ask.channel(), ask.parts["message_id"])


def _emoji(ask: Ask) -> str:
    emoji = ask.parts["emoji"]
    if not emoji or emoji.isalnum():
        raise refuse(10014)
    return emoji


_ALL = "/channels/{channel_id}/messages/{message_id}/reactions"
_EMOJI = _ALL + "/{emoji}"
ROUTES: dict[str, Handler] = {
    f"PUT {_EMOJI}/@me": add,
    f"DELETE {_EMOJI}/@me": take_back,
    f"DELETE {_EMOJI}/{{user_id}}": remove,
    f"DELETE {_ALL}": clear,
    f"GET {_EMOJI}": who,
}
