"""Whom a message notifies: what is written, less what the sender did not allow."""

import re
from dataclasses import dataclass, field

from tests.discord_server.permissions import Permission
from tests.discord_server.places import Channel, User
from tests.discord_server.refusals import Json, invalid_form
from tests.discord_server.world import World

__all__ = ["Pings", "pings_of"]

_CODE = re.compile(r"```.*?```|``.*?``|`[^`]*`", re.DOTALL)
_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_ALL = re.compile(r"@(?:everyone|here)\b")


@dataclass
class Pings:
    """Who is notified."""

    users: list[User] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    everyone: bool = False


def pings_of(
    content: str,
    allowed: Json | None,
    *,
    author: User,
    channel: Channel,
    world: World,
    replied_to: User | None,
) -> Pings:
    """Return whom a message notifies; without `allowed` all that is written counts."""
    text = _CODE.sub("", content)
    guild = channel.guild
    parse, users, roles = _allowed(allowed)
    pings = Pings()
    for id_ in dict.fromkeys(_USER.findall(text)):
        if id_ in world.users and ("users" in parse or id_ in users):
            pings.users.append(world.users[id_])
    may_all = bool(world.permissions(author, channel) & Permission.MENTION_EVERYONE)
    for id_ in dict.fromkeys(_ROLE.findall(text)):
        role = guild.roles.get(id_) if guild else None
        if role is None or not ("roles" in parse or id_ in roles):
            continue
        if role.is_mentionable or may_all:
            pings.roles.append(id_)
    pings.everyone = bool(
        guild and _ALL.search(text) and "everyone" in parse and may_all
    )
    wants_reply = allowed is None or bool(allowed.get("replied_user"))
    if replied_to is not None and wants_reply and replied_to not in pings.users:
        pings.users.append(replied_to)
    return pings


def _allowed(allowed: Json | None) -> tuple[set[str], set[str], set[str]]:
    if allowed is None:
        return {"users", "roles", "everyone"}, set(), set()
    parse = set(allowed.get("parse") or ())
    users = set(map(str, allowed.get("users") or ()))
    roles = set(map(str, allowed.get("roles") or ()))
    for name, ids in (("users", users), ("roles", roles)):
        if name in parse and ids:
            code = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
            words = f"parse:['{name}'] and {name}: [ids...] are mutually exclusive."
            raise invalid_form("allowed_mentions", code, words)
        if len(ids) > 100:
            words = "Must be 100 or fewer in length."
            path = f"allowed_mentions.{name}"
            raise invalid_form(path, "BASE_TYPE_MAX_LENGTH", words)
    return parse, users, roles
