"""From what a person says to a prompt that knows it, and back to why."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from bot.messages import Author, Channel, Role

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]
ADA = Author("Ada", "Ada")
MODERATOR = Author("Mo", "Mo", Role.MODERATOR)
TOWN = Channel("fake", "market", "town")


def private(bot: Any, name: str) -> str:
    channel = Channel("fake", f"dm-{name}", f"private:{name}", is_private=True)
    return str(bot.platform.add_channel(channel).id)


def said(bot: Any, reader: str, channel: str = "general") -> list[str]:
    posted = bot.platform.platform.visible(bot.platform.channel(channel), reader)
    return [one.message.text for one in posted if one.author is None]


async def press(bot: Any, who: str, label: str, channel: str = "general") -> str:
    bot.platform.press(who, label, channel=channel)
    await bot.app.responder.idle()
    return said(bot, who, channel)[-1]


async def test_what_is_remembered_is_in_the_prompts_of_its_place_alone(
    open_bot: OpenBot,
) -> None:
    # The fake model fails when its prompt has the word: so it was in the prompt.
    async with open_bot({"reply": "Yes.", "fail_on": "marmalade"}) as bot:
        bot.platform.add_channel(TOWN)
        alone = private(bot, "Ada")
        told = await bot.ask("Remember that I love marmalade")
        assert told == (
            "I will remember when I answer you in this community: “I love marmalade”"
        )
        assert said(bot, "Bob") == []
        for who, where in (("Bob", "general"), ("Ada", "market"), ("Ada", alone)):
            assert await bot.ask("Hello", who=who, where=where) == "Yes."
        question = bot.platform.say("Ada", "Hello")
        assert "(error " in (await bot.platform.answered(question)).text
        for asker, is_told in ((ADA, True), (MODERATOR, False)):
            why = bot.platform.say(asker, "/why", reply_to_id=question.id)
            told = (await bot.platform.answered(why)).text
            assert told.startswith("Verdict")
            assert ("remembered of you: “I love marmalade”" in told) is is_told
            assert ("marmalade" in told) is is_told
        assert "marmalade" in await bot.ask("/memory")
        await press(bot, "Ada", "Forget all of it")
        assert await bot.ask("Hello") == "Yes."


async def test_moderators_see_no_memory_but_the_communitys_which_all_may_see(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "Yes.", "fail_on": "Fridays"}) as bot:
        assert "Only moderators" in await bot.ask("/memory community add Fridays")
        await bot.ask("/remember I sing")

        async def steer(line: str, channel: str = "general") -> str:
            message = bot.platform.say(MODERATOR, line, channel=channel)
            return str((await bot.platform.answered(message)).text)

        assert "nothing about you" in await steer("/memory list")
        added = await steer("/memory community add We meet on Fridays")
        number = added.partition("here: ")[2].partition(":")[0]
        assert "We meet on Fridays" in await bot.ask("/memory community")
        assert "(error " in await bot.ask("Hello", who="Bob")
        assert "Use it like this" in await steer("/memory community edit")
        edited = await steer(f"/memory community edit {number} We meet on Sundays")
        assert edited == "Now I remember instead: “We meet on Sundays”"
        assert await bot.ask("Hello", who="Bob") == "Yes."
        assert "in private here" in await steer("/memory community", private(bot, "Mo"))
        audit = await steer("/audit")
        assert "memory.changed" in audit
        assert "Sundays" not in audit


async def test_an_offer_is_made_once_a_day_and_kept_only_where_a_person_agrees(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "Hello."}) as bot:
        await bot.ask("Hi, my name is Ada!")
        await bot.app.responder.idle()
        assert said(bot, "Ada")[-1] == (
            "Shall I remember this: “my name is Ada”? I would use it when I answer you "
            "in this community."
        )
        assert "nothing about you" in await bot.ask("/memory")
        assert not any("Shall I" in text for text in said(bot, "Bob"))
        assert "offered you nothing" in await bot.ask("/memory offers yes", who="Bob")
        alone = private(bot, "Ada")  # a platform may show it there
        kept = await bot.ask("/memory offers yes", where=alone)
        assert kept == "I will remember: “my name is Ada”"
        assert "my name is Ada" in await bot.ask("/memory")
        assert "nothing about you" in await bot.ask("/memory", where=alone)
        await bot.ask("I live in Berlin.")
        await bot.app.responder.idle()
        assert said(bot, "Ada")[-1] == "Hello."
        await bot.ask("I live in Berlin.", who="Bob")
        await bot.app.responder.idle()
        assert "I will not ask again" in await press(bot, "Bob", "Never ask me")
        assert "nothing about you" in await bot.ask("/memory", who="Bob")


async def test_linked_accounts_share_what_was_said_in_private_and_no_right(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "Yes.", "fail_on": "marmalade"}) as bot:
        one, other = private(bot, "Ada"), private(bot, "Mo")
        await bot.ask("/remember I love marmalade", where=one)
        await bot.ask("/reset", where=one)  # conversations are something else
        code = (await bot.ask("/link", where=one)).split()[3].rstrip(".")

        async def as_mo(line: str) -> str:
            message = bot.platform.say(MODERATOR, line, channel=other)
            return str((await bot.platform.answered(message)).text)

        assert "not right" in await as_mo("/link ABCDEFGH")
        assert "code of “Ada” (Fake)" in await as_mo(f"/link {code.lower()}")
        assert "is linked with no other" in await bot.ask("/link show", where=one)
        assert "one person to me now" in await as_mo("/link yes")
        assert "linked with “Mo” (Fake) now" in said(bot, "Ada", one)[-1]
        assert "(error " in await as_mo("Hello")
        assert "Only moderators" in await bot.ask("/pause all", where=one)
        assert "“Mo” (Fake)" in await press(bot, "Ada", "Unlink", one)
        assert "no longer linked" in said(bot, "Mo", other)[-1]
        assert await as_mo("/reset") != ""
        assert await as_mo("Hello") == "Yes."
