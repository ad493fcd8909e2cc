"""Coming up, getting updates, and what stands in the way."""

import io
import logging

import httpx
import pytest

from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.connection import read_token
from bot.config import TelegramConfig
from bot.errors import ConfigError, MissingError
from bot.logs import configure_logging
from bot.messages import Reply
from tests.adapters.telegram.rig import Rig, ScaledClock, open_rig
from tests.telegram_server.chats import Member
from tests.telegram_server.client import Client


def test_missing_token_says_how_to_get_one() -> None:
    with pytest.raises(MissingError, match=r"TELEGRAM_TOKEN.*@BotFather"):
        read_token(TelegramConfig(), {})


@pytest.mark.parametrize("token", ["hello", "123:abc", "AAE", "123456789:"])
def test_what_is_no_token_is_named_and_not_shown(token: str) -> None:
    with pytest.raises(ConfigError, match="TELEGRAM_TOKEN") as caught:
        read_token(TelegramConfig(), {"TELEGRAM_TOKEN": token})
    assert token not in str(caught.value).replace("123456789:AAE", "")


def test_token_is_read_without_the_blanks_around_it(rig: Rig) -> None:
    token = rig.server.token
    assert read_token(TelegramConfig(), {"TELEGRAM_TOKEN": f" {token}\n"}) == token


async def test_wrong_token_ends_the_start_in_plain_words(rig: Rig) -> None:
    wrong = f"123456789:{'x' * 35}"
    with pytest.raises(
        ConfigError, match=r"does not know the token.*TELEGRAM_TOKEN"
    ) as e:
        async with rig.adapter(token=wrong):
            pass
    assert wrong not in str(e.value)
    assert e.value.__cause__ is None


async def test_network_that_is_down_at_the_start_is_waited_for() -> None:
    async with open_rig(ScaledClock(30)) as rig:
        await rig.server.stop()
        async with rig.adapter() as bot:
            assert bot.url == ""
            await rig.clock.sleep(10)
            await rig.server.start()
            await rig.server.user("Ada").write(rig.server.bot, "Hello")
            await rig.inbox.wait_messages(1)
            assert bot.url == "https://t.me/hearth_bot"


async def test_token_that_turns_out_wrong_later_is_told(rig: Rig) -> None:
    async with open_rig(ScaledClock(30)) as late:
        await late.server.stop()
        async with late.adapter(token=f"123456789:{'x' * 35}"):
            await late.server.start()
            await late.server.until(lambda: late.server.calls.refused())
            await late.clock.sleep(1)
        assert "does not know the token" in str(late.told[0])


async def test_privacy_mode_is_explained(rig: Rig, bot: TelegramAdapter) -> None:
    await rig.server.until(lambda: rig.server.calls.of("getUpdates"))
    (hint,) = rig.noted
    assert "/setprivacy" in str(hint)
    assert "administrator" in str(hint)


async def test_nothing_is_explained_where_all_is_well(rig: Rig) -> None:
    rig.server.bot.privacy = False
    async with rig.adapter():
        await rig.server.until(lambda: rig.server.calls.of("getUpdates"))
    assert rig.noted == []


async def test_inline_mode_that_is_off_at_telegram_is_explained(rig: Rig) -> None:
    rig.server.bot.privacy = False
    async with rig.adapter(inline=True):
        await rig.server.until(lambda: rig.server.calls.of("getUpdates"))
    (hint,) = rig.noted
    assert "/setinline" in str(hint)


async def test_second_poller_is_named_once_and_waited_for() -> None:
    async with open_rig(ScaledClock(20)) as rig:
        ada = rig.server.user("Ada")
        async with rig.adapter():
            await rig.server.until(lambda: rig.server.bot.updates.is_polled)
            async with httpx.AsyncClient() as http:
                rival = Client(http, rig.server.base_url, rig.server.token)
                for _ in range(3):
                    await rival.call("getUpdates", timeout=0)
                    await rig.clock.sleep(6)
            await rig.server.until(lambda: rig.told)
            assert len(rig.told) == 1
            assert "Another program" in str(rig.told[0])
            assert rig.told[0] in rig.noted
            await ada.write(rig.server.bot, "Hello")
            await rig.inbox.wait_messages(1)


async def test_webhook_from_earlier_does_not_keep_the_updates(rig: Rig) -> None:
    async with httpx.AsyncClient() as http:
        earlier = Client(http, rig.server.base_url, rig.server.token)
        await earlier.ask("setWebhook", url="http://127.0.0.1:9/hook")
    async with rig.adapter():
        await rig.server.user("Ada").write(rig.server.bot, "Hello")
        await rig.inbox.wait_messages(1)


