"""Posts on Discord: whole, once, and where they belong."""

from dataclasses import replace
from typing import Any

import discord
import pytest

from adapters.discord.layout import lay_out
from adapters.discord.polls import as_discord_poll, poll_text
from bot.errors import ForbiddenError, NetworkError, PlatformError
from bot.messages import Attachment, Author, Channel, Role
from bot.provenance import Provenance
from bot.publication import Link, Poll, Publication, Published
from tests.adapters.discord.simulated import World, forbid

PICTURE = Attachment(
    "fox at night.png",
    "image/png",
    b"\x89PNG\r\n\x1a\n" + b"x" * 100,
    description="A fox at night.",
)
MO = Author("1", "Mo", Role.MODERATOR)
NO_EMOJI = {"emoji_name": None, "emoji_id": None}
POST = Publication(
    id="p-17",
    title="Foxes at night",
    body="They hear a mouse under the snow.",
    summary="How foxes hunt.",
    picture=PICTURE,
    sources=(Link("A book", "https://example.org/book"),),
    byline="Written by AI",
)


@pytest.fixture
def place(world: World) -> Channel:
    return world.place(world.general)


async def publish(
    world: World, place: Channel, *, nonce: str = "d-1", **changes: Any
) -> Published:
    from dataclasses import replace

    return await world.adapter.publish(place, replace(POST, **changes), nonce=nonce)


async def test_post_has_title_text_picture_sources_and_says_who_wrote_it(
    world: World, place: Channel
) -> None:
    published = await publish(world, place)
    (said,) = world.shown(world.general)
    assert published.message_ids == (str(said.id),)
    assert published.picture_message_id == str(said.id)
    (embed,) = said.embeds
    assert embed.title == "Foxes at night"
    assert embed.description == "*How foxes hunt.*\n\nThey hear a mouse under the snow."
    assert embed.footer.text == "Written by AI · p-17"
    assert embed.image.url is not None
    (file,) = said.attachments
    assert (file.filename, file.description) == ("picture.png", "A fox at night.")
    assert "<https://example.org/book>" in str(embed.fields[0].value)


async def test_post_repeated_after_a_crash_is_not_there_twice(
    world: World, place: Channel
) -> None:
    body = "word " * 2000
    first = await publish(world, place, body=body, discussion="What do you think?")
    num_messages = len(world.shown(world.general))
    again = await publish(world, place, body=body, discussion="What do you think?")
    assert again == first
    assert len(world.shown(world.general)) == num_messages
    (thread,) = world.general.threads
    texts = " ".join(world.texts(thread))
    assert texts.split()[:2000] == body.split()


async def test_long_post_follows_whole_below_its_summary(
    world: World, place: Channel
) -> None:
    body = "\n\n".join(f"Paragraph {n}: " + "word " * 60 for n in range(40))
    await publish(world, place, body=body)
    first, *rest = world.shown(world.general)
    assert first.embeds[0].description == "How foxes hunt."
    said = " ".join(one.content for one in rest)
    assert body.split() == said.split()[: len(body.split())]
    assert "example.org/book" in said


@pytest.mark.parametrize("length", [10, 255, 257, 3000, 5000])
@pytest.mark.parametrize("num_sources", [0, 1, 30])
def test_layout_keeps_to_discords_limits_and_loses_nothing(
    length: int, num_sources: int
) -> None:
    links = tuple(
        Link(f"Source {n}", f"https://example.org/{n}") for n in range(num_sources)
    )
    post = Publication("p", "t" * length, "b" * length, "s" * length, sources=links)
    layout = lay_out(post, can_unfurl=False)
    embed = layout.embed
    assert len(embed) <= 6000
    assert len(embed.title or "") <= 256
    assert len(embed.description or "") <= 4096
    assert all(len(str(field.value)) <= 1024 for field in embed.fields)
    fields = "".join(str(field.value) for field in embed.fields)
    whole = (embed.title or "") + (embed.description or "") + fields + layout.rest
    assert whole.count("t") >= length
    assert whole.count("b") >= length
    assert all(link.url in whole for link in links)


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, ["card"]),
        ({"body": "word " * 1000}, ["card", "text", "text", "text"]),
        ({"poll": Poll("Which?", ("Cats", "Dogs"))}, ["card", "poll"]),
    ],
)
async def test_preview_is_what_is_sent(
    world: World, place: Channel, changes: dict[str, Any], kinds: list[str]
) -> None:
    from dataclasses import replace

    parts = world.adapter.preview(replace(POST, **changes))
    assert [part.kind for part in parts] == kinds
    assert "Foxes at night" in parts[0].text
    assert "<https://example.org/book>" in "".join(part.text for part in parts)
    await publish(world, place, **changes)
    assert len(world.shown(world.general)) == len(parts)


async def test_role_is_called_only_where_the_post_says_so(
    world: World, place: Channel
) -> None:
    role = world.guild.create_role("Readers", mentionable=True)
    await publish(world, place, body=f"Hello <@&{role.id}> @everyone")
    (said,) = world.shown(world.general)
    assert stored(world, said).ping_role_ids == []
    await publish(world, place, nonce="d-2", mention_role=str(role.id))
    said = world.shown(world.general)[-1]
    assert stored(world, said).ping_role_ids == [role.id]
    assert not stored(world, said).mention_everyone


def stored(world: World, message: discord.Message) -> Any:
    return world.env.backend.get_message(message.channel.id, message.id)


