"""Reactions and votes, over a real gateway."""

from collections.abc import AsyncIterator

import pytest

from adapters.discord.adapter import DiscordAdapter
from adapters.fake.inbox import RecordingInbox
from bot.publication import Poll, Publication
from tests.adapters.discord.served import served
from tests.discord_server.messages import Message
from tests.discord_server.server import DiscordServer

POST = Publication(
    "p1", "Quiz", "Ready?", poll=Poll("Which?", ("a", "b", "c"), correct=1)
)


class Noting(RecordingInbox):
    """An inbox that a served adapter can be given."""

    adapter: DiscordAdapter | None = None


@pytest.fixture
def inbox() -> Noting:
    return Noting()


@pytest.fixture
async def server(inbox: Noting) -> AsyncIterator[DiscordServer]:
    """A server with the bot on it, which has published a post with a poll."""
    async with DiscordServer() as started, served(started, inbox) as adapter:
        channel = adapter.channel(started.general.id)
        await adapter.publish(channel, POST, nonce="d-1")
        yield started


@pytest.fixture
def post(server: DiscordServer) -> Message:
    return server.messages(server.general)[0]


@pytest.fixture
def poll(server: DiscordServer) -> Message:
    return server.messages(server.general)[-1]


async def test_own_reactions_and_those_of_bots_do_not_count(
    server: DiscordServer, inbox: Noting, post: Message
) -> None:
    robot = server.world.add_user("robot", is_bot=True)
    server.world.add_member(server.guild, robot)
    for user in (server.bot, robot, server.ann):
        await server.react(post, user, "👍")
    await inbox.wait_until(lambda: bool(inbox.reactions))
    assert [one.person_id for one in inbox.reactions] == [server.ann.id]


async def test_reactions_come_and_go(
    server: DiscordServer, inbox: Noting, post: Message
) -> None:
    await server.react(post, server.ann, "👍")
    await server.unreact(post, server.ann, "👍")
    await server.react(post, server.ann, "🎉")
    await server.clear(post)
    await inbox.wait_until(lambda: len(inbox.reactions) == 4)
    assert {one.message_id for one in inbox.reactions} == {post.id}
    key = f"discord:{server.general.id}"
    assert {one.channel.key for one in inbox.reactions} == {key}
    told = [(one.person_id, one.emoji, one.is_added) for one in inbox.reactions]
    ann = server.ann.id
    assert told == [
        (ann, "👍", True),
        (ann, "👍", False),
        (ann, "🎉", True),
        (None, "", False),
    ]


async def test_votes_come_and_go(
    server: DiscordServer, inbox: Noting, poll: Message
) -> None:
    await server.vote(poll, server.ann, 3)
    await server.unvote(poll, server.ann, 3)
    await inbox.wait_until(lambda: len(inbox.votes) == 2)
    assert {one.message_id for one in inbox.votes} == {poll.id}
    assert {one.person_id for one in inbox.votes} == {server.ann.id}
    told = [(one.answers, one.instead_of) for one in inbox.votes]
    assert told == [((2,), ()), ((), (2,))]