async def test_duplicated_and_reordered_updates_come_in_once(
    rig: Rig, bot: TelegramAdapter
) -> None:
    people = [rig.server.user(f"P{number}") for number in range(6)]
    rig.server.faults.duplicate_updates(times=4)
    rig.server.faults.reorder_updates(times=4)
    for number in range(30):
        await people[number % 6].write(rig.server.bot, f"text {number}")
    await rig.inbox.wait_messages(30)
    await people[0].write(rig.server.bot, "last")
    await rig.inbox.wait_messages(31)
    texts = {message.text for message in rig.inbox.messages}
    assert len(rig.inbox.messages) == 31
    assert texts == {"last", *(f"text {number}" for number in range(30))}


async def test_update_is_confirmed_only_when_it_was_handed_in() -> None:
    async with open_rig() as rig:
        ada = rig.server.user("Ada")
        rig.server.faults.slow("getFile", 60)
        async with rig.adapter():
            await ada.send_document(rig.server.bot, b"x", caption="slow")
            await rig.server.until(lambda: rig.server.calls.of("getFile"))
        assert not rig.inbox.messages
        # It was not there yet when the bot ended: the next one gets it.
        async with rig.adapter():
            (message,) = await rig.inbox.wait_messages(1)
        assert message.text == "slow"


async def test_what_was_handed_in_does_not_come_again_after_a_restart(
    rig: Rig,
) -> None:
    ada = rig.server.user("Ada")
    async with rig.adapter():
        await ada.write(rig.server.bot, "one")
        await rig.inbox.wait_messages(1)
    async with rig.adapter():
        await ada.write(rig.server.bot, "two")
        await rig.inbox.wait_messages(2)
    assert [message.text for message in rig.inbox.messages] == ["one", "two"]


async def test_server_that_restarts_is_found_again() -> None:
    async with open_rig(ScaledClock(20)) as rig, rig.adapter():
        ada = rig.server.user("Ada")
        for number in range(3):
            await rig.server.restart()
            await ada.write(rig.server.bot, f"text {number}")
            await rig.inbox.wait_messages(number + 1)


async def test_token_is_in_no_log_repr_or_error(rig: Rig) -> None:
    log = io.StringIO()
    # Without being told the token, and with all that libraries say.
    configure_logging("debug", is_terminal=False, stream=log)
    root = logging.getLogger()
    try:
        async with rig.adapter() as bot:
            ada = rig.server.user("Ada")
            rig.server.faults.answer("sendMessage", 502)
            rig.server.faults.drop("getFile")
            rig.server.faults.drop("getUpdates")
            await ada.send_document(rig.server.bot, b"x", caption="Hello")
            (message,) = await rig.inbox.wait_messages(1)
            await bot.send(message.channel, Reply("Hello"))
            shown = repr((bot, vars(bot), message))
    finally:
        root.handlers.clear()
        root.setLevel(logging.WARNING)
    assert rig.server.token.split(":")[1] not in log.getvalue()
    assert "sendMessage" in log.getvalue() or "send" in log.getvalue()
    assert rig.server.token not in shown


async def test_update_that_nobody_understands_spoils_no_other(
    rig: Rig, bot: TelegramAdapter
) -> None:
    ada = rig.server.user("Ada")
    await ada.write(rig.server.bot, "one")
    rig.server.world.tell(rig.server.bot, "message", {"message_id": "nonsense"})
    await ada.write(rig.server.bot, "two")
    await rig.inbox.wait_messages(2)
    await rig.server.until(lambda: not rig.server.bot.updates.pending)


async def test_group_where_it_cannot_read_is_told_when_it_comes_in(
    rig: Rig, bot: TelegramAdapter
) -> None:
    ada = rig.server.user("Ada")
    group = rig.server.supergroup("Friends", owner=ada)
    del group.members[rig.server.bot.id]
    rig.server.world.set_member(group, Member(rig.server.bot), by=ada)
    await rig.server.until(lambda: not rig.server.bot.updates.pending)
    (told,) = rig.told
    assert "In Friends I get only commands" in str(told)


async def test_channel_where_it_may_not_post_is_told(
    rig: Rig, bot: TelegramAdapter
) -> None:
    channel = rig.server.channel("News")
    owner = rig.server.owner
    await owner.promote(channel, rig.server.bot, ["can_delete_messages"])
    await rig.server.until(lambda: not rig.server.bot.updates.pending)
    (told,) = rig.told
    assert "In News I may not post" in str(told)
    await owner.promote(channel, rig.server.bot, ["can_post_messages"])
    await rig.server.until(lambda: not rig.server.bot.updates.pending)
    assert len(rig.told) == 1


async def test_poller_survives_what_nobody_expected() -> None:
    async with open_rig(ScaledClock(60)) as rig, rig.adapter():
        ada = rig.server.user("Ada")
        for status in (403, 429, 500):
            rig.server.faults.refuse("getUpdates", status, "Odd", retry_after=2)
        rig.server.faults.refuse("getUpdates", 401, "Unauthorized")
        rig.server.faults.answer("getUpdates", 200)
        await ada.write(rig.server.bot, "Hello")
        await rig.inbox.wait_messages(1)
