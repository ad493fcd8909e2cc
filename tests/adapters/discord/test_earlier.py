"""A post that is sent again, long after Discord has forgotten its nonces."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.clock import SystemClock
from bot.errors import ForbiddenError
from bot.publication import Link, Poll, Publication, Published
from tests.adapters.discord.served import served
from tests.discord_server.permissions import Permission
from tests.discord_server.places import Channel
from tests.discord_server.server import DiscordServer

SEND = "POST /channels/{channel_id}/messages"
BEGUN_UTC = SystemClock().now_utc() - timedelta(hours=1)
POST = Publication(
    id="p-17",
    title="Foxes at night",
    body="\n\n".join(f"Paragraph {n}: " + "snow " * 90 for n in range(20)),
    sources=(Link("A book", "https://example.org/book"),),
    poll=Poll("Who hears better?", ("Foxes", "Owls")),
    discussion="What do you think?",
)
AGAIN = replace(POST, begun_utc=BEGUN_UTC)


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as started:
        yield started


@pytest.fixture
async def adapter(server: DiscordServer) -> AsyncIterator[DiscordAdapter]:
    async with served(server) as connected:
        yield connected


def shown(server: DiscordServer, channel: Channel) -> list[str]:
    """Return what the bot says in a channel and below it."""
    below = [one for one in server.world.channels.values() if one.parent is channel]
    return [text for place in (channel, *below) for text in server.said(place)]


async def publish(
    adapter: DiscordAdapter, channel: Channel, publication: Publication
) -> Published:
    place = adapter.channel(channel.id)
    return await adapter.publish(place, publication, nonce="d-1")


@pytest.mark.parametrize("place", ["general", "news", "forum"])
async def test_post_of_long_ago_is_not_there_twice(
    server: DiscordServer, adapter: DiscordAdapter, place: str
) -> None:
    channel: Channel = getattr(server, place)
    first = await publish(adapter, channel, POST)
    before = shown(server, channel)
    assert len(before) > 4
    server.composer.forget_nonces()
    assert await publish(adapter, channel, AGAIN) == first
    assert shown(server, channel) == before


@pytest.mark.parametrize("num_sent", [1, 2, 3])
async def test_post_of_which_a_part_is_there_is_made_whole(
    server: DiscordServer, adapter: DiscordAdapter, num_sent: int
) -> None:
    await publish(adapter, server.news, POST)
    whole = shown(server, server.news)
    server.composer.forget_nonces()
    # The calls after so many are refused, as if the bot had ended there.
    server.deny(server.general, Permission.CREATE_PUBLIC_THREADS)
    partly = replace(POST, discussion="")
    messages = server.general.messages
    await publish(adapter, server.general, partly)
    for message_id in sorted(messages, key=int)[num_sent:]:
        del messages[message_id]
    server.composer.forget_nonces()
    again = replace(partly, begun_utc=BEGUN_UTC)
    published = await publish(adapter, server.general, again)
    assert shown(server, server.general) == whole
    ids = sorted(messages, key=int)
    assert [*published.message_ids, published.poll_message_id] == ids


async def test_post_with_the_words_of_another_is_there_too(
    server: DiscordServer, adapter: DiscordAdapter
) -> None:
    await publish(adapter, server.general, replace(POST, discussion=""))
    other = replace(AGAIN, id="p-18", discussion="")
    place = adapter.channel(server.general.id)
    await adapter.publish(place, other, nonce="d-2")
    assert shown(server, server.general).count("") == 4


async def test_post_is_not_sent_again_where_the_bot_may_not_look(
    server: DiscordServer, adapter: DiscordAdapter
) -> None:
    server.deny(server.general, Permission.READ_MESSAGE_HISTORY)
    await server.update_channel(server.general)
    await publish(adapter, server.general, replace(POST, discussion=""))
    before = shown(server, server.general)
    with pytest.raises(ForbiddenError, match="Read Message History"):
        await publish(adapter, server.general, replace(AGAIN, discussion=""))
    just_now = replace(AGAIN, discussion="", begun_utc=SystemClock().now_utc())
    await publish(adapter, server.general, just_now)  # nonces are still known
    assert shown(server, server.general) == before
