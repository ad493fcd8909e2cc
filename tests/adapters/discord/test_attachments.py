"""Files that people send, within limits that are said kindly."""

from typing import Any

from adapters.discord.markup import LIMITS
from bot.adapter import Limits
from tests.adapters.discord.simulated import World, open_world

SMALL = Limits(
    LIMITS.text_units,
    count_units=LIMITS.count_units,
    edit_interval_s=0.02,
    attachment_bytes=2_000_000,
    attachments=2,
)


async def send(world: World, *files: tuple[str, bytes], text: str = "look") -> Any:
    await world.ada.send(world.general, f"{world.me} {text}", attachments=list(files))
    return world.inbox.messages[-1]


async def test_files_come_in_with_name_kind_and_content(world: World) -> None:
    message = await send(world, ("notes.txt", b"hello"), ("fox.png", b"\x89PNG"))
    found = [(f.name, f.media_type, f.content) for f in message.attachments]
    assert found == [
        ("notes.txt", "text/plain", b"hello"),
        ("fox.png", "image/png", b"\x89PNG"),
    ]


async def test_file_that_is_too_large_is_left_out_and_said_to_its_author() -> None:
    async with open_world(limits=SMALL) as world:
        message = await send(world, ("big.txt", bytes(2_000_001)), ("a.txt", b"a"))
        assert [file.name for file in message.attachments] == ["a.txt"]
        assert message.text == "look"
        (said,) = world.ada.user.dm_channel.history()
        assert said.content == "“big.txt” is too large for me: I take up to 2 MB."
        assert world.texts(world.general) == []


async def test_more_files_than_it_looks_at_are_said_to_be() -> None:
    async with open_world(limits=SMALL) as world:
        files = [(f"{number}.txt", b"x") for number in range(4)]
        message = await send(world, *files)
        assert [file.name for file in message.attachments] == ["0.txt", "1.txt"]
        (said,) = world.ada.user.dm_channel.history()
        assert "I look at 2 files" in said.content


async def test_file_that_cannot_be_fetched_is_said_to_be(world: World) -> None:
    backend = world.env.backend
    stored = backend.store_attachments(world.general.id, [("a.txt", b"a")])
    for one in stored:
        one["url"] = one["proxy_url"] = "https://cdn.example/gone"
    backend.create_message(
        world.general.id, world.ada.id, f"{world.me} look", attachments=stored
    )
    await world.env.settle()
    assert world.inbox.messages[-1].attachments == ()
    (said,) = world.ada.user.dm_channel.history()
    assert "could not fetch “a.txt”" in said.content


async def test_files_between_people_are_not_fetched(world: World) -> None:
    await world.ada.send(world.general, "for Bert", attachments=[("a.txt", b"a")])
    assert world.inbox.messages[-1].attachments == ()


async def test_voice_message_is_known_as_one(world: World) -> None:
    backend = world.env.backend
    stored = backend.store_attachments(world.general.id, [("voice.ogg", b"OggS")])
    stored[0] |= {"duration_secs": 1.5, "waveform": "AAAA", "flags": 0}
    stored[0]["content_type"] = "audio/ogg"
    channel = backend.get_dm_channel(world.ada.id)
    backend.create_message(channel.id, world.ada.id, "", attachments=stored)
    await world.env.settle()
    (message,) = world.inbox.messages
    (file,) = message.attachments
    assert file.is_voice
    assert file.media_type == "audio/ogg"
