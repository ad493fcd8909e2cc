"""Posts on Discord that are out: changed in every place, or taken away."""

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import ForbiddenError, GoneError
from bot.messages import Attachment, Channel
from bot.publication import Link, Poll, Publication, Published
from tests.adapters.discord.simulated import World, forbid

PICTURE = Attachment("fox.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"x" * 100)
POST = Publication(
    id="p-17",
    title="Foxes at night",
    body="They hear a mouse under the snow.",
    picture=PICTURE,
    sources=(Link("A book", "https://example.org/book"),),
    byline="Written by AI",
)
LONG = "word " * 2000


@pytest.fixture
def place(world: World) -> Channel:
    return world.place(world.general)


async def publish(world: World, place: Channel, **changes: Any) -> Published:
    return await world.adapter.publish(place, replace(POST, **changes), nonce="d-1")


async def revise(
    world: World, place: Channel, published: Published, **changes: Any
) -> Published:
    publication = replace(POST, **changes)
    return await world.adapter.revise(place, published, publication, nonce="c-1")


async def test_embed_and_picture_change_and_the_footer_still_names_the_post(
    world: World, place: Channel
) -> None:
    published = await publish(world, place)
    cover = replace(PICTURE, content=PICTURE.content + b"y")
    again = await revise(
        world, place, published, title="Owls", body="They hoot.", picture=cover
    )
    assert again == published
    (said,) = world.shown(world.general)
    (embed,) = said.embeds
    assert (embed.title, embed.description) == ("Owls", "They hoot.")
    assert embed.footer.text == "Written by AI · p-17"
    assert [file.size for file in said.attachments] == [len(cover.content)]


async def test_discussion_below_a_post_changes_with_it(
    world: World, place: Channel
) -> None:
    published = await publish(world, place, body=LONG, discussion="Foxes at night")
    (thread,) = world.general.threads
    await revise(
        world, place, published, body="owl " * 2000, discussion="Owls at night"
    )
    assert thread.name == "Owls at night"
    assert " ".join(world.texts(thread)).split()[:2000] == ["owl"] * 2000
    assert await revise(world, place, published, body="Short.") == replace(
        published, message_ids=(published.message_id,)
    )
    assert world.texts(thread) == []


async def test_forum_post_changes_its_name_and_its_first_message(
    world: World,
) -> None:
    forum = world.guild.create_forum_channel("library")
    await world.env.settle()
    place = world.place(forum)
    published = await publish(world, place, body=LONG)
    again = await revise(world, place, published, title="Owls", body="They hoot.")
    (thread,) = forum.threads
    assert thread.name == "Owls"
    (first,) = world.shown(thread)
    assert first.embeds[0].description == "They hoot."
    assert again.thread_id == str(thread.id)
    await world.adapter.retract(place, again)
    assert forum.threads == []
    await world.adapter.retract(place, again)


async def test_thread_that_may_not_be_deleted_is_emptied_and_the_right_is_named(
    world: World, place: Channel
) -> None:
    published = await publish(world, place, body=LONG, discussion="Foxes at night")
    (thread,) = world.general.threads
    forbid(world, world.general, "manage_threads")
    with pytest.raises(ForbiddenError, match="Manage Threads"):
        await world.adapter.retract(place, published)
    assert world.texts(thread) == []
    assert world.shown(world.general) == []


async def test_thread_below_a_post_goes_with_it(world: World, place: Channel) -> None:
    published = await publish(world, place, body=LONG, discussion="Foxes at night")
    await world.adapter.retract(place, published)
    assert world.general.threads == []
    assert world.shown(world.general) == []


async def test_poll_stays_while_the_text_changes_and_goes_with_the_post(
    world: World, place: Channel
) -> None:
    poll = Poll("Which is a fox?", ("Rex", "Vulpes"), correct=1)
    published = await publish(world, place, poll=poll)
    again = await revise(world, place, published, body="They hoot.", poll=poll)
    assert again.poll_message_id == published.poll_message_id
    assert world.shown(world.general)[-1].poll is not None
    await world.adapter.retract(place, again)
    assert world.shown(world.general) == []


async def test_post_that_somebody_deleted_is_gone(world: World, place: Channel) -> None:
    published = await publish(world, place)
    world.env.backend.delete_message(world.general.id, int(published.message_id))
    await world.env.settle()
    with pytest.raises(GoneError):
        await revise(world, place, published, body="They hoot.")
    await world.adapter.retract(place, published)


async def test_post_has_an_address(world: World, place: Channel) -> None:
    assert world.adapter.link(place, "7") == (
        f"https://discord.com/channels/{world.guild.id}/{world.general.id}/7"
    )
