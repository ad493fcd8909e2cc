"""What people do with an answer once it is there."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.messages import Attachment, Author, Message, Role, Scope, scope_of
from bot.store.ratings import RatingCount, RatingRepository
from bot.store.turns import TurnRepository

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]
ADA = Author("Ada", "Ada")
BO = Author("Bo", "Bo")
MODERATOR = Author("Mo", "Mo", Role.MODERATOR)
SHORT = {"chat": {"model": "fake", "backend": "fake", "max_tokens": 5}}
STAFF = {"moderator_channels": ["fake:announcements"]}
THEN_UTC = datetime(2026, 1, 1, tzinfo=UTC)


def scope(bot: Any) -> Scope:
    return scope_of(bot.platform.channel("general"), ADA)


async def kept(bot: Any) -> list[str]:
    await bot.app.responder.idle()
    turns = await TurnRepository(bot.app.store).recent(scope(bot), limit=50)
    return [turn.text for turn in turns]


def shown(bot: Any, reader: str = "Ada", channel: str = "general") -> list[str]:
    posted = bot.platform.platform.visible(bot.platform.channel(channel), reader)
    return [one.message.text for one in posted if one.author is None]


def buttons(bot: Any, channel: str = "general") -> list[str]:
    posted = bot.platform.platform.visible(bot.platform.channel(channel), "Ada")
    return [button.label for button in posted[-1].message.buttons]


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 - the reader's view has no event
            await asyncio.sleep(0.01)


async def press(bot: Any, who: Author, label: str) -> list[str]:
    """Press the newest such button; return what is shown from then on."""
    before = len(shown(bot, who.id))
    bot.platform.press(who, label)
    await bot.app.responder.idle()
    return shown(bot, who.id)[before:]


async def test_answer_that_nobody_remembers_cannot_be_written_again(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "Hello."}) as bot:
        await bot.ask("Hello?")
        await bot.app.responder.idle()
        await TurnRepository(bot.app.store).forget(scope(bot))
        told = await press(bot, ADA, "Regenerate")
        assert told == ["I no longer know that question. Please ask it again."]
        told = await press(bot, ADA, "👍")
        assert told == ["I no longer know that answer."]


@pytest.mark.parametrize("label", ["Regenerate", "Continue"])
async def test_only_who_asked_or_a_moderator_has_an_answer_written_on(
    open_bot: OpenBot, label: str
) -> None:
    async with open_bot({"tokens": 50}, models=SHORT) as bot:
        await bot.ask("Tell me much.")
        told = await press(bot, BO, label)
        assert told == ["Only who asked, or a moderator, may do that."]
        assert "may do that" not in "".join(await press(bot, MODERATOR, label))


async def test_answer_written_again_takes_the_place_of_the_first_in_memory(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "A hearth."}) as bot:
        await bot.ask("What is warm?")
        assert buttons(bot) == ["Regenerate", "👍", "👎", "Report"]
        assert await press(bot, ADA, "Regenerate") == ["A hearth."]
        assert await kept(bot) == ["What is warm?", "A hearth."]


async def test_answer_still_being_written_is_not_begun_again(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"tokens": 300, "delay_s": 0.02}) as bot:
        message = bot.platform.say("Ada", "Slowly, please.")
        await until(lambda: bool(shown(bot)))
        bot.platform.say("Ada", f"/again {message.id}")
        await until(lambda: "I am still writing that answer." in shown(bot))
        bot.platform.say("Ada", "/stop")
        await bot.app.responder.idle()


async def test_answer_that_was_cut_goes_on_once(open_bot: OpenBot) -> None:
    async with open_bot({"tokens": 50}, models=SHORT) as bot:
        await bot.ask("Tell me much.")
        assert buttons(bot)[0] == "Continue"
        first, second = len(shown(bot)), await press(bot, ADA, "Continue")
        assert len(second) == 1
        assert len(await kept(bot)) == 4  # the wish to go on is part of it
        # The button of the first answer is still there.
        posted = bot.platform.platform.visible(bot.platform.channel("general"), "Ada")
        own = [one for one in posted if one.author is None]
        command = own[first - 1].message.buttons[0].command
        told = bot.platform.say("Ada", command)
        await bot.platform.answered(told)
        assert shown(bot)[-1] == "I have gone on with that already."
        # What goes on can go on in turn.
        bot.platform.say("Ada", own[first].message.buttons[0].command)
        await bot.app.responder.idle()
        assert len(await kept(bot)) == 6


async def test_answer_that_failed_can_be_tried_again(open_bot: OpenBot) -> None:
    async with open_bot({"fail_on": "broken"}) as bot:
        answer = await bot.ask("a broken question")
        assert "error" in answer
        assert buttons(bot) == ["Try again"]


async def test_last_thumb_of_a_person_counts(open_bot: OpenBot) -> None:
    async with open_bot({"reply": "Hello."}) as bot:
        message = bot.platform.say("Ada", "Hello?")
        await bot.platform.answered(message)
        await press(bot, ADA, "👎")
        await press(bot, ADA, "👍")
        await press(bot, BO, "👎")
        ratings = RatingRepository(bot.app.store)
        assert await ratings.count(scope(bot), message.id) == RatingCount(1, 1)


async def test_report_reaches_the_moderators_once_with_the_answer(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "Something odd."}, bot=STAFF) as bot:
        await bot.ask("Well?")
        assert await press(bot, BO, "Report") == [
            "Thank you. The moderators have it now."
        ]
        assert await press(bot, BO, "Report") == [
            "The moderators have this from you already. Thank you."
        ]
        (card,) = shown(bot, channel="announcements")
        assert card.startswith("Report 1: Bo asks you to look at a message in general.")
        assert card.endswith("> Something odd.")


async def test_report_that_reaches_nobody_says_so(open_bot: OpenBot) -> None:
    async with open_bot({"reply": "Odd."}, bot={"moderator_channels": []}) as bot:
        await bot.ask("Well?")
        (told,) = await press(bot, BO, "Report")
        assert told.startswith("Your report is kept as number 1, but no moderators'")
        assert "Reply with /report" in await bot.ask("/report")


async def test_reworded_question_is_offered_again_and_answered_on_a_press(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"echo": True}) as bot:
        message = bot.platform.say("Ada", "What is wram?")
        await bot.platform.answered(message)
        bot.platform.edit(message, "What is warm?")
        await bot.app.responder.idle()
        assert shown(bot)[-1] == "You have changed your question."
        assert await kept(bot) == ["What is warm?", "What is wram?"]
        (anew,) = await press(bot, ADA, "Answer it again")
        assert "warm" in anew
        assert (await kept(bot))[0] == "What is warm?"


async def test_question_reworded_while_it_is_answered_is_answered_anew(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"tokens": 200, "delay_s": 0.02}) as bot:
        message = bot.platform.say("Ada", "Slowly, please.")
        await until(lambda: bool(shown(bot)))
        bot.platform.edit(message, "Quickly, please.")
        await bot.app.responder.idle()
        assert any(text.endswith("(stopped)") for text in shown(bot))
        assert (await kept(bot))[0] == "Quickly, please."


async def test_edit_that_changes_nothing_or_is_refused_offers_nothing(
    open_bot: OpenBot,
) -> None:
    safety = {"blocked_words": ["rude"]}
    async with open_bot({"reply": "Yes."}, safety=safety) as bot:
        message = bot.platform.say("Ada", "Well?")
        await bot.platform.answered(message)
        bot.platform.edit(message, "Well?")
        bot.platform.edit(message, "Something rude?")
        stranger = replace(message, id="unknown", text="Never seen.")
        bot.app.responder.edited(stranger)
        await bot.app.responder.idle()
        assert "You have changed your question." not in shown(bot)
        assert (await kept(bot))[0] == "Well?"


async def test_message_that_was_never_seen_is_read_when_it_is_replied_to(
    open_bot: OpenBot,
) -> None:
    # The fake model fails when its prompt has the word: so it was in the prompt.
    async with open_bot({"fail_on": "blueberry"}) as bot:
        place = bot.platform.channel("general")
        old = Message("old", place, BO, "I like blueberry pie.", THEN_UTC)
        own = replace(old, id="own", author=Author("me", "Hearth", is_self=True))
        for number, replied in enumerate((old, own, old)):
            asked = Message(
                f"new{number}",
                place,
                ADA,
                "What about this?",
                THEN_UTC,
                reply_to_id=replied.id,
                is_to_bot=True,
                replied=replied,
            )
            bot.app.responder.message(asked)
            assert "error" in (await bot.platform.answered(asked)).text
        texts = await kept(bot)
        assert texts.count("I like blueberry pie.") == 2


async def test_refused_message_is_not_read_when_it_is_replied_to(
    open_bot: OpenBot,
) -> None:
    safety = {"blocked_words": ["rude"]}
    async with open_bot({"reply": "Fine."}, safety=safety) as bot:
        place = bot.platform.channel("general")
        old = Message("old", place, BO, "Something rude.", THEN_UTC)
        asked = Message(
            "new", place, ADA, "And?", THEN_UTC, "old", is_to_bot=True, replied=old
        )
        bot.app.responder.message(asked)
        await bot.platform.answered(asked)
        assert await kept(bot) == ["And?", "Fine."]


async def test_aside_is_answered_and_never_becomes_part_of_the_conversation(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"fail_on": "secret"}) as bot:
        place = bot.platform.channel("general")
        file = Attachment("message.txt", "text/plain", b"A story of foxes.")
        aside = Message(
            "aside",
            place,
            ADA,
            "Sum it up.",
            THEN_UTC,
            attachments=(file,),
            is_to_bot=True,
            is_aside=True,
        )
        bot.app.responder.message(aside)
        answer = await bot.platform.answered(aside)
        assert answer.text
        assert answer.buttons == ()
        assert await kept(bot) == []
        # Nor is what others said part of the aside.
        bot.platform.say("Bo", "My secret.", is_to_bot=False)
        await bot.app.responder.idle()
        again = replace(aside, id="aside2")
        bot.app.responder.message(again)
        assert "error" not in (await bot.platform.answered(again)).text


async def test_ask_is_a_question_wherever_commands_are_read(open_bot: OpenBot) -> None:
    async with open_bot({"echo": True}) as bot:
        message = bot.platform.say("Ada", "/ask What is warm?", is_to_bot=False)
        assert "What is warm?" in (await bot.platform.answered(message)).text
        assert (await kept(bot))[0] == "What is warm?"
        assert "Use it like this: /ask <question>" in await bot.ask("/ask")


async def test_me_tells_what_is_kept_and_for_how_long(open_bot: OpenBot) -> None:
    async with open_bot({"reply": "Hello."}) as bot:
        await bot.ask("Hello?")
        await press(bot, ADA, "👍")
        told = await bot.ask("/me")
        assert "- 1 message of yours" in told
        assert "- 1 rating of an answer" in told
        assert "- 0 reports" in told
        assert "- 0 messages of yours" in await bot.ask("/me", who="Bo")


async def test_who_agrees_is_named_in_posts_until_they_take_it_back(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "Hello."}) as bot:
        assert "No post names you." in await bot.ask("/me")
        assert "may quote you by name" in await bot.ask("/me name on")
        assert "may quote you by name" in await bot.ask("/me name")
        assert "No post names you." in await bot.ask("/me name", who="Bo")
        assert "No post names you." in await bot.ask("/me name off")


async def test_moderators_choose_when_it_talks_and_where_they_are_told(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "Odd."}) as bot:
        assert "Only moderators" in await bot.ask("/talk always")
        for line, told in (
            ("/talk", "Nothing was chosen here"),
            ("/talk never", "Here I answer commands only."),
            ("/talk", "Here I answer commands only."),
            ("/talk often", "You can choose: always, mention, never."),
            ("/moderators nowhere", "There is no channel nowhere."),
            ("/moderators announcements", "is told in announcements now."),
        ):
            message = bot.platform.say(MODERATOR, line)
            assert told in (await bot.platform.answered(message)).text
        await bot.ask("Well?")
        await press(bot, BO, "Report")
        assert len(shown(bot, channel="announcements")) == 1
