"""Talking with the bot on Telegram."""

from adapters.telegram.adapter import TelegramAdapter
from bot.messages import Button, Reply
from tests.adapters.telegram.rig import Rig


async def test_private_question_is_answered_with_a_draft_and_one_message(
    rig: Rig, bot: TelegramAdapter
) -> None:
    ada = rig.server.user("Ada")
    question = await ada.write(rig.server.bot, "Hello")
    (message,) = await rig.inbox.wait_messages(1)
    assert message.text == "Hello"
    assert message.is_to_bot
    assert message.channel.is_private

    stream = bot.open_reply(message, buttons=(Button("Stop", "/stop 1"),))
    await stream.feed("Good **morning**")
    chat = question.chat
    await rig.server.until(lambda: chat.drafts)
    ids = await stream.finish(Reply("Good **morning**, Ada.", reply_to_id=message.id))

    assert chat.drafts[0].text == "Good morning"
    (answer,) = chat.by(rig.server.bot)
    assert ids == (str(answer.id),)
    assert answer.text == "Good morning, Ada."
    assert answer.parts("bold") == ["morning"]
    assert answer.reply_to is question


async def test_group_answer_grows_by_edits(rig: Rig, bot: TelegramAdapter) -> None:
    ada = rig.server.user("Ada")
    group = rig.server.supergroup("Friends", ada)
    rig.server.bot.privacy = False
    await rig.server.owner.promote(group, rig.server.bot)
    await ada.write(group, "@hearth_bot what is up?")
    (message,) = await rig.inbox.wait_messages(1)
    assert message.text == "what is up?"

    stream = bot.open_reply(message, buttons=(Button("Stop", "/stop 1"),))
    await stream.feed("One. ")
    await rig.server.until(lambda: group.by(rig.server.bot))
    await stream.feed("Two.")
    await stream.finish(Reply("One. Two.", reply_to_id=message.id))
    (answer,) = group.by(rig.server.bot)
    assert answer.text == "One. Two."
    assert answer.versions[0].text == "One."
    assert answer.labels == []


async def test_command_and_press_come_in(rig: Rig, bot: TelegramAdapter) -> None:
    ada = rig.server.user("Ada")
    group = rig.server.supergroup("Friends", ada)
    await ada.write(group, "/set_persona@hearth_bot pirate")
    (message,) = await rig.inbox.wait_messages(1)
    assert message.text == "/set-persona pirate"
    await bot.send(message.channel, Reply("Sure?", (Button("Yes", "/yes 7"),)))
    (shown,) = group.by(rig.server.bot)
    press = await ada.press(shown, "Yes")
    (pressed,) = await rig.inbox.wait_presses(1)
    assert pressed.command == "/yes 7"
    assert pressed.author.name == "Ada"
    await bot.send(
        pressed.channel, Reply("Done.", reply_to_id=pressed.id, only_for=str(ada.id))
    )
    assert press.answers == ["Done."]
    assert press.is_alert
