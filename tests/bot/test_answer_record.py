"""An answer is remembered from before it is seen, and only if it may have been."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from typing_extensions import override

from adapters.fake.adapter import FakeAdapter
from adapters.fake.platform import Fault
from bot.adapter import Adapter, ReplyStream
from bot.app import App
from bot.conversation import Turn
from bot.errors import GoneError
from bot.messages import Attachment, Author, Button, Message, Reply, Role, scope_of
from bot.store.turns import TurnRepository
from bot.words import T

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]
ADA, MO = Author("Ada", "Ada"), Author("Mo", "Mo", Role.MODERATOR)
STAFF = {"moderator_channels": ["fake:announcements"]}
SHORT = {"chat": {"model": "fake", "backend": "fake", "max_tokens": 5}}


class LateReceipts(FakeAdapter):
    """A platform that shows an answer, and tells its ids when `receipt` is set."""

    def __init__(self, app: App) -> None:
        super().__init__(app.responder)
        self.receipt = asyncio.Event()

    @override
    def open_reply(
        self, message: Message, *, buttons: tuple[Button, ...] = ()
    ) -> ReplyStream:
        return _LateReply(super().open_reply(message, buttons=buttons), self.receipt)


class _LateReply(ReplyStream):
    def __init__(self, stream: ReplyStream, receipt: asyncio.Event) -> None:
        self._stream = stream
        self._receipt = receipt

    @override
    async def notice(self, text: str, picture: Attachment | None = None) -> None:
        await self._stream.notice(text, picture)

    @override
    async def feed(self, text: str) -> None:
        await self._stream.feed(text)

    @override
    async def finish(self, reply: Reply) -> tuple[str, ...]:
        message_ids = await self._stream.finish(reply)
        await self._receipt.wait()
        return message_ids


def late(app: App) -> Adapter:
    return LateReceipts(app)


async def turns(bot: Any) -> tuple[Turn, ...]:
    scope = scope_of(bot.platform.channel("general"), ADA)
    return await TurnRepository(bot.app.store).recent(scope, limit=50)


async def told(bot: Any, who: Author, label: str) -> str:
    """Press a button and return what is said to it."""
    place = bot.platform.channel("general")

    def shown() -> list[str]:
        return [
            one.message.text
            for one in bot.platform.platform.visible(place, who.id)
            if one.author is None
        ]

    before = len(shown())
    bot.platform.press(who, label)
    async with asyncio.timeout(20):
        while len(shown()) == before:  # noqa: ASYNC110 - a reader looks again
            await asyncio.sleep(0.01)
    return shown()[-1]


async def test_answer_that_the_platform_did_not_take_is_not_remembered(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "Fine."}) as bot:
        gone = Fault(GoneError(T("The channel is gone.")))
        bot.platform.platform.faults.extend([gone] * 20)
        message = bot.platform.say("Ada", "Hello")
        with pytest.raises(GoneError):
            await bot.platform.answered(message)
        await bot.app.responder.idle()
        assert [turn.text for turn in await turns(bot)] == ["Hello"]
        assert "I no longer know" not in await bot.ask(f"/again {message.id}")


async def test_answer_is_read_also_where_it_cannot_be_kept(open_bot: OpenBot) -> None:
    async with open_bot({"reply": "Fine."}) as bot:
        await bot.app.store.write(lambda db: db["trace"].drop())
        assert await bot.ask("Hello") == "Fine."
        await bot.app.responder.idle()
        assert [turn.text for turn in await turns(bot)] == ["Hello"]


async def test_buttons_below_an_answer_know_it_as_soon_as_they_are_seen(
    open_bot: OpenBot,
) -> None:
    async with open_bot(
        {"reply": "Something odd."}, adapters={"fake": late}, bot=STAFF
    ) as bot:
        message = bot.platform.say("Ada", "Well?")
        await bot.platform.answered(message)

        assert await told(bot, ADA, "👍") == "Thank you, I am glad."
        assert await told(bot, ADA, "Report") == (
            "Thank you. The moderators have it now."
        )
        place = bot.platform.channel("announcements")
        (card,) = bot.platform.platform.visible(place, MO.id)
        assert card.message.text.endswith("> Something odd.")
        assert "Written by fake" in await bot.ask(f"/why {message.id}")
        assert await told(bot, ADA, "Regenerate") == "Something odd."

        bot.platform.receipt.set()
        await bot.app.responder.idle()
        question, answer = await turns(bot)
        assert (question.text, answer.text) == ("Well?", "Something odd.")
        shown = bot.platform.platform.visible(bot.platform.channel("general"))
        own = [one.id for one in shown if one.message.text == "Something odd."]
        assert len(own) == 2
        assert answer.message_id == own[-1]


async def test_answer_goes_on_from_the_message_that_it_became(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"tokens": 50}, adapters={"fake": late}, models=SHORT) as bot:
        message = bot.platform.say("Ada", "Tell me much.")
        await bot.platform.answered(message)
        bot.platform.press("Ada", "Continue")
        bot.platform.receipt.set()
        await bot.app.responder.idle()

        _, first, wish, second = await turns(bot)
        assert first.message_id.isdigit()
        assert wish.reply_to_id == first.message_id
        assert second.message_id.isdigit()


async def test_answer_seen_before_the_bot_was_killed_is_remembered_after_it(
    open_bot: OpenBot,
) -> None:
    async with open_bot(
        {"tokens": 50},
        adapters={"fake": late},
        models=SHORT,
        engine={"drain_s": 0.0},
    ) as bot:
        told = await bot.ask("Tell me much.")
    async with open_bot({"tokens": 50}, models=SHORT) as bot:
        place = bot.platform.channel("general")
        for _ in range(10):  # a new fake platform begins to count again
            bot.platform.platform.post(place, Reply("filler"), None)
        question, answer = await turns(bot)
        assert told.startswith(answer.text)
        bot.platform.say("Ada", f"/continue {question.message_id}")
        await bot.app.responder.idle()

        assert len(await turns(bot)) == 4
        (more,) = [
            one.message
            for one in bot.platform.platform.visible(place)
            if one.message.buttons
        ]
        assert more.reply_to_id == question.message_id
