"""Replies and presses that concern one person."""

import pytest

from adapters.telegram.adapter import TelegramAdapter
from bot.messages import Attachment, Button, Channel, Reply, Role
from tests.adapters.telegram.rig import Rig
from tests.telegram_server.chats import Chat
from tests.telegram_server.server import Person
from tests.telegram_server.writers import Press as ServerPress

SECRET = "Your warning of yesterday was lifted. " * 8


@pytest.fixture
def ada(rig: Rig) -> Person:
    return rig.server.user("Ada")


@pytest.fixture
def group(rig: Rig, ada: Person) -> Chat:
    return rig.server.supergroup("Friends", ada)


async def asked(rig: Rig, group: Chat, ada: Person) -> tuple[Channel, str]:
    await ada.write(group, "/why@hearth_bot")
    (message,) = await rig.inbox.wait_messages(1)
    return message.channel, message.id


async def test_private_reply_goes_to_the_private_chat_and_nowhere_else(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    private = rig.server.private(ada)
    channel, message_id = await asked(rig, group, ada)
    reply = Reply(SECRET, reply_to_id=message_id, only_for=str(ada.id))
    assert await bot.send(channel, reply)
    assert [m.text for m in private.by(rig.server.bot)] == [SECRET.strip()]
    assert not group.by(rig.server.bot)


async def test_who_has_not_started_the_bot_is_asked_to_and_then_gets_it(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    channel, message_id = await asked(rig, group, ada)
    reply = Reply(SECRET, reply_to_id=message_id, only_for=str(ada.id))
    await bot.send(channel, reply)
    (line,) = group.by(rig.server.bot)
    assert "warning" not in line.text
    assert "press Start" in line.text
    assert line.reply_to is not None
    assert line.buttons[0][0]["url"] == "https://t.me/hearth_bot?start=answer"

    await ada.write(rig.server.bot, "/start answer")
    private = rig.server.private(ada)
    await rig.server.until(lambda: private.by(rig.server.bot))
    assert [m.text for m in private.by(rig.server.bot)] == [SECRET.strip()]
    await ada.write(rig.server.bot, "/start")
    await rig.inbox.wait_messages(2)
    assert len(private.by(rig.server.bot)) == 1


async def test_what_waits_is_for_the_one_person_only(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    eve = rig.server.user("Eve")
    channel, _ = await asked(rig, group, ada)
    await bot.send(channel, Reply(SECRET, only_for=str(ada.id)))
    await eve.write(rig.server.bot, "/start answer")
    await rig.inbox.wait_messages(2)
    assert not rig.server.private(eve).by(rig.server.bot)


async def test_anonymous_administrator_is_not_told_in_public(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    await rig.server.owner.promote(group, ada, is_anonymous=True)
    await ada.write(group, "/why@hearth_bot")
    (message,) = await rig.inbox.wait_messages(1)
    reply = Reply(SECRET, reply_to_id=message.id, only_for=message.author.id)
    await bot.send(message.channel, reply)
    (line,) = group.by(rig.server.bot)
    assert "anonymous" in line.text
    assert "warning" not in line.text


async def pressed(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> tuple[Channel, str, ServerPress]:
    channel = bot.channel(str(group.id))
    await bot.send(channel, Reply("Well?", (Button("Why", "/why 7"),)))
    (card,) = group.by(rig.server.bot)
    press = await ada.press(card, "Why")
    (found,) = await rig.inbox.wait_presses(1)
    assert found.command == "/why 7"
    return found.channel, found.id, press


async def test_short_private_reply_to_a_press_is_an_alert(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    channel, press_id, press = await pressed(rig, bot, ada, group)
    reply = Reply("**Only** for you.", reply_to_id=press_id, only_for=str(ada.id))
    await bot.send(channel, reply)
    assert (press.answers, press.is_alert) == (["Only for you."], True)
    assert len(group.by(rig.server.bot)) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(SECRET),
        Reply("Look:", attachments=(Attachment("a.txt", "text/plain", b"x"),)),
        Reply("Sure?", (Button("Yes", "/yes"),)),
    ],
)
async def test_longer_private_reply_to_a_press_goes_to_the_private_chat(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat, reply: Reply
) -> None:
    private = rig.server.private(ada)
    channel, press_id, press = await pressed(rig, bot, ada, group)
    whole = Reply(reply.text, reply.buttons, reply.attachments, press_id, str(ada.id))
    await bot.send(channel, whole)
    assert press.answers == ["I wrote to you in private."]
    assert len(private.by(rig.server.bot)) == 1
    assert len(group.by(rig.server.bot)) == 1


async def test_press_of_who_never_started_the_bot_opens_the_chat_with_it(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    channel, press_id, press = await pressed(rig, bot, ada, group)
    reply = Reply(SECRET, reply_to_id=press_id, only_for=str(ada.id))
    await bot.send(channel, reply)
    assert press.url == "https://t.me/hearth_bot?start=answer"
    await ada.write(rig.server.bot, "/start answer")
    private = rig.server.private(ada)
    await rig.server.until(lambda: private.by(rig.server.bot))
    assert private.by(rig.server.bot)[0].text == SECRET.strip()


async def test_public_reply_to_a_press_is_a_message_and_ends_the_waiting(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    channel, press_id, press = await pressed(rig, bot, ada, group)
    await bot.send(channel, Reply("Approved.", reply_to_id=press_id))
    assert press.answers == [""]
    assert [m.text for m in group.by(rig.server.bot)] == ["Well?", "Approved."]


async def test_blank_reply_only_ends_the_waiting(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    channel, press_id, press = await pressed(rig, bot, ada, group)
    await bot.send(channel, Reply("", reply_to_id=press_id, only_for=str(ada.id)))
    assert press.answers == [""]
    assert len(group.by(rig.server.bot)) == 1


async def test_button_about_a_group_acts_there_though_it_is_shown_in_private(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    await rig.server.owner.promote(group, ada)
    private = rig.server.private(ada)
    channel, _ = await asked(rig, group, ada)
    reply = Reply("Sure?", (Button("Yes", "/yes 7"),), only_for=str(ada.id))
    await bot.send(channel, reply)
    (card,) = private.by(rig.server.bot)
    press = await ada.press(card, "Yes")
    (found,) = await rig.inbox.wait_presses(1)
    assert found.channel == channel
    assert found.author.role is Role.MODERATOR
    done = Reply("Done.", reply_to_id=found.id, only_for=str(ada.id))
    await bot.send(found.channel, done)
    assert press.answers == ["Done."]


async def answered(rig: Rig, press: ServerPress) -> None:
    await rig.server.until(lambda: press.answers)


async def test_forged_button_is_refused_kindly(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    channel = bot.channel(str(group.id))
    await bot.send(channel, Reply("Well?", (Button("Why", "/why 7"),)))
    (card,) = group.by(rig.server.bot)
    genuine = card.buttons[0][0]["callback_data"]
    for forged in ("/approve 7", genuine.replace("7", "8"), "kabc", "s"):
        press = ada.press_with(card, {"text": "?", "callback_data": forged})
        await answered(rig, press)
        assert "does not work any more" in press.answers[0]
    assert not rig.inbox.presses


async def test_button_of_one_chat_is_nothing_in_another(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    await bot.send(bot.channel(str(group.id)), Reply("?", (Button("A", "/a"),)))
    other = rig.server.supergroup("Others", ada)
    await bot.send(bot.channel(str(other.id)), Reply("?", (Button("B", "/b"),)))
    stolen = group.by(rig.server.bot)[0].buttons[0][0]
    press = ada.press_with(other.by(rig.server.bot)[0], stolen)
    await rig.server.until(lambda: press.answers)
    assert not rig.inbox.presses


async def test_reply_to_a_late_press_is_not_lost(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    rig.server.world.query_life_s = 0.0
    private = rig.server.private(ada)
    channel, press_id, press = await pressed(rig, bot, ada, group)
    reply = Reply("Only for you.", reply_to_id=press_id, only_for=str(ada.id))
    await bot.send(channel, reply)
    assert press.answers == []
    assert [m.text for m in private.by(rig.server.bot)] == ["Only for you."]


async def test_same_press_comes_in_once(
    rig: Rig, bot: TelegramAdapter, ada: Person, group: Chat
) -> None:
    _, _, press = await pressed(rig, bot, ada, group)
    await bot.__aexit__(None, None, None)
    contents = {
        "id": press.id,
        "from": ada.to_json(),
        "message": rig.server.world.message_json(press.message),
        "chat_instance": "1",
        "data": press.message.buttons[0][0]["callback_data"],
    }
    async with rig.adapter() as again:
        rig.server.world.tell(rig.server.bot, "callback_query", contents)
        await ada.write(rig.server.bot, "next")
        await rig.inbox.wait_messages(1)
    assert len(rig.inbox.presses) == 1
    assert again.url == "https://t.me/hearth_bot"
