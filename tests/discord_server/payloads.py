"""The world as Discord writes it in JSON."""

from datetime import timedelta

from tests.discord_server.messages import File, Message
from tests.discord_server.places import Channel, Guild, Kind, Member, Role, User
from tests.discord_server.refusals import Json
from tests.discord_server.world import World

__all__ = [
    "channel_json",
    "file_json",
    "guild_json",
    "member_json",
    "message_json",
    "role_json",
    "thread_json",
    "user_json",
]


def user_json(user: User) -> Json:
    """Return a user."""
    return {
        "id": user.id,
        "username": user.name,
        "global_name": None if user.is_bot else user.name.title(),
        "discriminator": "0000" if user.is_bot else "0",
        "avatar": None,
        "bot": user.is_bot,
        "public_flags": 0,
    }


def member_json(member: Member, *, with_user: bool = True) -> Json:
    """Return a member, with or without the user that it is."""
    shown: Json = {
        "nick": member.nick,
        "avatar": None,
        "roles": [role.id for role in member.roles],
        "joined_at": "2024-01-01T00:00:00+00:00",
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": member.timed_out_until,
    }
    return shown | {"user": user_json(member.user)} if with_user else shown


def role_json(role: Role) -> Json:
    """Return a role."""
    return {
        "id": role.id,
        "name": role.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": role.position,
        "permissions": str(int(role.permissions)),
        "managed": False,
        "mentionable": role.is_mentionable,
        "flags": 0,
    }


def channel_json(channel: Channel) -> Json:
    """Return a channel, a thread or a DM."""
    if channel.is_thread:
        return thread_json(channel)
    last = next(reversed(channel.messages), None)
    shown: Json = {
        "id": channel.id,
        "type": int(channel.kind),
        "last_message_id": last,
    }
    if channel.kind is Kind.DM:
        assert channel.recipient is not None
        return shown | {"recipients": [user_json(channel.recipient)], "flags": 0}
    assert channel.guild is not None
    shown |= {
        "guild_id": channel.guild.id,
        "name": channel.name,
        "position": 0,
        "parent_id": channel.parent.id if channel.parent else None,
        "topic": channel.topic,
        "nsfw": channel.is_age_restricted,
        "rate_limit_per_user": channel.slowmode_s,
        "permission_overwrites": [
            {
                "id": id_,
                "type": int(overwrite.is_member),
                "allow": str(int(overwrite.allow)),
                "deny": str(int(overwrite.deny)),
            }
            for id_, overwrite in channel.overwrites.items()
        ],
        "flags": 1 << 4 if channel.must_tag else 0,
    }
    if channel.kind is Kind.VOICE:
        shown |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
    if channel.kind is Kind.FORUM:
        shown |= {
            "available_tags": [
                {
                    "id": tag.id,
                    "name": tag.name,
                    "moderated": tag.is_moderated,
                    "emoji_id": None,
                    "emoji_name": None,
                }
                for tag in channel.tags
            ],
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
            "template": "",
        }
    return shown


def thread_json(thread: Channel) -> Json:
    """Return a thread or a post of a forum."""
    assert thread.guild is not None
    assert thread.parent is not None
    return {
        "id": thread.id,
        "type": int(thread.kind),
        "guild_id": thread.guild.id,
        "parent_id": thread.parent.id,
        "owner_id": thread.owner_id,
        "name": thread.name,
        "last_message_id": next(reversed(thread.messages), None),
        "message_count": len(thread.messages),
        "total_message_sent": len(thread.messages),
        "member_count": len(thread.thread_members),
        "rate_limit_per_user": thread.slowmode_s,
        "applied_tags": list(thread.applied_tags),
        "flags": 0,
        "thread_metadata": {
            "archived": thread.is_archived,
            "locked": thread.is_locked,
            "auto_archive_duration": thread.archive_after_min,
            "archive_timestamp": thread.created_at,
            "create_timestamp": thread.created_at,
        },
    }


