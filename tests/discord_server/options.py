"""The options of a slash command, as a person fills them in."""

from collections.abc import Mapping

from tests.discord_server.messages import File
from tests.discord_server.payloads import (
    channel_json,
    file_json,
    member_json,
    role_json,
    user_json,
)
from tests.discord_server.places import Channel, Role, User
from tests.discord_server.refusals import Json

__all__ = ["options_of"]

_SUB, _GROUP, _STRING, _INTEGER, _NUMBER = 1, 2, 3, 4, 10


def options_of(
    command: Json,
    path: list[str],
    given: Mapping[str, object],
    resolved: Json,
    *,
    focused: str,
    channel: Channel,
) -> list[Json]:
    """Return the options as Discord sends them, what ids mean put into `resolved`.

    Raises:
        LookupError: one is not registered, has a wrong value, or is missing.
    """
    known = {option["name"]: option for option in command.get("options") or []}
    if path:
        inner = known.get(path[0])
        if inner is None or inner["type"] not in {_SUB, _GROUP}:
            raise LookupError(f"no part named {path[0]!r} was registered")
        options = options_of(
            inner, path[1:], given, resolved, focused=focused, channel=channel
        )
        return [{"name": path[0], "type": inner["type"], "options": options}]
    for name, option in known.items():
        if option.get("required") and name not in given and not focused:
            raise LookupError(f"option {name!r} is required")
    listed = []
    for name, value in given.items():
        if name not in known:
            raise LookupError(f"no option named {name!r} was registered")
        option = known[name]
        shown: Json = {"name": name, "type": option["type"]}
        shown["value"] = _value(value, resolved, channel)
        if name == focused:
            shown["focused"] = True
        else:
            _check(option, value)
        listed.append(shown)
    return listed


def _check(option: Json, value: object) -> None:
    choices = option.get("choices") or []
    if choices and value not in [choice["value"] for choice in choices]:
        raise LookupError(f"{value!r} is not among the choices")
    kind = option["type"]
    if kind == _STRING:
        is_right = isinstance(value, str)
        size = len(value) if isinstance(value, str) else 0
        low, high = option.get("min_length", 0), option.get("max_length", 6000)
    elif kind in {_INTEGER, _NUMBER}:
        is_right = isinstance(value, int if kind == _INTEGER else int | float)
        size = value if isinstance(value, int | float) else 0  # type: ignore[assignment]
        low = option.get("min_value", float("-inf"))
        high = option.get("max_value", float("inf"))
    else:
        return
    if not is_right or not low <= size <= high:
        raise LookupError(f"{value!r} is not taken by option {option['name']!r}")


def _value(value: object, resolved: Json, channel: Channel) -> object:
    def keep(kind: str, id_: str, shown: Json) -> str:
        resolved.setdefault(kind, {})[id_] = shown
        return id_

    if isinstance(value, User):
        guild = channel.guild
        if guild and value.id in guild.members:
            member = member_json(guild.members[value.id], with_user=False)
            granted = str(int(guild.permissions(value, channel)))
            keep("members", value.id, member | {"permissions": granted})
        return keep("users", value.id, user_json(value))
    if isinstance(value, Role):
        return keep("roles", value.id, role_json(value))
    if isinstance(value, Channel):
        return keep("channels", value.id, channel_json(value) | {"permissions": "0"})
    if isinstance(value, File):
        return keep("attachments", value.id, file_json(value))
    return value
