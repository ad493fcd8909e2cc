"""The whole way from what a person writes to what the bot says."""

import asyncio

import pytest

from bot.generation.requests import FinishReason
from bot.messages import Author, Role, scope_of
from bot.store.traces import TraceRepository
from bot.store.turns import TurnRepository
from bot.store.verdicts import VerdictRepository


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Your message was empty."),
        (" \n\t ", "Your message was empty."),
        ("x" * 101, "That message is too long for me"),
        ("a rude word", "a word that is not wanted"),
        ("/nothing", "There is no such command."),
        ("/status now", "Use it like this: /status"),
    ],
)
async def test_what_cannot_be_answered_gets_a_plain_reason(
    open_bot, text: str, said: str
) -> None:
    safety = {"max_length": 100, "blocked_words": ["rude"]}
    async with open_bot({"reply": "Never said."}, safety=safety) as bot:
        assert said in await bot.ask(text)
        assert await TurnRepository(bot.app.store).recent(_scope(bot), limit=9) == ()


async def test_an_answer_arrives_whole_and_is_remembered(open_bot) -> None:
    reply = "A hearth is a fireplace. " * 200
    async with open_bot({"reply": reply}) as bot:
        assert await bot.ask("What is a hearth?") == reply.strip()
        seen = "".join(
            posted.message.text
            for posted in bot.platform.platform.visible(bot.platform.channel("general"))
            if posted.author is None
        )
        assert seen.split() == reply.split()
        await bot.app.responder.idle()
        turns = await TurnRepository(bot.app.store).recent(_scope(bot), limit=9)
        assert [turn.text for turn in turns] == ["What is a hearth?", reply.strip()]
        (trace,) = await TraceRepository(bot.app.store).recent(limit=9)
        assert trace.finish_reason is FinishReason.STOP
        assert trace.error_id is None


def _scope(bot):
    return scope_of(bot.platform.channel("general"), Author("Ada", "Ada"))