def guild_json(guild: Guild, bot: User, *, with_members: bool) -> Json:
    """Return a guild as GUILD_CREATE has it; without the intent only the bot is in."""
    members = [
        member_json(member)
        for member in guild.members.values()
        if with_members or member.user is bot
    ]
    channels = guild.channels.values()
    return {
        "id": guild.id,
        "name": guild.name,
        "owner_id": guild.owner.id,
        "icon": None,
        "description": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "features": ["COMMUNITY", "NEWS"],
        "preferred_locale": guild.preferred_locale,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "afk_timeout": 300,
        "afk_channel_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "vanity_url_code": None,
        "application_id": None,
        "joined_at": "2024-01-01T00:00:00+00:00",
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "roles": [role_json(role) for role in guild.roles.values()],
        "members": members,
        "channels": [channel_json(c) for c in channels if not c.is_thread],
        "threads": [thread_json(c) for c in channels if c.is_thread],
        "emojis": [],
        "stickers": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def file_json(file: File) -> Json:
    """Return a file that is in a message."""
    shown: Json = {
        "id": file.id,
        "filename": file.name,
        "size": len(file.content),
        "url": file.url,
        "proxy_url": file.url,
        "content_type": file.media_type,
        "flags": 0,
    }
    if file.description:
        shown["description"] = file.description
    if file.duration_s is not None:
        shown |= {"duration_secs": file.duration_s, "waveform": file.waveform}
    return shown


def message_json(
    message: Message,
    world: World,
    *,
    with_content: bool = True,
    is_nested: bool = False,
) -> Json:
    """Return a message; `with_content=False` leaves out what the intent is for."""
    channel, guild = message.channel, message.channel.guild
    shown: Json = {
        "id": message.id,
        "channel_id": channel.id,
        "type": message.kind,
        "author": user_json(message.author),
        "content": message.content if with_content else "",
        "timestamp": message.created_utc.isoformat(),
        "edited_timestamp": message.edited_utc and message.edited_utc.isoformat(),
        "tts": False,
        "mention_everyone": message.pings_everyone,
        "mentions": [user_json(user) for user in message.pinged_users],
        "mention_roles": message.pinged_roles,
        "attachments": [file_json(f) for f in message.attachments if with_content],
        "embeds": message.embeds if with_content else [],
        "components": message.components if with_content else [],
        "pinned": message.id in channel.pins,
        "flags": message.flags,
        "reactions": [
            {
                "emoji": {"id": None, "name": emoji},
                "count": len(users),
                "me": world.bot.id in users,
                "count_details": {"burst": 0, "normal": len(users)},
                "burst_colors": [],
                "me_burst": False,
            }
            for emoji, users in message.reactions.items()
        ],
    }
    if message.nonce is not None:
        shown["nonce"] = message.nonce
    if message.application_id:
        shown["application_id"] = message.application_id
        shown["webhook_id"] = message.application_id
    if message.interaction:
        shown["interaction_metadata"] = message.interaction
    if message.poll is not None and with_content:
        shown["poll"] = _poll_json(message, world)
    if message.thread is not None:
        shown["thread"] = thread_json(message.thread)
    if message.reply_to is not None:
        shown["message_reference"] = {
            "message_id": message.reply_to.id,
            "channel_id": message.reply_to.channel.id,
            "guild_id": guild.id if guild else None,
        }
        if not is_nested:
            shown["referenced_message"] = (
                None
                if message.reply_to.is_deleted
                else message_json(
                    message.reply_to, world, with_content=with_content, is_nested=True
                )
            )
    return shown


def _poll_json(message: Message, world: World) -> Json:
    assert message.poll is not None
    counts = [
        {"id": answer, "count": len(users), "me_voted": world.bot.id in users}
        for answer, users in sorted(message.votes.items())
    ]
    is_final = bool(message.poll.get("is_finalized"))
    poll = dict(message.poll)
    poll.pop("is_finalized", None)
    expiry_utc = message.created_utc + timedelta(hours=poll.pop("duration"))
    poll["expiry"] = expiry_utc.isoformat()
    return poll | {"results": {"is_finalized": is_final, "answer_counts": counts}}
