"""Commands are told when they have changed, and only then."""

from typing import Any

import pytest

from adapters.fake.inbox import RecordingInbox
from bot.commands.command import Answer, Arguments, Command, CommandContext
from bot.errors import ConfigError
from bot.fake_settings import FakeSettings
from bot.words import T
from tests.adapters.discord.simulated import (
    Simulated,
    World,
    build_adapter,
    open_world,
)


async def _nothing(context: CommandContext, arguments: Arguments) -> Answer:
    return Answer("")


FOX = Command("fox", T("Show a fox."), _nothing)
OWL = Command("owl", T("Show an owl."), _nothing)


def told(env: Any) -> list[Any]:
    """Return each list of commands that Discord was told, and for which server."""
    return [
        (
            request.path.split("/guilds/")[1].split("/")[0]
            if "/guilds/" in request.path
            else "",
            sorted(one["name"] for one in request.json if one["type"] == 1),
        )
        for request in env.http_requests
        if request.method == "PUT" and request.path.endswith("/commands")
    ]


async def again(world: World, commands: tuple[Command, ...], guild: str = "") -> None:
    """Start the bot anew with these commands."""
    adapter = build_adapter(
        Simulated(world.env),
        world.inbox,
        settings=world.settings,
        commands=commands,
        config={"development_guild": guild},
    )
    await adapter.__aenter__()


async def test_commands_are_told_when_they_change() -> None:
    async with open_world(commands=(FOX,)) as world:
        await again(world, (FOX,))
        assert told(world.env) == [("", ["fox", "help"])]
        await again(world, (FOX, OWL))
        assert told(world.env)[1:] == [("", ["fox", "help", "owl"])]
        await again(world, (FOX, OWL))
        assert len(told(world.env)) == 2


async def test_commands_that_are_tried_are_one_servers_alone_and_go_again() -> None:
    async with open_world(commands=(FOX,)) as world:
        guild = str(world.guild.id)
        await again(world, (FOX, OWL), guild)
        assert told(world.env)[1:] == [(guild, ["fox", "help", "owl"])]
        await again(world, (FOX, OWL))
        assert told(world.env)[2:] == [(guild, []), ("", ["fox", "help", "owl"])]


async def test_commands_that_could_not_be_told_are_told_at_the_next_start() -> None:
    settings = FakeSettings()
    async with open_world(settings=settings) as world:
        path = "/applications/*/commands"
        world.env.inject_error("PUT", path, status=500, times=1)
        await again(world, (FOX,))
        assert world.adapter.client.is_ready()
        await again(world, (FOX,))
        assert told(world.env)[-1] == ("", ["fox", "help"])


async def test_being_ready_again_tells_nothing() -> None:
    async with open_world(commands=(FOX,)) as world:
        for _ in range(3):
            world.adapter.client.dispatch("ready")
        await world.env.settle()
        assert len(told(world.env)) == 1


@pytest.mark.parametrize("count", [6])
async def test_menus_are_told_with_the_commands(count: int) -> None:
    async with open_world() as world:
        (request,) = (
            one for one in world.env.http_requests if one.path.endswith("/commands")
        )
        kinds = [one["type"] for one in request.json]
        assert sum(kind in (2, 3) for kind in kinds) == count


def test_server_that_is_no_id_is_said_to_be_none() -> None:
    config: dict[str, object] = {"development_guild": "my server"}
    with pytest.raises(ConfigError, match="my server"):
        build_adapter(Simulated(), RecordingInbox(), config=config)
