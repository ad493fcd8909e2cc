"""What moderators' presses do on Discord, over real HTTP, and what they cannot."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest

from bot.errors import ForbiddenError, GoneError, PlatformError
from bot.messages import Button, Reply, Role
from tests.adapters.discord.served import served
from tests.discord_server.permissions import Permission
from tests.discord_server.server import DiscordServer

MEASURES = (
    Permission.MANAGE_MESSAGES
    | Permission.MODERATE_MEMBERS
    | Permission.KICK_MEMBERS
    | Permission.BAN_MEMBERS
)
PATCH = "PATCH /guilds/{guild_id}/members/{user_id}"


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as started:
        yield started


def let(server: DiscordServer, rights: Permission) -> None:
    """Give the bot a role above the moderators' with these rights."""
    role = server.world.add_role(server.guild, "Hearth", rights)
    server.guild.members[server.bot.id].roles.append(role)


async def test_measures_are_taken_and_the_reason_is_in_discords_log(
    server: DiscordServer,
) -> None:
    let(server, MEASURES)
    said = await server.say(server.general, server.ann, "rude")
    until_utc = datetime.now(UTC) + timedelta(hours=1)
    async with served(server) as adapter:
        place = adapter.channel(server.general.id)
        await adapter.delete_message(place, said.id, reason="Mo, case 1")
        with pytest.raises(GoneError):
            await adapter.delete_message(place, said.id, reason="Mo, case 1")
        await adapter.time_out(
            place, server.ann.id, until_utc=until_utc, reason="Mo, case 1"
        )
        shut = server.guild.members[server.ann.id].timed_out_until
        assert shut is not None
        assert datetime.fromisoformat(shut) - until_utc < timedelta(seconds=1)
        await adapter.kick(place, server.ann.id, reason="Mo, case 1")
        assert server.ann.id not in server.guild.members
        await adapter.ban(place, server.ann.id, reason="Mo, case 1")
        await adapter.ban(place, server.ben.id, reason="Mo, case 2")
        banned = {who: unquote(why) for who, why in server.guild.banned.items()}
        assert banned == {server.ann.id: "Mo, case 1", server.ben.id: "Mo, case 2"}
    assert said.is_deleted


async def test_role_is_asked_anew_and_ends_with_the_rights(
    server: DiscordServer,
) -> None:
    async with served(server) as adapter:
        place = adapter.channel(server.general.id)
        thread = adapter.channel(f"{server.general.id}/{server.thread.id}")
        for where in (place, thread):
            assert await adapter.role_of(where, server.mod.id) is Role.MODERATOR
            assert await adapter.role_of(where, server.ann.id) is Role.MEMBER
        server.guild.members[server.mod.id].roles.clear()
        assert await adapter.role_of(place, server.mod.id) is Role.MEMBER
        with pytest.raises(GoneError):
            await adapter.role_of(place, server.stranger.id)
        server.fail("GET /guilds/{guild_id}/members/{user_id}", status=403, times=9)
        with pytest.raises(PlatformError):
            await adapter.role_of(place, server.mod.id)


async def test_missing_right_is_named_and_discord_is_not_asked(
    server: DiscordServer,
) -> None:
    said = await server.say(server.general, server.ann, "rude")
    async with served(server) as adapter:
        place = adapter.channel(server.general.id)
        with pytest.raises(ForbiddenError, match="Manage Messages"):
            await adapter.delete_message(place, said.id, reason="")
        with pytest.raises(ForbiddenError, match="Timeout Members"):
            await adapter.time_out(
                place, server.ann.id, until_utc=datetime.now(UTC), reason=""
            )
        with pytest.raises(ForbiddenError, match="Kick Members"):
            await adapter.kick(place, server.ann.id, reason="")
        with pytest.raises(ForbiddenError, match="Ban Members"):
            await adapter.ban(place, server.ann.id, reason="")
    assert not [call for call in server.calls if call.status == 403]


async def test_who_stands_higher_is_out_of_reach_and_the_cure_is_said(
    server: DiscordServer,
) -> None:
    let(server, MEASURES)
    above = server.world.add_role(server.guild, "Elders")
    server.guild.members[server.ben.id].roles.append(above)
    async with served(server) as adapter:
        place = adapter.channel(server.general.id)
        with pytest.raises(ForbiddenError, match="Drag my role above theirs"):
            await adapter.kick(place, server.ben.id, reason="")
        with pytest.raises(ForbiddenError, match="owns the server"):
            await adapter.ban(place, server.owner.id, reason="")
    assert server.ben.id in server.guild.members


async def test_card_is_changed_in_place(server: DiscordServer) -> None:
    async with served(server) as adapter:
        place = adapter.channel(server.general.id)
        (card,) = await adapter.send(place, Reply("1 message", (Button("Take", "/x"),)))
        await adapter.change(place, card, Reply("37 messages"))
        assert server.said(server.general) == ["37 messages"]
        (shown,) = server.messages(server.general)
        assert not shown.components
