"""Channels, threads, posts of forums, guilds and their members."""

from tests.discord_server.api import Ask, Handler
from tests.discord_server.payloads import (
    channel_json,
    guild_json,
    member_json,
    message_json,
    role_json,
    thread_json,
)
from tests.discord_server.permissions import Permission
from tests.discord_server.places import Channel, Guild, Kind, Member
from tests.discord_server.refusals import Json, invalid_form, refuse
from tests.discord_server.routes.messages import remove

__all__ = ["ROUTES"]

P = Permission


async def channel(ask: Ask) -> Json:
    return channel_json(ask.channel())


async def change_channel(ask: Ask) -> Json:
    found, fields = ask.channel(), ask.body.fields
    ask.channel(P.MANAGE_THREADS if found.is_thread else P.MANAGE_CHANNELS)
    found.name = str(fields.get("name", found.name))
    found.topic = fields.get("topic", found.topic)
    found.slowmode_s = int(fields.get("rate_limit_per_user", found.slowmode_s) or 0)
    if not 0 <= found.slowmode_s <= 21600:
        path, words = "rate_limit_per_user", "Must be between 0 and 21600."
        raise invalid_form(path, "NUMBER_TYPE_RANGE", words)
    if found.is_thread:
        found.is_archived = bool(fields.get("archived", found.is_archived))
        found.is_locked = bool(fields.get("locked", found.is_locked))
        found.applied_tags = list(fields.get("applied_tags", found.applied_tags))
    event = "THREAD_UPDATE" if found.is_thread else "CHANNEL_UPDATE"
    await ask.api.feed.channel(event, found)
    return channel_json(found)


async def delete_channel(ask: Ask) -> Json:
    found = ask.channel()
    ask.channel(P.MANAGE_THREADS if found.is_thread else P.MANAGE_CHANNELS)
    shown = channel_json(found)
    ask.api.world.remove_channel(found)
    event = "THREAD_DELETE" if found.is_thread else "CHANNEL_DELETE"
    await ask.api.feed.channel(event, found)
    return shown


async def start_thread(ask: Ask) -> Json:
    """Start a thread from a message."""
    parent = ask.channel(P.CREATE_PUBLIC_THREADS)
    message = ask.api.world.message(parent, ask.parts["message_id"])
    if message.thread is not None:
        raise refuse(160004)
    thread = _new_thread(ask, parent, id_=message.id)
    message.thread = thread
    await ask.api.feed.channel("THREAD_CREATE", thread)
    await ask.api.feed.message("MESSAGE_UPDATE", message)
    return thread_json(thread)


async def start_post(ask: Ask) -> Json:
    """Start a thread without a message, or a post in a forum with its first one."""
    parent = ask.channel()
    if parent.kind is not Kind.FORUM:
        ask.channel(P.CREATE_PUBLIC_THREADS)
        thread = _new_thread(ask, parent)
        await ask.api.feed.channel("THREAD_CREATE", thread)
        return thread_json(thread)
    ask.channel(P.SEND_MESSAGES)
    fields = ask.body.fields
    tags = [str(tag) for tag in fields.get("applied_tags") or []]
    _check_tags(parent, tags)
    first = fields.get("message")
    if not isinstance(first, dict):
        raise invalid_form("message", "BASE_TYPE_REQUIRED", "This field is required")
    thread = _new_thread(ask, parent)
    thread.applied_tags = tags
    ask.body.json = first
    try:
        message = ask.api.composer.new(thread, ask.api.world.bot, ask.body)
    except Exception:
        ask.api.world.remove_channel(thread)
        raise
    # A post's first message has the post's own id.
    del thread.messages[message.id]
    message.id = thread.id
    thread.messages[message.id] = message
    await ask.api.feed.channel("THREAD_CREATE", thread)
    await ask.api.feed.message("MESSAGE_CREATE", message)
    return thread_json(thread) | {"message": message_json(message, ask.api.world)}


async def join_thread(ask: Ask) -> None:
    ask.channel().thread_members.add(ask.api.world.bot.id)


async def leave_thread(ask: Ask) -> None:
    ask.channel().thread_members.discard(ask.api.world.bot.id)


async def guild(ask: Ask) -> Json:
    return guild_json(_guild(ask), ask.api.world.bot, with_members=False)


async def channels(ask: Ask) -> list[Json]:
    return [channel_json(c) for c in _guild(ask).channels.values() if not c.is_thread]


async def active_threads(ask: Ask) -> Json:
    threads = [
        thread_json(found)
        for found in _guild(ask).channels.values()
        if found.is_thread and not found.is_archived
    ]
    return {"threads": threads, "members": [], "has_more": False}


async def roles(ask: Ask) -> list[Json]:
    return [role_json(role) for role in _guild(ask).roles.values()]


async def member(ask: Ask) -> Json:
    return member_json(_member(ask))


