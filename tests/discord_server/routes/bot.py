"""The bot itself: who it is, where its gateway is, its commands, its DMs."""

from tests.discord_server.api import Ask, Handler
from tests.discord_server.payloads import channel_json, user_json
from tests.discord_server.places import Guild
from tests.discord_server.refusals import Json, refuse

__all__ = ["ROUTES"]


async def me(ask: Ask) -> Json:
    return user_json(ask.api.world.bot)


async def application(ask: Ask) -> Json:
    world = ask.api.world
    owner = next(user for user in world.users.values() if not user.is_bot)
    return {
        "id": world.application_id,
        "name": world.bot.name,
        "description": "",
        "icon": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": user_json(owner),
        "team": None,
        "verify_key": "0" * 64,
        "flags": 0,
        "summary": "",
    }


async def gateway(ask: Ask) -> Json:
    return {"url": ask.api.gateway.url}


async def bot_gateway(ask: Ask) -> Json:
    return {
        "url": ask.api.gateway.url,
        "shards": ask.api.gateway.num_shards,
        "session_start_limit": {
            "total": 1000,
            "remaining": ask.api.gateway.identifies_left,
            "reset_after": 86_400_000,
            "max_concurrency": 1,
        },
    }


async def open_dm(ask: Ask) -> Json:
    user = ask.api.world.users.get(str(ask.body.fields.get("recipient_id")))
    if user is None:
        raise refuse(10013)
    if user.is_bot:
        raise refuse(50007)
    return channel_json(ask.api.world.dm(user))


async def user(ask: Ask) -> Json:
    found = ask.api.world.users.get(ask.parts["user_id"])
    if found is None:
        raise refuse(10013)
    return user_json(found)


async def commands(ask: Ask) -> list[Json]:
    return ask.api.world.commands.all(_scope(ask))


async def replace_commands(ask: Ask) -> list[Json]:
    return ask.api.world.commands.replace(ask.body.items, _scope(ask))


async def put_command(ask: Ask) -> Json:
    return ask.api.world.commands.put(ask.body.fields, _scope(ask))


async def command(ask: Ask) -> Json:
    return ask.api.world.commands.get(ask.parts["command_id"], _scope(ask))


async def change_command(ask: Ask) -> Json:
    before = await command(ask)
    kept = {key: value for key, value in before.items() if key != "id"}
    return ask.api.world.commands.put(kept | ask.body.fields, _scope(ask))


async def remove_command(ask: Ask) -> None:
    ask.api.world.commands.remove(ask.parts["command_id"], _scope(ask))


def _scope(ask: Ask) -> str:
    if ask.parts["application_id"] != ask.api.world.application_id:
        raise refuse(50001)
    guild_id = ask.parts.get("guild_id", "")
    guild: Guild | None = ask.api.world.guild(guild_id) if guild_id else None
    return guild.id if guild else ""


_GLOBAL = "/applications/{application_id}/commands"
_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"
ROUTES: dict[str, Handler] = {
    "GET /users/@me": me,
    "GET /oauth2/applications/@me": application,
    "GET /applications/@me": application,
    "GET /gateway": gateway,
    "GET /gateway/bot": bot_gateway,
    "POST /users/@me/channels": open_dm,
    "GET /users/{user_id}": user,
}
for _path in (_GLOBAL, _GUILD):
    ROUTES |= {
        f"GET {_path}": commands,
        f"PUT {_path}": replace_commands,
        f"POST {_path}": put_command,
        f"GET {_path}/{{command_id}}": command,
        f"PATCH {_path}/{{command_id}}": change_command,
        f"DELETE {_path}/{{command_id}}": remove_command,
    }
