"""Many people at once, and a Telegram that asks to wait."""

from collections.abc import AsyncIterator

import pytest

from adapters.telegram.calls import RATES
from bot.messages import Reply
from tests.adapters.telegram.rig import Rig, ScaledClock, open_rig
from tests.adapters.telegram.talker import Talker, answer_to
from tests.telegram_server.chats import Chat
from tests.telegram_server.server import Person, TelegramServer
from tests.telegram_server.settings import FloodLimits, Settings

FACTOR = 20.0
DELAYED = 2
"""Loopback's own delays count twenty times here: messages may come too early."""


@pytest.fixture
async def strict() -> AsyncIterator[Rig]:
    async with open_rig(ScaledClock(FACTOR), Settings(flood=FloodLimits())) as rig:
        yield rig


async def admitted(server: TelegramServer, group: Chat) -> Chat:
    """Make the bot an administrator, so that it reads everything."""
    await server.owner.promote(group, server.bot)
    return group


async def ask_all(group: Chat, people: list[Person]) -> None:
    for number, person in enumerate(people):
        await person.write(group, f"@hearth_bot q{number}x")


async def test_twenty_talkers_in_a_group_stay_within_the_limits_and_all_get_an_answer(
    strict: Rig,
) -> None:
    server, talker = strict.server, Talker(strict.clock, think_s=0.5)
    people = [server.user(f"P{number}") for number in range(20)]
    group = await admitted(server, server.supergroup("Crowd", *people))
    async with strict.adapter(inbox=talker, rates=RATES) as talker.adapter:
        begun_s = strict.clock.monotonic()
        await ask_all(group, people)
        await server.until(lambda: len(talker.answered) == 20, timeout_s=30)
        took_s = strict.clock.monotonic() - begun_s
    texts = [message.text for message in group.by(server.bot)]
    assert sorted(texts) == sorted(answer_to(f"q{n}x") for n in range(20))
    refused = [call for call in server.calls.refused() if call.status == 429]
    assert len(refused) <= DELAYED
    assert took_s < 300


async def test_answer_grows_while_one_person_asks(strict: Rig) -> None:
    server, talker = strict.server, Talker(strict.clock, think_s=2, num_words=40)
    ada = server.user("Ada")
    group = await admitted(server, server.supergroup("Quiet", ada))
    async with strict.adapter(inbox=talker, rates=RATES) as talker.adapter:
        await ask_all(group, [ada])
        await server.until(lambda: talker.answered, timeout_s=30)
    (answer,) = group.by(server.bot)
    assert answer.text == answer_to("q0x", 40)
    assert len(answer.versions) >= 2
    assert not server.calls.refused()


async def test_storm_in_one_chat_delays_its_answers_and_no_other_chat(
    strict: Rig,
) -> None:
    server, talker = strict.server, Talker(strict.clock)
    ada, bob = server.user("Ada"), server.user("Bob")
    stormy = await admitted(server, server.supergroup("Stormy", ada))
    calm = await admitted(server, server.supergroup("Calm", bob))
    async with strict.adapter(inbox=talker, rates=RATES) as talker.adapter:
        server.flood(stormy, 120)
        await ada.write(stormy, "@hearth_bot storm")
        await bob.write(calm, "@hearth_bot calm")
        await server.until(lambda: calm.by(server.bot), timeout_s=30)
        await server.until(lambda: "calm" in talker.answered, timeout_s=30)
        assert "storm" not in talker.answered
        await server.until(lambda: "storm" in talker.answered, timeout_s=30)
    assert [m.text for m in stormy.by(server.bot)] == [answer_to("storm")]
    assert [m.text for m in calm.by(server.bot)] == [answer_to("calm")]


async def test_storm_over_everything_loses_no_answer(strict: Rig) -> None:
    server, talker = strict.server, Talker(strict.clock)
    people = [server.user(f"P{number}") for number in range(5)]
    async with strict.adapter(inbox=talker, rates=RATES) as talker.adapter:
        for number, person in enumerate(people):
            await person.write(server.bot, f"q{number}x")
        server.flood(None, 40)
        await server.until(lambda: len(talker.answered) == 5, timeout_s=30)
    for number, person in enumerate(people):
        (answer,) = server.private(person).by(server.bot)
        assert answer.text == answer_to(f"q{number}x")


async def test_draft_that_has_to_wait_does_not_hold_up_the_answer(strict: Rig) -> None:
    server, ada = strict.server, strict.server.user("Ada")
    text = "Too Many Requests: retry after 300"
    async with strict.adapter(rates=RATES) as bot:
        await ada.write(server.bot, "Hello")
        (message,) = await strict.inbox.wait_messages(1)
        server.faults.refuse("sendMessageDraft", 429, text, retry_after=300)
        stream = bot.open_reply(message)
        await stream.feed("Here ")
        await server.until(lambda: server.calls.refused())
        await strict.clock.sleep(5)
        begun_s = strict.clock.monotonic()
        await stream.finish(Reply("Here it is."))
        assert strict.clock.monotonic() - begun_s < 100
    assert [m.text for m in server.private(ada).by(server.bot)] == ["Here it is."]