async def test_announcement_is_passed_on(world: World) -> None:
    await publish(world, world.place(world.news))
    (said,) = world.shown(world.news)
    passed_on = [r for r in world.env.http_requests if r.path.endswith("/crosspost")]
    assert [str(said.id) in r.path for r in passed_on] == [True]


async def test_announcement_that_cannot_be_passed_on_is_there_all_the_same(
    world: World,
) -> None:
    world.env.inject_error("POST", "*/crosspost", status=403, code=50013)
    assert (await publish(world, world.place(world.news))).message_id


async def test_discussion_is_opened_below_the_post(
    world: World, place: Channel
) -> None:
    published = await publish(
        world, place, body="word " * 2000, discussion="What do you think of foxes?"
    )
    (thread,) = world.general.threads
    assert str(thread.id) == published.thread_id == published.message_id
    below = [str(one.id) for one in world.shown(thread)]
    assert list(published.message_ids[1:]) == below
    assert thread.name == "What do you think of foxes?"


async def test_post_is_there_where_no_discussion_may_be_opened(
    world: World, place: Channel
) -> None:
    forbid(world, world.general, "create_public_threads")
    await publish(world, place, discussion="What do you think?", body="word " * 2000)
    assert world.general.threads == []
    assert len(world.shown(world.general)) > 1
    assert "Create Public Threads" in str(world.told[0])


@pytest.fixture
async def forum(world: World) -> Any:
    forum = world.guild.create_forum_channel("library")
    channel = world.env.backend.get_channel(forum.id)
    channel.available_tags = [
        {"id": "11", "name": "Nature", "moderated": False, **NO_EMOJI},
        {"id": "12", "name": "Sport", "moderated": False, **NO_EMOJI},
    ]
    world.env.backend.announce_channel_update(forum.id)
    await world.env.settle()
    return forum


async def test_forum_gets_a_thread_with_the_tags_that_it_has(
    world: World, forum: Any
) -> None:
    published = await publish(
        world, world.place(forum), tags=("nature", "astronomy"), body="word " * 2000
    )
    (thread,) = forum.threads
    assert str(thread.id) == published.thread_id
    assert [str(one.id) for one in world.shown(thread)] == [*published.message_ids]
    assert thread.name == "Foxes at night"
    assert world.env.backend.get_channel(thread.id).applied_tags == [11]
    first, *rest = world.shown(thread)
    assert first.embeds[0].title == "Foxes at night"
    assert " ".join(one.content for one in rest).split()[:2000] == ["word"] * 2000


async def test_forum_post_repeated_after_a_crash_is_not_there_twice(
    world: World, forum: Any
) -> None:
    first = await publish(world, world.place(forum))
    assert await publish(world, world.place(forum)) == first
    assert len(forum.threads) == 1
    assert await publish(world, world.place(forum), id="p-18") != first
    assert len(forum.threads) == 2


async def test_forum_that_wants_a_tag_says_which_it_has(
    world: World, forum: Any
) -> None:
    found = world.adapter.client.get_channel(forum.id)
    assert isinstance(found, discord.ForumChannel)
    found._flags |= 1 << 4
    with pytest.raises(PlatformError, match="Nature, Sport"):
        await publish(world, world.place(forum), tags=("astronomy",))


async def test_poll_follows_the_post_and_hides_its_solution(
    world: World, place: Channel
) -> None:
    poll = Poll("Which is a fox?", ("Rex", "Vulpes"), correct=1, explanation="Latin.")
    published = await publish(world, place, poll=poll)
    said = world.shown(world.general)[-1]
    assert published.poll_message_id == str(said.id)
    assert said.poll is not None
    assert [answer.text for answer in said.poll.answers] == ["Rex", "Vulpes"]
    assert said.content == "✅ ||Vulpes – Latin.||"


def test_poll_with_answers_too_long_for_discord_has_letters() -> None:
    poll = Poll("Which?", ("a" * 60, "b"), hours=10_000)
    made = as_discord_poll(poll)
    assert [answer.text for answer in made.answers] == ["A", "B"]
    assert f"**A** {'a' * 60}" in poll_text(poll)
    assert made.duration.days == 32


async def test_missing_right_is_an_error_that_says_which(
    world: World, place: Channel
) -> None:
    forbid(world, world.general, "attach_files")
    with pytest.raises(ForbiddenError, match="Attach Files"):
        await publish(world, place)


async def test_server_that_fails_leaves_it_open_whether_it_arrived(
    world: World, place: Channel
) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=500)
    with pytest.raises((NetworkError, PlatformError)):
        await publish(world, place)


async def test_emoji_and_sticker_can_be_added(world: World) -> None:
    place = world.place(world.general)
    emoji_id = await world.adapter.add_emoji(place, "fox", PICTURE, by=MO)
    assert emoji_id
    drawn = replace(PICTURE, provenance=Provenance("starter", 7))
    assert await world.adapter.add_sticker(place, "F", drawn, emoji="🦊", by=MO) == ""
    reasons = [call.reason for call in world.env.http_requests if call.reason]
    assert reasons == ["Mo", "Mo · Made by AI: starter, seed 7"]


async def test_what_is_no_picture_becomes_no_emoji(world: World) -> None:
    place = world.place(world.general)
    file = Attachment("a.txt", "text/plain", b"hello")
    with pytest.raises(PlatformError, match=r"a\.txt"):
        await world.adapter.add_emoji(place, "fox", file, by=MO)
    big = Attachment("b.png", "image/png", b"x" * 300_000)
    with pytest.raises(PlatformError, match="256 KiB"):
        await world.adapter.add_emoji(place, "fox", big, by=MO)
