"""Reports, appeals and what is noticed, as members and moderators meet them."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

import pytest

from adapters.fake.platform import Deed
from bot.errors import ForbiddenError
from bot.messages import Author, Channel, Message, Role
from bot.safety.fake import FakeClassifier
from bot.safety.policy import Category
from bot.safety.verdict import Stage
from bot.store.audit import AuditRepository
from bot.store.corrections import CorrectionRepository
from bot.words import T

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]

ADA, BO, CY = Author("ada", "Ada"), Author("bo", "Bo"), Author("cy", "Cy")
MO = Author("mo", "Mo", Role.MODERATOR)
KIM = Author("kim", "Kim", Role.MODERATOR)
STAFF = "announcements"
TABLES: dict[str, Any] = {"bot": {"moderator_channels": [f"fake:{STAFF}"]}}


def judge(text: str, stage: Stage) -> dict[Category, float]:
    found = dict.fromkeys(Category, 0.0)
    if "nasty" in text:
        found[Category.HARASSMENT] = 0.95
    return found


@pytest.fixture
def open_desk(open_bot: OpenBot) -> Callable[[], AbstractAsyncContextManager[Any]]:
    """Open a bot that finds harassment in what is nasty."""
    return lambda: open_bot({"reply": "Well."}, guard=FakeClassifier(judge), **TABLES)


async def settled(bot: Any) -> None:
    async with asyncio.timeout(60):
        await bot.app.responder.idle()


async def ask(bot: Any, who: Author, text: str, where: str = STAFF, **more: Any) -> str:
    message = bot.platform.say(who, text, channel=where, **more)
    reply = await bot.platform.answered(message)
    await settled(bot)
    return str(reply.text)


async def overhear(bot: Any, who: Author, *texts: str) -> list[Message]:
    said = [bot.platform.say(who, text, is_to_bot=False) for text in texts]
    await settled(bot)
    return said


async def report(bot: Any, who: Author, said: Message, reason: str = "") -> str:
    """Reply with /report, as on a platform that shows what is replied to."""
    line = f"/report {said.id} {reason}".strip()
    sent = bot.platform.say(who, "…", is_to_bot=False)
    sent = replace(sent, id=f"c{sent.id}", text=line, replied=said)
    bot.app.responder.message(sent)
    reply = await bot.platform.answered(sent)
    await settled(bot)
    return str(reply.text)


async def press(bot: Any, who: Author, label: str, where: str = STAFF) -> str:
    bot.platform.press(who, label, channel=where)
    await settled(bot)
    return shown(bot, who, where)[-1]


def shown(bot: Any, who: Author, where: str = "general") -> list[str]:
    seen = bot.platform.platform.visible(bot.platform.channel(where), who.id)
    return [one.message.text for one in seen if one.author is None]


def labels(bot: Any) -> list[str]:
    """Return the buttons of the first card."""
    seen = bot.platform.platform.visible(bot.platform.channel(STAFF), MO.id)
    card = next(one for one in seen if one.author is None)
    return [button.label for button in card.message.buttons]


async def test_message_that_many_report_is_one_case_and_all_are_answered(
    open_desk: OpenBot,
) -> None:
    async with open_desk() as bot:
        (said,) = await overhear(bot, CY, "buy my stuff")
        assert "have it now" in await report(bot, ADA, said, "spam")
        assert "have this from you already" in await report(bot, ADA, said)
        assert "have it now" in await report(bot, BO, said, "again!")

        (card,) = shown(bot, MO, STAFF)
        assert card.startswith("Report 1: 2 people ask you to look at a message")
        assert "Cy so far: noticed 0×, in cases 1×, warned 0×." in card
        assert card.endswith("> Cy: buy my stuff")

        assert "Case 1 is yours now." in await press(bot, MO, "Take")
        assert "Mo looks at it." in shown(bot, MO, STAFF)[0]
        assert "Take" not in labels(bot)
        assert "Case 1 is with Mo." in await press(bot, KIM, "Dismiss")
        assert "· taken · 2× · Mo ·" in await ask(bot, KIM, "/case list")

        assert "2 people were told" in await press(bot, MO, "Dismiss")
        for person in (ADA, BO):
            (told,) = [one for one in shown(bot, person) if "found nothing" in one]
            assert "Mo" not in told
        assert not [one for one in shown(bot, CY) if "report" in one]
        assert labels(bot) == ["Reopen"]
        assert "nothing to do" in await ask(bot, ADA, "/case mine")
        assert "found nothing" in await report(bot, KIM, said)  # known already


async def test_two_moderators_who_press_one_card_at_once_one_wins(
    open_desk: OpenBot,
) -> None:
    async with open_desk() as bot:
        (said,) = await overhear(bot, CY, "hm")
        await report(bot, ADA, said)
        bot.platform.press(MO, "Take", channel=STAFF)
        bot.platform.press(KIM, "Take", channel=STAFF)
        await settled(bot)

        for_both = "\n".join(shown(bot, MO, STAFF) + shown(bot, KIM, STAFF))
        winner = "Mo" if "is with Mo." in for_both else "Kim"
        assert for_both.count("is yours now") == 2  # both see the winner's answer
        assert for_both.count(f"Case 1 is with {winner}.") == 1
        assert f"{winner} looks at it." in shown(bot, MO, STAFF)[0]


async def test_moderators_act_and_only_they(open_desk: OpenBot) -> None:
    async with open_desk() as bot:
        (said,) = await overhear(bot, CY, "go away")
        await report(bot, ADA, said)
        assert "Only moderators" in await ask(bot, ADA, "/case delete 1")
        assert bot.platform.platform.deeds == []

        told = await ask(bot, MO, "/case warn 1 Please be kind.")
        assert "1 person was warned." in told
        assert "A word from the moderators: Please be kind." in shown(bot, CY)
        assert "A word from" not in "".join(shown(bot, BO))

        lacking = ForbiddenError(T("I lack a right: Timeout Members."))
        bot.platform.platform.untouchable["cy"] = lacking
        assert "I lack a right" in await press(bot, MO, "Time out, 1 h")
        bot.platform.platform.untouchable.clear()
        assert "has a time-out until" in await press(bot, MO, "Time out, 1 h")
        assert "1 message is gone." in await press(bot, MO, "Delete")
        assert "Case 1 is with Mo." in await ask(bot, KIM, "/case ban 1")
        assert "was banned" in await press(bot, MO, "Ban")

        deeds: list[Deed] = bot.platform.platform.deeds
        assert [(one.kind, one.whom) for one in deeds] == [
            ("timeout", "cy"),
            ("delete", said.id),
            ("ban", "cy"),
        ]
        assert {one.reason for one in deeds} == {"Mo, case 1"}
        assert "warned 1×" in shown(bot, MO, STAFF)[0]
        assert "Mo banned: Cy" in shown(bot, MO, STAFF)[0]
        rows = await AuditRepository(bot.app.store).latest(20, community=None)
        lines = [(row.entry.actor_name, row.entry.subject) for row in rows]
        assert ("Mo", "/case ban 1") in lines
        assert ("Mo", "/case warn 1 …") in lines  # not the words themselves

        await press(bot, MO, "Close")
        assert "did something about it" in shown(bot, ADA)[-1]
        assert "ban" not in "".join(shown(bot, ADA)).lower()


async def test_appeal_is_a_case_that_can_be_decided_again(open_desk: OpenBot) -> None:
    async with open_desk() as bot:
        refused = bot.platform.say(ADA, "nasty")
        await bot.platform.answered(refused)
        await settled(bot)
        await press(bot, ADA, "Ask the moderators", "general")
        assert "can be closed as: granted, upheld" in await ask(
            bot, MO, "/case close 1 acted"
        )
        assert "Say how it ends" in await ask(bot, MO, "/case close 1 whatever")
        await press(bot, MO, "The refusal stays")
        assert "the refusal stays" in shown(bot, ADA)[-1]

        await press(bot, KIM, "Reopen")
        assert "Ada was told" in await press(bot, KIM, "It was fine")
        assert "your message was fine" in shown(bot, ADA)[-1]
        assert "wrong" in await ask(bot, ADA, "/case mine", "general")


async def test_moderator_does_not_judge_their_own_case(open_desk: OpenBot) -> None:
    async with open_desk() as bot:
        (said,) = await overhear(bot, MO, "I am rude")
        await report(bot, ADA, said)
        assert "about you" in await press(bot, MO, "Dismiss")
        assert "Ada was told" in await press(bot, KIM, "Dismiss")


async def test_who_could_not_be_told_reads_it_at_their_next_command(
    open_desk: OpenBot,
) -> None:
    async with open_desk() as bot:
        private = Channel("fake", "dm", "private:ada", is_private=True)
        bot.platform.add_channel(private)
        bot.platform.say(ADA, "Well?", channel="dm")
        await settled(bot)
        await press(bot, ADA, "Report", "dm")
        del bot.platform._channels["dm"]
        assert "could not be told" in await press(bot, MO, "Dismiss")

        await ask(bot, ADA, "/status", "general")
        assert "found nothing" in shown(bot, ADA)[-1]
        await ask(bot, ADA, "/status", "general")
        assert "found nothing" not in shown(bot, ADA)[-1]


async def test_channel_is_watched_only_where_moderators_want_it(
    open_desk: OpenBot,
) -> None:
    async with open_desk() as bot:
        await overhear(bot, CY, "nasty thing")
        assert "Nobody's messages" in await ask(bot, MO, "/watch", "general")

        await ask(bot, MO, "/watch shadow", "general")
        await overhear(bot, CY, "another nasty thing", "a nice one")
        counted = await ask(bot, MO, "/watch", "general")
        assert "2 messages judged, 1 noticed" in counted
        assert "- `harassment` 1" in counted
        assert shown(bot, MO, STAFF) == []

        await ask(bot, MO, "/watch suggest", "general")
        await overhear(bot, CY, "a third nasty thing", "nothing much")
        await overhear(bot, MO, "a nasty thing to say, says who moderates")
        (card,) = shown(bot, MO, STAFF)
        assert "Cy wrote something in general that filters noticed" in card
        assert "noticed 3×" in card
        assert card.endswith("> a third nasty thing")
        assert "kept as an example" in await press(bot, MO, "Wrong")
        (correction,) = await CorrectionRepository(bot.app.store).all()
        assert correction.text == "a third nasty thing"
        assert bot.platform.platform.deeds == []


async def test_raid_is_one_card_and_one_press(open_desk: OpenBot) -> None:
    async with open_desk() as bot:
        await ask(bot, MO, "/watch suggest", "general")
        for number in range(37):
            who = Author(f"p{number % 12}", f"Raider {number % 12}")
            bot.platform.say(who, f"nasty {number}", is_to_bot=False)
        await settled(bot)

        (card,) = shown(bot, MO, STAFF)
        assert "37 messages by 12 people in 1 minute were noticed" in card
        assert "Ban" not in labels(bot)
        assert "12 people have a time-out" in await press(bot, MO, "Time out all, 1 h")
        assert "37 messages are gone." in await press(bot, MO, "Delete all")
        deeds = [one.kind for one in bot.platform.platform.deeds]
        assert (deeds.count("timeout"), deeds.count("delete")) == (12, 37)
        # What comes after somebody has taken it up is a case of its own.
        await overhear(bot, CY, "nasty too")
        assert len([c for c in shown(bot, MO, STAFF) if c.startswith("Case 2:")]) == 1
