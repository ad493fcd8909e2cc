"""Private channels are found again after a restart."""

import pytest

from adapters.fake.inbox import RecordingInbox
from bot.errors import GoneError
from bot.messages import Reply
from tests.adapters.discord.simulated import Simulated, World, build_adapter


async def test_private_channel_is_found_again_after_a_restart(world: World) -> None:
    await world.ada.send_dm("hello")
    (message,) = world.inbox.messages
    adapter = build_adapter(
        Simulated(world.env), RecordingInbox(), settings=world.settings
    )
    await adapter.__aenter__()
    place = adapter.channel(message.channel.id)
    assert place == message.channel
    await adapter.send(place, Reply("The moderators have decided."))
    said = world.ada.user.dm_channel.last_message
    assert said.content == "The moderators have decided."


async def test_private_channel_of_a_command_is_known_too(world: World) -> None:
    await world.ada.user.slash("help")
    (message,) = world.inbox.messages
    assert world.adapter.channel(message.channel.id) == message.channel


async def test_channel_that_nobody_has_written_in_is_gone(world: World) -> None:
    with pytest.raises(GoneError):
        world.adapter.channel("123456789012345678")


async def test_deleted_private_message_is_told(world: World) -> None:
    sent = await world.ada.send_dm("hello")
    (message,) = world.inbox.messages
    await world.ada.user.delete(sent)
    assert world.inbox.deletions == [(message.channel, message.id)]