async def change_member(ask: Ask) -> Json:
    """Time a member out, or give them another name."""
    found, fields = _member(ask), ask.body.fields
    if "communication_disabled_until" in fields:
        _need(ask, P.MODERATE_MEMBERS)
        if _guild(ask).permissions(found.user) & P.ADMINISTRATOR:
            raise refuse(50013)
        found.timed_out_until = fields["communication_disabled_until"]
    found.nick = fields.get("nick", found.nick)
    await ask.api.feed.member("GUILD_MEMBER_UPDATE", _guild(ask), found)
    return member_json(found)


async def kick(ask: Ask) -> None:
    _need(ask, P.KICK_MEMBERS)
    await _remove_member(ask, _member(ask))


async def ban(ask: Ask) -> None:
    _need(ask, P.BAN_MEMBERS)
    found = _guild(ask)
    found.banned[ask.parts["user_id"]] = ask.reason or ""
    if ask.parts["user_id"] in found.members:
        target = _member(ask)
        if ask.body.fields.get("delete_message_seconds"):
            for place in found.channels.values():
                for message in list(place.messages.values()):
                    if message.author is target.user:
                        remove(place, message)
        await _remove_member(ask, target)


async def unban(ask: Ask) -> None:
    _need(ask, P.BAN_MEMBERS)
    _guild(ask).banned.pop(ask.parts["user_id"], None)


async def leave(ask: Ask) -> None:
    found = _guild(ask)
    del found.members[ask.api.world.bot.id]
    await ask.api.feed.guild("GUILD_DELETE", found, unavailable=False)


def _guild(ask: Ask) -> Guild:
    return ask.api.world.guild(ask.parts["guild_id"])


def _member(ask: Ask) -> Member:
    user_id = ask.parts.get("user_id", ask.api.world.bot.id)
    found = _guild(ask).members.get(user_id)
    if found is None:
        raise refuse(10007)
    return found


def _need(ask: Ask, permission: Permission) -> None:
    if not _guild(ask).permissions(ask.api.world.bot) & permission:
        raise refuse(50013)


async def _remove_member(ask: Ask, target: Member) -> None:
    found = _guild(ask)
    if target.user is found.owner:
        raise refuse(50013)
    del found.members[target.user.id]
    await ask.api.feed.member("GUILD_MEMBER_REMOVE", found, target)


def _new_thread(ask: Ask, parent: Channel, *, id_: str = "") -> Channel:
    name = str(ask.body.fields.get("name") or "")
    if not 1 <= len(name) <= 100:
        words = "Must be between 1 and 100 in length."
        raise invalid_form("name", "BASE_TYPE_BAD_LENGTH", words)
    if parent.kind not in {Kind.TEXT, Kind.NEWS, Kind.FORUM}:
        raise refuse(50024)
    thread = ask.api.world.add_thread(parent, name, ask.api.world.bot, id=id_)
    archive_after_min = int(ask.body.fields.get("auto_archive_duration") or 1440)
    if archive_after_min not in {60, 1440, 4320, 10080}:
        raise invalid_form("auto_archive_duration", "BASE_TYPE_CHOICES", "Not valid.")
    thread.archive_after_min = archive_after_min
    return thread


def _check_tags(forum: Channel, tags: list[str]) -> None:
    if len(tags) > 5 or not set(tags) <= {tag.id for tag in forum.tags}:
        raise invalid_form("applied_tags", "INVALID_TAGS", "Unknown or too many tags")
    if forum.must_tag and not tags:
        words = "A tag is required to create a forum post in this channel"
        raise invalid_form("applied_tags", "TAG_REQUIRED", words)


_CHANNEL, _GUILD = "/channels/{channel_id}", "/guilds/{guild_id}"
ROUTES: dict[str, Handler] = {
    f"GET {_CHANNEL}": channel,
    f"PATCH {_CHANNEL}": change_channel,
    f"DELETE {_CHANNEL}": delete_channel,
    f"POST {_CHANNEL}/threads": start_post,
    f"POST {_CHANNEL}/messages/{{message_id}}/threads": start_thread,
    f"PUT {_CHANNEL}/thread-members/@me": join_thread,
    f"DELETE {_CHANNEL}/thread-members/@me": leave_thread,
    f"GET {_GUILD}": guild,
    f"GET {_GUILD}/channels": channels,
    f"GET {_GUILD}/threads/active": active_threads,
    f"GET {_GUILD}/roles": roles,
    f"GET {_GUILD}/members/{{user_id}}": member,
    f"PATCH {_GUILD}/members/@me": change_member,
    f"PATCH {_GUILD}/members/{{user_id}}": change_member,
    f"DELETE {_GUILD}/members/{{user_id}}": kick,
    f"PUT {_GUILD}/bans/{{user_id}}": ban,
    f"DELETE {_GUILD}/bans/{{user_id}}": unban,
    "DELETE /users/@me/guilds/{guild_id}": leave,
}
