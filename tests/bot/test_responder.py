"""The whole way from what a person writes to what the bot says."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from adapters.fake.platform import CallKind, Fault
from bot.errors import GoneError
from bot.generation.requests import FinishReason
from bot.messages import Author, Channel, Reply, Role, Scope, scope_of
from bot.safety.verdict import Stage
from bot.store.judgements import JudgementRepository
from bot.store.traces import Trace, TraceRepository
from bot.store.turns import TurnRepository
from bot.words import T

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]
ADA = Author("Ada", "Ada")
MODERATOR = Author("Mo", "Mo", Role.MODERATOR)
SLOW = {"tokens": 300, "delay_s": 0.02}


def scope(bot: Any, channel: str = "general") -> Scope:
    return scope_of(bot.platform.channel(channel), ADA)


async def kept_turns(bot: Any, channel: str = "general") -> list[str]:
    await bot.app.responder.idle()
    repository = TurnRepository(bot.app.store)
    turns = await repository.recent(scope(bot, channel), limit=50)
    return [turn.text for turn in turns]


async def last_trace(bot: Any) -> Trace:
    await bot.app.responder.idle()
    return (await TraceRepository(bot.app.store).recent(limit=1))[-1]


def said(bot: Any, reader: str = "Ada", channel: str = "general") -> list[str]:
    """Return what a person reads of the bot in a channel now."""
    posted = bot.platform.platform.visible(bot.platform.channel(channel), reader)
    return [one.message.text for one in posted if one.author is None]


def _use_up_ids(bot: Any) -> None:
    # A new fake platform begins to count again; a real one never gives an id twice.
    elsewhere = bot.platform.channel("announcements")
    for _ in range(10):
        bot.platform.platform.post(elsewhere, Reply("filler"), None)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 - the reader's view has no event
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("text", "told"),
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
    open_bot: OpenBot, text: str, told: str
) -> None:
    safety = {"max_length": 100, "blocked_words": ["rude"]}
    async with open_bot({"reply": "Never said."}, safety=safety) as bot:
        assert told in await bot.ask(text)
        assert await kept_turns(bot) == []


async def test_a_refusal_is_kept_for_those_who_ask_why(open_bot: OpenBot) -> None:
    async with open_bot(safety={"blocked_words": ["rude"]}) as bot:
        await bot.ask("something rude")
        await bot.app.responder.idle()
        judgements = JudgementRepository(bot.app.store)
        (kept,) = await judgements.noticed(bot.platform.channel("general"), limit=9)
        assert (kept.stage, kept.found.category) == (Stage.INPUT, "word")
        assert kept.has_acted
        assert "rude" not in repr(kept)


async def test_an_answer_arrives_whole_and_is_remembered(open_bot: OpenBot) -> None:
    reply = "A hearth is a fireplace. " * 120
    chat = {"model": "fake", "backend": "fake", "max_tokens": 1000}
    async with open_bot({"reply": reply}, models={"chat": chat}) as bot:
        assert await bot.ask("What is a hearth?") == reply.strip()
        assert " ".join(said(bot)).split() == reply.split()
        assert len(said(bot)) == 2  # the fake platform takes 2000 characters
        assert await kept_turns(bot) == ["What is a hearth?", reply.strip()]
        trace = await last_trace(bot)
        assert trace.finish_reason is FinishReason.STOP
        assert trace.error_id is None
        assert trace.first_piece_ms is not None
        assert trace.first_piece_ms <= trace.duration_ms


async def test_an_answer_that_got_long_says_how_to_go_on(open_bot: OpenBot) -> None:
    chat = {"model": "fake", "backend": "fake", "max_tokens": 5}
    async with open_bot({"tokens": 50}, models={"chat": chat}) as bot:
        answer = await bot.ask("Tell me much.")
        assert answer.endswith("(This got long. Write “go on” and I continue.)")
        assert all("go on" not in turn for turn in await kept_turns(bot))


async def test_a_model_without_words_says_so(open_bot: OpenBot) -> None:
    async with open_bot({"reply": " "}) as bot:
        assert "I found no words for that." in await bot.ask("Well?")
        assert await kept_turns(bot) == ["Well?"]


async def test_a_message_that_comes_twice_is_answered_once(open_bot: OpenBot) -> None:
    async with open_bot({"reply": "Once."}) as bot:
        message = bot.platform.say("Ada", "Hello")
        await bot.platform.answered(message)
        bot.app.responder.message(message)
        await bot.app.responder.idle()
        assert said(bot) == ["Once."]


async def test_another_bot_is_not_answered(open_bot: OpenBot) -> None:
    async with open_bot() as bot:
        bot.platform.say(Author("other", "Other", is_bot=True), "Hello, colleague.")
        await bot.app.responder.idle()
        assert said(bot) == []


async def test_what_people_say_to_each_other_is_heard_and_not_answered(
    open_bot: OpenBot,
) -> None:
    # The fake model fails when its prompt has the word: so it was in the prompt.
    async with open_bot({"reply": "Yes.", "fail_on": "Bob: marmalade"}) as bot:
        bot.platform.say("Bob", "marmalade", is_to_bot=False)
        await bot.app.responder.idle()
        assert said(bot) == []
        assert "(error " in await bot.ask("What did Bob say?")


async def test_nothing_crosses_from_one_channel_or_person_to_another(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "Yes.", "fail_on": "marmalade"}) as bot:
        for person in ("Ada", "Bob"):
            private = Channel("fake", f"dm-{person}", "fakeville", is_private=True)
            bot.platform.add_channel(private)
        bot.platform.say("Ada", "marmalade", is_to_bot=False)
        bot.platform.say("Ada", "marmalade", channel="dm-Ada", is_to_bot=False)
        await bot.app.responder.idle()
        assert await bot.ask("Hello", where="announcements") == "Yes."
        assert await bot.ask("Hello", who="Bob", where="dm-Bob") == "Yes."
        assert "(error " in await bot.ask("Hello", where="dm-Ada")


async def test_a_conversation_survives_a_restart(open_bot: OpenBot) -> None:
    async with open_bot({"reply": "I will."}) as bot:
        await bot.ask("Remember marmalade.")
        await bot.app.responder.idle()
    async with open_bot({"reply": "No.", "fail_on": "marmalade"}) as bot:
        _use_up_ids(bot)
        assert "(error " in await bot.ask("What was it?")


async def test_reset_is_for_moderators_where_others_talk_too(open_bot: OpenBot) -> None:
    async with open_bot({"reply": "Yes."}) as bot:
        await bot.ask("Hello")
        assert "only moderators" in await bot.ask("/reset")
        message = bot.platform.say(MODERATOR, "/reset")
        answer = await bot.platform.answered(message)
        assert answer.text == "I have forgotten 2 messages. We begin anew."
        assert await kept_turns(bot) == []


async def test_a_command_is_answered_to_who_gave_it_alone(open_bot: OpenBot) -> None:
    async with open_bot() as bot:
        assert "/status" in await bot.ask("/help")
        assert len(said(bot, "Ada")) == 1
        assert said(bot, "Bob") == []


async def test_the_asker_stops_an_answer_with_the_button(open_bot: OpenBot) -> None:
    async with open_bot(SLOW) as bot:
        message = bot.platform.say("Ada", "Tell me much.")
        await until(lambda: bool(said(bot)))
        bot.platform.press("Bob", "Stop")
        await until(lambda: len(said(bot, "Bob")) == 2)
        assert "Nothing of yours" in said(bot, "Bob")[1]
        bot.platform.press("Ada", "Stop")
        answer = await bot.platform.answered(message)
        assert answer.text.endswith("(stopped)")
        assert "Stop" not in [button.label for button in answer.buttons]
        trace = await last_trace(bot)
        assert trace.finish_reason is not FinishReason.STOP


async def test_a_deleted_question_stops_its_answer(open_bot: OpenBot) -> None:
    async with open_bot(SLOW) as bot:
        message = bot.platform.say("Ada", "Tell me much.")
        await until(lambda: bool(said(bot)))
        bot.platform.delete(message)
        answer = await bot.platform.answered(message)
        assert answer.text.endswith("(stopped)")
        await until(lambda: bot.app.engine.status().running == 0)


async def test_who_waits_is_told_the_place_in_the_queue(open_bot: OpenBot) -> None:
    engine = {"max_parallel": 1}
    async with open_bot({"tokens": 300, "delay_s": 0.05}, engine=engine) as bot:
        first = bot.platform.say("Ada", "Tell me much.", channel="announcements")
        await until(lambda: bot.app.engine.status().running == 1)
        second = bot.platform.say("Bob", "Me too.")
        await until(lambda: any("number 1 in the queue" in one for one in said(bot)))
        for message in (first, second):
            bot.platform.delete(message)
            await bot.platform.answered(message)
        assert all("queue" not in one for one in said(bot))


async def test_a_full_queue_refuses_kindly(open_bot: OpenBot) -> None:
    engine = {"max_parallel": 1, "max_waiting": 1}
    async with open_bot(SLOW, engine=engine) as bot:
        messages = [bot.platform.say(name, "Hello") for name in ("Ada", "Bob", "Cy")]
        await until(lambda: any("try again" in one.lower() for one in said(bot)))
        for message in messages:
            bot.platform.delete(message)
            await bot.platform.answered(message)


async def test_an_error_of_the_model_is_told_with_an_id_and_no_traceback(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "Fine.", "fail_on": "trouble"}) as bot:
        answer = await bot.ask("trouble")
        trace = await last_trace(bot)
        assert trace.error_id is not None
        assert answer.endswith(f"(error {trace.error_id})")
        assert "Traceback" not in answer
        assert await bot.ask("and now?", where="announcements") == "Fine."


async def test_a_worker_that_dies_is_told_and_the_next_question_works(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "Fine.", "crash_on": "trouble"}) as bot:
        assert "starting again" in await bot.ask("trouble")
        assert await bot.ask("and now?", where="announcements") == "Fine."


async def test_a_blocked_sentence_is_never_visible(open_bot: OpenBot) -> None:
    reply = "First this. Then something rude follows. And then more."
    safety = {"blocked_words": ["rude"]}
    async with open_bot({"reply": reply, "delay_s": 0.01}, safety=safety) as bot:
        answer = await bot.ask("Well?")
        assert answer.startswith("First this.")
        assert "not wanted in this community" in answer
        moments = bot.platform.platform.moments(bot.platform.channel("general"))
        assert not any("rude" in text for texts in moments for text in texts)
        assert await kept_turns(bot) == ["Well?", "First this."]


async def test_a_model_cannot_mention_everyone(open_bot: OpenBot) -> None:
    async with open_bot({"reply": "Hello @everyone and @here."}) as bot:
        await bot.ask("Greet them.")
        moments = bot.platform.platform.moments(bot.platform.channel("general"))
        texts = [text for texts in moments for text in texts]
        assert texts
        assert not any("@everyone" in text or "@here" in text for text in texts)


async def test_a_model_cannot_run_a_command(open_bot: OpenBot) -> None:
    async with open_bot({"reply": "/reset"}) as bot:
        assert await bot.ask("Say it.") == "/reset"
        assert await kept_turns(bot) == ["Say it.", "/reset"]


async def test_an_answer_that_the_platform_refuses_is_noted(open_bot: OpenBot) -> None:
    async with open_bot({"reply": "Fine."}) as bot:
        gone = Fault(GoneError(T("The channel is gone.")))
        bot.platform.platform.faults.extend([gone] * 20)
        message = bot.platform.say("Ada", "Hello")
        with pytest.raises(GoneError):
            await bot.platform.answered(message)
        assert (await last_trace(bot)).error_id is not None
        assert await kept_turns(bot) == ["Hello"]


async def test_shutting_down_tells_who_still_waits(open_bot: OpenBot) -> None:
    async with open_bot(SLOW, engine={"drain_s": 0.0}) as bot:
        message = bot.platform.say("Ada", "Tell me much.")
        await until(lambda: bool(said(bot)))
        await bot.app.drain()
        answer = await bot.platform.answered(message)
        assert answer.text
        calls = list(bot.platform.platform.calls)
        assert calls[-1].kind in (CallKind.SEND, CallKind.EDIT)
        assert "Tell me much." in await kept_turns(bot)


async def test_people_read_the_bot_in_their_own_language(open_bot: OpenBot) -> None:
    async with open_bot() as bot:
        assert "“zh”" in await bot.ask("/language zh")
        in_chinese = await bot.ask("")
        assert in_chinese != await bot.ask("", who="Bob")
        assert in_chinese == bot.app.setup.words.say(
            T("Your message was empty. What can I do?"), "zh"
        )
