"""A group that becomes a supergroup: for the core it stays what it was."""

import pytest

from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.chats import RENAMED
from bot.errors import ForbiddenError, GoneError
from bot.messages import Button, Message, Reply, Role
from bot.publication import Publication
from tests.adapters.telegram.rig import Rig
from tests.telegram_server.chats import Chat
from tests.telegram_server.server import Person

POST = Publication("p42", "News", "Cats are back.")
OUT_OF_REACH = "before the group became a supergroup"


@pytest.fixture
def ada(rig: Rig) -> Person:
    return rig.server.user("Ada")


@pytest.fixture
def small(rig: Rig, ada: Person) -> Chat:
    return rig.server.group("Small", ada)


async def heard(rig: Rig, ada: Person, chat: Chat, text: str) -> Message:
    """Write to the bot and return what it heard."""
    before = len(rig.inbox.messages)
    await ada.write(chat, f"/{text}@hearth_bot")
    await rig.inbox.wait_messages(before + 1)
    return rig.inbox.messages[-1]


async def test_it_has_one_key_by_whichever_id_it_goes(
    rig: Rig, bot: TelegramAdapter, ada: Person, small: Chat
) -> None:
    before = await heard(rig, ada, small, "one")
    large = await rig.server.owner.migrate(small)
    after = await heard(rig, ada, large, "two")
    assert after.channel == before.channel
    assert after.channel.key == f"telegram:{small.id}"
    for chat_id in (small.id, large.id):
        assert bot.channel(str(chat_id)) == before.channel
    # What was written there is told from what had the same number before.
    assert after.id == f"s{large.messages[-1].id}"
    again = rig.adapter()  # and so it is after a restart
    await bot.__aexit__(None, None, None)
    async with again:
        assert again.channel(str(large.id)).key == before.channel.key


async def test_answer_and_buttons_work_there(
    rig: Rig, bot: TelegramAdapter, ada: Person, small: Chat
) -> None:
    large = await rig.server.owner.migrate(small)
    message = await heard(rig, ada, large, "one")
    reply = Reply("Yes?", (Button("Go", "/go 1"),), reply_to_id=message.id)
    ids = await bot.open_reply(message).finish(reply)
    (shown,) = large.by(rig.server.bot)
    assert ids == (f"s{shown.id}",)
    assert shown.reply_to is not None
    assert f"s{shown.reply_to.id}" == message.id
    await ada.press(shown, "Go")
    await rig.server.until(lambda: rig.inbox.presses)
    (press,) = rig.inbox.presses
    assert (press.command, press.message_id) == ("/go 1", ids[0])
    assert press.channel == message.channel
    await bot.change(message.channel, ids[0], Reply("Gone."))
    assert shown.text == "Gone."
    assert bot.link(message.channel, ids[0]).endswith(f"/{shown.id}")
    await bot.delete_message(message.channel, ids[0], reason="")
    assert not large.by(rig.server.bot)


async def test_old_message_is_not_taken_for_a_new_one_of_that_number(
    rig: Rig, bot: TelegramAdapter, ada: Person, small: Chat
) -> None:
    channel = bot.channel(str(small.id))
    published = await bot.publish(channel, POST, nonce="n1")
    large = await rig.server.owner.migrate(small)
    await rig.server.owner.promote(large, rig.server.bot)
    while len(large.messages) <= int(published.message_id):
        await ada.write(large, "mine")
    others = [(message.id, message.text) for message in large.messages]
    with pytest.raises(ForbiddenError, match=OUT_OF_REACH):
        await bot.revise(channel, published, POST, nonce="c1")
    with pytest.raises(ForbiddenError, match=OUT_OF_REACH):
        await bot.retract(channel, published)
    with pytest.raises(ForbiddenError, match=OUT_OF_REACH):
        await bot.delete_message(channel, published.message_id, reason="")
    assert bot.link(channel, published.message_id) == ""
    answer = Reply("Still here.", reply_to_id=published.message_id)
    await bot.send(channel, answer)  # done without what is out of reach
    (shown,) = large.by(rig.server.bot)
    assert (shown.text, shown.reply_to) == ("Still here.", None)
    assert [(one.id, one.text) for one in large.messages if one is not shown] == others
    with pytest.raises(GoneError):
        await bot.delete_message(bot.channel("-77"), "s1", reason="")


async def test_post_goes_to_the_id_of_today_once(
    rig: Rig, bot: TelegramAdapter, small: Chat
) -> None:
    channel = bot.channel(str(small.id))
    rig.server.faults.drop("getUpdates", times=50)
    large = await rig.server.owner.migrate(small)
    rig.server.bot.updates.pending.clear()  # the notice of it never came
    published = await bot.publish(channel, POST, nonce="n1")
    assert await bot.publish(channel, POST, nonce="n1") == published
    (shown,) = large.by(rig.server.bot)
    assert published.message_ids == (f"s{shown.id}",)
    rig.server.faults.clear()
    assert bot.channel(str(large.id)) == channel
    await bot.retract(channel, published)
    assert not large.by(rig.server.bot)


async def test_who_runs_it_is_asked_where_it_is_now(
    rig: Rig, bot: TelegramAdapter, ada: Person, small: Chat
) -> None:
    assert (await heard(rig, ada, small, "one")).author.role is Role.MEMBER
    large = await rig.server.owner.migrate(small)
    await rig.server.owner.promote(large, rig.server.bot)
    await rig.server.owner.promote(large, ada)
    await rig.server.until(lambda: not rig.server.bot.updates.pending)
    message = await heard(rig, ada, large, "two")
    assert message.author.role is Role.MODERATOR
    assert await bot.role_of(message.channel, message.author.id) is Role.MODERATOR


async def test_group_that_was_renamed_once_keeps_its_newer_id(
    rig: Rig, ada: Person, small: Chat
) -> None:
    await rig.settings.set(RENAMED, str(small.id), "-1007")
    async with rig.adapter() as bot:
        for chat_id in (str(small.id), "-1007"):
            assert bot.channel(chat_id).key == "telegram:-1007"
