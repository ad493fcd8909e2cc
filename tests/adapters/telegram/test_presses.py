"""Acknowledging presses, whatever becomes of them."""

from adapters.telegram.adapter import TelegramAdapter
from bot.messages import Button, Press, Reply
from tests.adapters.telegram.rig import Rig, ScaledClock, open_rig
from tests.telegram_server.chats import Chat
from tests.telegram_server.messages import Message
from tests.telegram_server.server import Person
from tests.telegram_server.writers import Press as ServerPress


async def pressed(rig: Rig, bot: TelegramAdapter) -> tuple[Press, ServerPress]:
    ada = rig.server.user("Ada")
    private = rig.server.private(ada)
    await bot.send(bot.channel(str(ada.id)), Reply("?", (Button("Yes", "/yes"),)))
    press = await ada.press(private.by(rig.server.bot)[-1], "Yes")
    (found,) = await rig.inbox.wait_presses(1)
    return found, press


async def test_press_that_nobody_answers_stops_waiting_by_itself() -> None:
    async with open_rig(ScaledClock(50)) as rig, rig.adapter() as bot:
        found, press = await pressed(rig, bot)
        await rig.server.until(lambda: press.answers)
        assert press.answers == [""]
        # The reply that comes later is a message.
        await bot.send(found.channel, Reply("Done.", reply_to_id=found.id))
        shown = [m.text for m in press.message.chat.by(rig.server.bot)]
        assert shown == ["?", "Done."]


async def test_private_chat_shows_a_short_reply_as_an_alert(
    rig: Rig, bot: TelegramAdapter
) -> None:
    found, press = await pressed(rig, bot)
    reply = Reply("Done.", reply_to_id=found.id, only_for=found.author.id)
    assert await bot.send(found.channel, reply) == ()
    assert (press.answers, press.is_alert) == (["Done."], True)


async def test_acknowledging_that_fails_does_not_lose_the_reply() -> None:
    async with open_rig(ScaledClock(20)) as rig, rig.adapter() as bot:
        found, press = await pressed(rig, bot)
        rig.server.faults.drop("answerCallbackQuery", times=9)
        await bot.send(found.channel, Reply("Done.", reply_to_id=found.id))
        shown = [m.text for m in press.message.chat.by(rig.server.bot)]
        assert shown == ["?", "Done."]
        rig.server.faults.clear()


async def test_press_without_a_message_is_acknowledged(
    rig: Rig, bot: TelegramAdapter
) -> None:
    found, press = await pressed(rig, bot)
    await bot.send(found.channel, Reply("", reply_to_id=found.id))
    contents = {
        "id": "999",
        "from": rig.server.user("Bob").to_json(),
        "inline_message_id": "abc",
        "chat_instance": "1",
        "data": "x",
    }
    rig.server.world.tell(rig.server.bot, "callback_query", contents)
    await rig.server.until(lambda: len(rig.server.calls.of("answerCallbackQuery")) == 2)
    assert press.answers == [""]
    assert len(rig.inbox.presses) == 1


EDIT = Button("Edit", "/edit p1", asks="The new text.", prefill="# Old\n\nWords 🔥.")


async def asked(
    rig: Rig, bot: TelegramAdapter
) -> tuple[Chat, list[Person], Message, Message]:
    """Press Edit under a card in a group; return it with the question."""
    ada, bob = rig.server.user("Ada"), rig.server.user("Bob")
    group = rig.server.group("Staff", ada, bob)
    await bot.send(bot.channel(str(group.id)), Reply("A post waits.", (EDIT,)))
    card = group.by(rig.server.bot)[-1]
    press = await ada.press(card, "Edit")
    await rig.server.until(lambda: len(group.by(rig.server.bot)) == 2)
    assert press.answers == [""]
    return group, [ada, bob], card, group.by(rig.server.bot)[-1]


async def test_button_that_asks_is_answered_by_a_reply_of_the_same_person(
    rig: Rig, bot: TelegramAdapter
) -> None:
    group, (ada, bob), card, question = await asked(rig, bot)
    assert question.text == "Ada: The new text.\n\n# Old\n\nWords 🔥."
    assert question.markup is not None
    assert question.markup["force_reply"] is True
    assert question.markup["selective"] is True
    assert rig.inbox.presses == []

    await bob.write(group, "Mine!", reply_to=question)
    await rig.inbox.wait_messages(1)
    answer = await ada.write(group, "# New\n\nOther words.", reply_to=question)
    (press,) = await rig.inbox.wait_presses(1)

    assert press.command == "/edit p1 # New\n\nOther words."
    assert press.author.name == "Ada"
    assert (press.message_id, press.id) == (str(card.id), str(answer.id))
    await ada.write(group, "Once more", reply_to=question)
    await rig.inbox.wait_messages(2)
    assert len(rig.inbox.presses) == 1


async def test_question_survives_a_restart() -> None:
    async with open_rig() as rig:
        async with rig.adapter() as bot:
            group, (ada, _), _, question = await asked(rig, bot)
        async with rig.adapter():
            await ada.write(group, "New.", reply_to=question)
            (press,) = await rig.inbox.wait_presses(1)
            assert press.command == "/edit p1 New."


async def test_question_that_cannot_be_asked_leaves_the_rest_as_it_is() -> None:
    async with open_rig(ScaledClock(20)) as rig, rig.adapter() as bot:
        ada = rig.server.user("Ada")
        private = rig.server.private(ada)
        await bot.send(bot.channel(str(ada.id)), Reply("?", (EDIT,)))
        rig.server.faults.drop("sendMessage", times=9)
        press = await ada.press(private.by(rig.server.bot)[-1], "Edit")
        await rig.server.until(lambda: press.answers)
        rig.server.faults.clear()
        await ada.write(rig.server.bot, "Hello?")
        await rig.inbox.wait_messages(1)
        assert rig.inbox.presses == []
