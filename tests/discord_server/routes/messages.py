"""Messages: reading, sending, changing, deleting, publishing, pinning, typing."""

from datetime import timedelta

from tests.discord_server.api import Ask, Handler, Limit
from tests.discord_server.intents import Intent
from tests.discord_server.messages import CROSSPOSTED, Message
from tests.discord_server.payloads import message_json
from tests.discord_server.permissions import Permission
from tests.discord_server.places import Channel, Kind
from tests.discord_server.refusals import Json, refuse

__all__ = ["ROUTES"]

HOUR = timedelta(hours=1)
P = Permission


async def listed(ask: Ask) -> list[Json]:
    channel = ask.channel()
    if not ask.api.world.permissions(ask.api.world.bot, channel) & (
        P.READ_MESSAGE_HISTORY
    ):
        return []
    ids = sorted(channel.messages, key=int, reverse=True)
    if "before" in ask.query:
        ids = [id_ for id_ in ids if int(id_) < int(ask.query["before"])]
    if "after" in ask.query:
        ids = [id_ for id_ in ids if int(id_) > int(ask.query["after"])]
        ids = ids[-ask.number("limit", 50, 100) :]
    ids = ids[: ask.number("limit", 50, 100)]
    return [_shown(ask, channel.messages[id_]) for id_ in ids]


async def one(ask: Ask) -> Json:
    channel = ask.channel(P.READ_MESSAGE_HISTORY)
    return _shown(ask, _message(ask, channel))


async def send(ask: Ask) -> Json:
    channel = ask.channel(_sending(ask))
    world, composer, fields = ask.api.world, ask.api.composer, ask.body.fields
    _need_rights(ask, channel)
    if channel.recipient is not None and not channel.recipient.accepts_dms:
        raise refuse(50007)
    message = composer.earlier(world.bot, fields)
    if message is None:
        message = composer.new(channel, world.bot, ask.body)
        await ask.api.feed.message("MESSAGE_CREATE", message)
    return _shown(ask, message)


async def change(ask: Ask) -> Json:
    channel = ask.channel()
    message = _message(ask, channel)
    if message.author is not ask.api.world.bot:
        raise refuse(50005)
    if ask.api.clock.now_utc() - message.created_utc > HOUR:
        limited = ask.api.rates.take_old_edit(channel.id)
        if limited is not None:
            raise Limit(limited.retry_after_s)
    ask.api.composer.change(message, ask.body)
    await ask.api.feed.message("MESSAGE_UPDATE", message)
    return _shown(ask, message)


async def delete(ask: Ask) -> None:
    channel = ask.channel()
    message = _message(ask, channel)
    if message.author is not ask.api.world.bot:
        ask.channel(P.MANAGE_MESSAGES)
    remove(channel, message)
    await ask.api.feed.deleted(channel, [message.id])


async def delete_many(ask: Ask) -> None:
    channel = ask.channel(P.MANAGE_MESSAGES)
    ids = [str(id_) for id_ in ask.body.fields.get("messages") or []]
    if not 2 <= len(ids) <= 100:
        raise refuse(50035)
    found = [channel.messages[id_] for id_ in ids if id_ in channel.messages]
    for message in found:
        remove(channel, message)
    await ask.api.feed.deleted(channel, [message.id for message in found])


async def crosspost(ask: Ask) -> Json:
    channel = ask.channel(P.SEND_MESSAGES)
    message = _message(ask, channel)
    if channel.kind is not Kind.NEWS:
        raise refuse(50068)
    if message.author is not ask.api.world.bot:
        ask.channel(P.MANAGE_MESSAGES)
    if message.is_crossposted:
        raise refuse(40033)
    message.flags |= CROSSPOSTED
    await ask.api.feed.message("MESSAGE_UPDATE", message)
    return _shown(ask, message)


async def typing(ask: Ask) -> None:
    channel = ask.channel(_sending(ask))
    channel.typed.append(ask.api.world.bot.id)
    await ask.api.feed.typing(channel, ask.api.world.bot)


async def pin(ask: Ask) -> None:
    channel = ask.channel(P.MANAGE_MESSAGES)
    message = _message(ask, channel)
    if len(channel.pins) >= 50:
        raise refuse(30003)
    if message.id not in channel.pins:
        channel.pins.append(message.id)


async def unpin(ask: Ask) -> None:
    channel = ask.channel(P.MANAGE_MESSAGES)
    channel.pins.remove(_message(ask, channel).id)


async def end_poll(ask: Ask) -> Json:
    message = _message(ask, ask.channel())
    if message.poll is None or message.author is not ask.api.world.bot:
        raise refuse(50005)
    message.poll["is_finalized"] = True
    await ask.api.feed.message("MESSAGE_UPDATE", message)
    return _shown(ask, message)


def remove(channel: Channel, message: Message) -> None:
    """Take a message out of its channel."""
    channel.messages.pop(message.id, None)
    channel.hidden.pop(message.id, None)
    message.is_deleted = True
    channel.deleted.append(message)


def _message(ask: Ask, channel: Channel) -> Message:
    return ask.api.world.message(channel, ask.parts["message_id"])


def _shown(ask: Ask, message: Message) -> Json:
    world, allowed = ask.api.world, ask.api.gateway.allowed
    with_content = (
        bool(allowed & Intent.MESSAGE_CONTENT)
        or message.channel.guild is None
        or message.author is world.bot
        or world.bot in message.pinged_users
    )
    return message_json(message, world, with_content=with_content)


def _sending(ask: Ask) -> Permission:
    channel = ask.api.world.channel(ask.parts["channel_id"])
    return P.SEND_MESSAGES_IN_THREADS if channel.is_thread else P.SEND_MESSAGES


def _need_rights(ask: Ask, channel: Channel) -> None:
    fields, body = ask.body.fields, ask.body
    if body.files:
        ask.channel(P.ATTACH_FILES)
    if fields.get("embeds"):
        ask.channel(P.EMBED_LINKS)
    if fields.get("poll"):
        ask.channel(P.SEND_POLLS)
    if fields.get("message_reference"):
        granted = ask.api.world.permissions(ask.api.world.bot, channel)
        if not granted & P.READ_MESSAGE_HISTORY:
            raise refuse(160002)
    if channel.is_locked:
        ask.channel(P.MANAGE_THREADS)


_CHANNEL = "/channels/{channel_id}"
_MESSAGE = _CHANNEL + "/messages/{message_id}"
ROUTES: dict[str, Handler] = {
    f"GET {_CHANNEL}/messages": listed,
    f"POST {_CHANNEL}/messages": send,
    f"POST {_CHANNEL}/messages/bulk-delete": delete_many,
    f"POST {_CHANNEL}/typing": typing,
    f"GET {_MESSAGE}": one,
    f"PATCH {_MESSAGE}": change,
    f"DELETE {_MESSAGE}": delete,
    f"POST {_MESSAGE}/crosspost": crosspost,
    f"PUT {_CHANNEL}/messages/pins/{{message_id}}": pin,
    f"DELETE {_CHANNEL}/messages/pins/{{message_id}}": unpin,
    f"PUT {_CHANNEL}/pins/{{message_id}}": pin,
    f"DELETE {_CHANNEL}/pins/{{message_id}}": unpin,
    f"POST {_CHANNEL}/polls/{{message_id}}/expire": end_poll,
}
