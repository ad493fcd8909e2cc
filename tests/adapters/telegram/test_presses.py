"""Acknowledging presses, whatever becomes of them."""

from adapters.telegram.adapter import TelegramAdapter
from bot.messages import Button, Press, Reply
from tests.adapters.telegram.rig import Rig, ScaledClock, open_rig
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
    assert await bot.send(found.channel, reply) == found.id
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
