"""Reactions, votes and comments on posts."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.telegram.adapter import TelegramAdapter
from bot.publication import Poll, Publication
from tests.adapters.telegram.rig import Rig
from tests.telegram_server.chats import Chat
from tests.telegram_server.messages import Message
from tests.telegram_server.server import Person

POST = Publication("p1", "News", "Cats are back.")
QUIZ = Publication("p2", "Quiz", "", poll=Poll("Which?", ("a", "b", "c"), correct=1))


@pytest.fixture
async def bot(rig: Rig) -> AsyncIterator[TelegramAdapter]:
    """The bot, once it has said what it wants to be told."""
    async with rig.adapter() as adapter, asyncio.timeout(60):
        while not rig.server.bot.updates.is_polled:  # noqa: ASYNC110 - over a socket
            await asyncio.sleep(0.01)
        yield adapter


@pytest.fixture
def ada(rig: Rig) -> Person:
    return rig.server.user("Ada")


@pytest.fixture
async def group(rig: Rig, ada: Person) -> Chat:
    group = rig.server.supergroup("Friends", ada)
    await rig.server.owner.promote(group, rig.server.bot)
    return group


@pytest.fixture
def news(rig: Rig) -> Chat:
    return rig.server.channel("News", username="news_room")


async def publish(bot: TelegramAdapter, chat: Chat, post: Publication) -> Message:
    """Publish a post and return the last message that it became."""
    await bot.publish(bot.channel(str(chat.id)), post, nonce=post.id)
    return chat.messages[-1]


async def test_reactions_of_bots_do_not_count(
    rig: Rig, bot: TelegramAdapter, group: Chat, ada: Person
) -> None:
    post = await publish(bot, group, POST)
    other = rig.server.user("Robot")
    other.is_bot = True
    await other.react(post, "👍")
    await ada.react(post, "🎉")
    await rig.inbox.wait_until(lambda: bool(rig.inbox.reactions))
    assert [one.emoji for one in rig.inbox.reactions] == ["🎉"]


async def test_who_reacts_in_a_group_is_known(
    rig: Rig, bot: TelegramAdapter, group: Chat, ada: Person
) -> None:
    post = await publish(bot, group, POST)
    await ada.react(post, "👍")
    await ada.react(post, "🎉")
    inbox = rig.inbox
    await inbox.wait_until(lambda: len(inbox.reactions) == 3)
    assert {one.message_id for one in inbox.reactions} == {str(post.id)}
    assert {one.person_id for one in inbox.reactions} == {str(ada.id)}
    assert {one.channel.key for one in inbox.reactions} == {f"telegram:{group.id}"}
    assert [(one.emoji, one.is_added) for one in inbox.reactions] == [
        ("👍", True),
        ("👍", False),
        ("🎉", True),
    ]


async def test_of_a_channel_only_totals_are_known_by_either_of_its_names(
    rig: Rig, bot: TelegramAdapter, news: Chat, ada: Person
) -> None:
    post = await publish(bot, news, POST)
    await ada.react(post, "👍")
    await rig.server.user("Bob").react(post, "👍")
    inbox = rig.inbox
    await inbox.wait_until(lambda: len(inbox.reactions) == 4)
    latest = inbox.reactions[-2:]
    assert [one.totals for one in latest] == [(("👍", 2),)] * 2
    assert [one.channel.id for one in latest] == [str(news.id), "@news_room"]
    assert {one.person_id for one in latest} == {None}


async def test_votes_of_anonymous_polls_are_totals(
    rig: Rig, bot: TelegramAdapter, news: Chat, ada: Person
) -> None:
    poll = await publish(bot, news, QUIZ)
    assert poll.poll is not None
    await ada.vote(poll, 1)
    await rig.server.user("Bob").vote(poll, 2)
    inbox = rig.inbox
    await inbox.wait_until(lambda: len(inbox.votes) == 2)
    assert inbox.votes[-1].poll_id == poll.poll.id
    assert inbox.votes[-1].totals == (0, 1, 1)


async def test_who_votes_in_an_open_poll_is_known_and_counted_once(
    rig: Rig, bot: TelegramAdapter, group: Chat, ada: Person
) -> None:
    poll = await publish(bot, group, QUIZ)
    assert poll.poll is not None
    poll.poll.is_anonymous = False
    await ada.vote(poll, 2)
    await ada.vote(poll)
    inbox = rig.inbox
    await inbox.wait_until(lambda: len(inbox.votes) == 2)
    assert {one.person_id for one in inbox.votes} == {str(ada.id)}
    assert [one.answers for one in inbox.votes] == [(2,), ()]
    assert [one.totals for one in inbox.votes] == [None, None]


async def test_comments_below_a_post_of_a_channel_count_for_the_post(
    rig: Rig, bot: TelegramAdapter, group: Chat, news: Chat, ada: Person
) -> None:
    news.linked, group.linked = group, news
    post = await publish(bot, news, POST)
    forward = group.messages[-1]
    assert forward.is_automatic_forward
    first = await ada.write(group, "Lovely", reply_to=forward)
    await ada.write(group, "Really", reply_to=first)
    await ada.write(group, "Something else")
    inbox = rig.inbox
    await inbox.wait_messages(3)
    found = [c for c in inbox.comments if c.channel.id == str(news.id)]
    assert {one.below_ids for one in found} == {(str(post.id),)}
    assert len({one.message_id for one in found}) == 2
