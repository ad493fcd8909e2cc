"""Looking for a message whose receipt was lost."""

import asyncio

import pytest

from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.known_messages import KnownMessages
from bot.errors import NetworkError, PlatformError
from bot.messages import Button, Message, Reply
from tests.adapters.telegram.rig import Rig, ScaledClock, open_rig
from tests.telegram_server.server import Person


async def asked(rig: Rig, ada: Person) -> Message:
    await ada.write(rig.server.bot, "Hello")
    return (await rig.inbox.wait_messages(1))[0]


async def test_looking_bears_a_network_and_a_telegram_that_fail() -> None:
    async with open_rig(ScaledClock(20)) as rig, rig.adapter() as bot:
        ada = rig.server.user("Ada")
        message = await asked(rig, ada)
        rig.server.faults.drop("sendMessage", after=True)
        look = "editMessageReplyMarkup"
        rig.server.faults.drop(look)
        rig.server.faults.refuse(look, 429, "Too Many Requests", retry_after=2)
        rig.server.faults.answer(look, 502)
        await bot.open_reply(message).finish(Reply("Here."))
        private = rig.server.private(ada)
        assert [m.text for m in private.by(rig.server.bot)] == ["Here."]
        assert len(rig.server.calls.of(look)) == 4


async def test_message_that_may_not_be_looked_at_is_none_of_ours(
    rig: Rig, bot: TelegramAdapter
) -> None:
    ada = rig.server.user("Ada")
    message = await asked(rig, ada)
    rig.server.faults.drop("sendMessage")
    look = "editMessageReplyMarkup"
    rig.server.faults.refuse(look, 400, "Bad Request: something else", times=99)
    await bot.open_reply(message).finish(Reply("Here."))
    private = rig.server.private(ada)
    assert [m.text for m in private.by(rig.server.bot)] == ["Here."]


async def test_found_message_has_its_buttons(rig: Rig, bot: TelegramAdapter) -> None:
    ada = rig.server.user("Ada")
    message = await asked(rig, ada)
    rig.server.faults.drop("sendMessage", after=True)
    rig.server.faults.drop("editMessageReplyMarkup", after=True)
    await bot.send(message.channel, Reply("Sure?", (Button("Yes", "/yes"),)))
    (card,) = rig.server.private(ada).by(rig.server.bot)
    assert card.labels == ["Yes"]


async def test_network_that_stays_away_is_told_in_the_end() -> None:
    async with open_rig(ScaledClock(200)) as rig, rig.adapter() as bot:
        message = await asked(rig, rig.server.user("Ada"))
        rig.server.faults.drop("sendMessage", times=99)
        with pytest.raises(NetworkError):
            await bot.open_reply(message).finish(Reply("Here."))
        rig.server.faults.clear()


async def test_file_that_is_too_large_is_named(rig: Rig, bot: TelegramAdapter) -> None:
    message = await asked(rig, rig.server.user("Ada"))
    rig.server.faults.refuse("sendMessage", 413, "Request Entity Too Large")
    with pytest.raises(PlatformError, match="too large"):
        await bot.send(message.channel, Reply("Here."))


async def test_search_ends_where_too_much_was_said_meanwhile(
    rig: Rig, bot: TelegramAdapter
) -> None:
    ada = rig.server.user("Ada")
    message = await asked(rig, ada)
    rig.server.bot.updates.allow(["callback_query"])  # nothing is heard any more
    rig.server.faults.drop("sendMessage")
    ending = asyncio.create_task(bot.open_reply(message).finish(Reply("Here.")))
    await rig.server.until(lambda: rig.server.calls.of("sendMessage"))
    other = rig.server.private(rig.server.user("Bob"))
    for _ in range(60):
        rig.server.world.next_number("message")
    await bot.send(bot.channel(str(other.id)), Reply("Something else."))
    await ending
    shown = [m.text for m in rig.server.private(ada).by(rig.server.bot)]
    assert shown == ["Here."]
    assert len(rig.server.calls.of("editMessageReplyMarkup")) <= 30


def test_known_messages_are_counted_where_telegram_counts_them() -> None:
    known = KnownMessages()
    assert known.newest("5") == 0
    known.add("5", 10)
    known.add("-7", 12)  # a small group counts with the private chats
    known.add("-1001", 3)
    assert (known.newest("5"), known.newest("-7")) == (12, 12)
    assert known.newest("-1001") == 3
    assert known.has("5", 12)
    assert not known.has("-1001", 10)


def test_known_messages_are_forgotten_at_last() -> None:
    known = KnownMessages()
    for number in range(1, 2_000):
        known.add("-1001", number)
    assert not known.has("-1001", 1)
    assert known.has("-1001", 1_999)
    for number in range(6_000):
        known.add(f"-100{number + 5_000}", 1)
    assert known.newest("-1001") == 0
