"""`@bot question` in any chat."""

from collections.abc import AsyncIterator

import pytest

from adapters.telegram.adapter import TelegramAdapter
from bot.messages import Message, Reply
from tests.adapters.telegram.rig import Rig, ScaledClock, open_rig
from tests.telegram_server.server import Person


@pytest.fixture
async def quick() -> AsyncIterator[Rig]:
    async with open_rig(ScaledClock(10)) as rig:
        yield rig


@pytest.fixture
async def inline(quick: Rig) -> AsyncIterator[TelegramAdapter]:
    async with quick.adapter(inline=True) as adapter:
        yield adapter


@pytest.fixture
def ada(quick: Rig) -> Person:
    return quick.server.user("Ada")


async def asked(rig: Rig, count: int = 1) -> Message:
    return (await rig.inbox.wait_messages(count))[-1]


async def test_short_answer_can_be_sent_into_any_chat(
    quick: Rig, inline: TelegramAdapter, ada: Person
) -> None:
    search = await ada.inline_query(quick.server.bot, "What is a cat?")
    message = await asked(quick)
    assert message.text == "What is a cat?"
    assert message.is_to_bot
    assert message.is_aside
    assert message.channel.is_private
    stream = inline.open_reply(message)
    await stream.notice("thinking")
    await stream.feed("A **small**")
    await stream.finish(Reply("A **small** animal."))
    await quick.server.until(lambda: search.results is not None)
    assert search.results is not None
    (result,) = search.results
    content = result["input_message_content"]
    assert content["message_text"] == "A small animal."
    assert content["entities"][0]["type"] == "bold"
    (call,) = quick.server.calls.of("answerInlineQuery")
    assert call.parameters["is_personal"] == "true"
    assert not quick.server.calls.of("sendMessage", "sendChatAction")


async def test_only_what_was_typed_last_is_asked(
    quick: Rig, inline: TelegramAdapter, ada: Person
) -> None:
    for text in ("What", "What is", "What is it?"):
        await ada.inline_query(quick.server.bot, text)
    assert (await asked(quick)).text == "What is it?"
    assert len(quick.inbox.messages) == 1


async def test_question_that_is_changed_is_given_up(
    quick: Rig, inline: TelegramAdapter, ada: Person
) -> None:
    await ada.inline_query(quick.server.bot, "What is it?")
    first = await asked(quick)
    await ada.inline_query(quick.server.bot, "What is it then?")
    await asked(quick, 2)
    assert quick.inbox.deletions == [(first.channel, first.id)]


async def test_what_takes_too_long_is_offered_in_private(
    quick: Rig, inline: TelegramAdapter, ada: Person
) -> None:
    search = await ada.inline_query(quick.server.bot, "Tell me all")
    message = await asked(quick)
    await quick.server.until(lambda: search.results is not None)
    assert search.results == []
    assert quick.inbox.deletions == [(message.channel, message.id)]
    (call,) = quick.server.calls.of("answerInlineQuery")
    assert "Ask me in a private chat" in call.parameters["button"]
    await inline.open_reply(message).finish(Reply("Too late."))


async def test_refusal_is_the_answer(
    quick: Rig, inline: TelegramAdapter, ada: Person
) -> None:
    search = await ada.inline_query(quick.server.bot, "Something bad")
    message = await asked(quick)
    reply = Reply("I cannot say that.", reply_to_id=message.id, only_for=str(ada.id))
    await inline.send(message.channel, reply)
    await quick.server.until(lambda: search.results is not None)
    assert search.results
    assert search.results[0]["title"] == "I cannot say that."


async def test_very_few_letters_are_no_question(
    quick: Rig, inline: TelegramAdapter, ada: Person
) -> None:
    search = await ada.inline_query(quick.server.bot, "W")
    await quick.server.until(lambda: search.results is not None)
    assert not quick.inbox.messages


async def test_inline_mode_is_off_by_default(quick: Rig, ada: Person) -> None:
    async with quick.adapter():
        await quick.server.until(lambda: quick.server.calls.of("getUpdates"))
        await ada.inline_query(quick.server.bot, "What is it?")
        await ada.write(quick.server.bot, "Hello")
        message = await asked(quick)
    assert message.text == "Hello"
