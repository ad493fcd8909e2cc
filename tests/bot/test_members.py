"""What members can do about what is kept of them, from the chat and the terminal."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.fake.adapter import FakeAdapter
from adapters.fake.inbox import RecordingInbox
from adapters.fake.platform import Fault
from bot.clock import SystemClock
from bot.config import Config
from bot.conversation import Turn
from bot.errors import PlatformError
from bot.fake_settings import FakeSettings
from bot.first_contact import FirstContact
from bot.generation.requests import TurnRole
from bot.messages import Author, Message, Reply, Role, Scope, scope_of
from bot.store.audit import AuditRepository
from bot.store.judgements import JudgementRepository
from bot.store.turns import TurnRepository
from bot.words import T, Words
from tests.stores import new_store

OpenBot = Callable[..., AbstractAsyncContextManager[Any]]
ADA, MODERATOR = Author("Ada", "Ada"), Author("Mo", "Mo", Role.MODERATOR)
TELLING = {"first_contact": True}


async def pressed(bot: Any, label: str, who: Author = ADA) -> Reply:
    """Press a button and return what the bot says then."""
    here = bot.platform.channel("general")
    before = len(bot.platform.platform.visible(here, who.id))
    bot.platform.press(who, label)
    await bot.app.responder.idle()
    (said,) = bot.platform.platform.visible(here, who.id)[before:]
    message: Reply = said.message
    return message


async def kept(bot: Any) -> list[str]:
    await bot.app.responder.idle()
    scope = scope_of(bot.platform.channel("general"), ADA)
    turns = await TurnRepository(bot.app.store).recent(scope, limit=50)
    return [turn.text for turn in turns]


def words_in_files(bot: Any, word: str) -> list[str]:
    path: Path = bot.app.store.path
    files = sorted(path.parent.glob(f"{path.name}*"))
    return [file.name for file in files if word.encode() in file.read_bytes()]


async def test_a_person_sees_takes_and_erases_what_is_theirs(open_bot: OpenBot) -> None:
    async with open_bot({"reply": "Under the oak, then."}) as bot:
        assert "There is no “all”" in await bot.ask("/me forget all")
        assert "/me [name" in await bot.ask("/me name yes")
        await bot.ask("My xylophone is buried under the oak")
        await bot.ask("And mine is a quicksilver", who="Bob")
        shown = await bot.ask("/me")
        assert "- 1 message of yours that conversations remember, for 90 days" in shown
        export = await pressed(bot, "Give me all of it")
        assert export.only_for == "Ada"
        (file,) = export.attachments
        taken = json.loads(file.content)["kept"]
        assert [row["text"] for row in taken["messages"]] == [
            "My xylophone is buried under the oak"
        ]
        assert "quicksilver" not in file.content.decode()
        assert "cannot be undone" in (await pressed(bot, "Forget me")).text
        assert len(await kept(bot)) == 4  # asking is not yet doing
        done = await pressed(bot, "Yes, forget me")
        assert "in no file of mine any more" in done.text
        assert "no copies of the database" in done.text
        assert words_in_files(bot, "xylophone") == []
        assert await kept(bot) == ["And mine is a quicksilver", "Under the oak, then."]


async def test_what_is_being_answered_stops_and_leaves_nothing(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"tokens": 300, "delay_s": 0.02}) as bot:
        message = bot.platform.say("Ada", "Tell me of the xylophone")
        async with asyncio.timeout(30):
            while not bot.platform.is_typing("general"):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await bot.ask("/me forget yes")
        assert (await bot.platform.answered(message)).text.endswith("(stopped)")
        assert await kept(bot) == []
        assert words_in_files(bot, "xylophone") == []
        (row,) = await AuditRepository(bot.app.store).latest(1)
        assert row.entry.what == "person.forgotten"


async def test_who_wants_nothing_kept_is_answered_without_memory(
    open_bot: OpenBot,
) -> None:
    # The fake model fails when its prompt has the word: so it would have been in it.
    options = {"reply": "Of course.", "fail_on": "xylophone"}
    async with open_bot(options) as bot:
        assert "I keep nothing" in await bot.ask("/me keep off")
        assert "error" in (await bot.ask("Here is my xylophone")).lower()
        assert await bot.ask("What was it?") == "Of course."
        assert await bot.ask("And you?", who="Bob") == "Of course."
        assert await kept(bot) == ["And you?", "Of course."]
        answer = bot.platform.platform.visible(bot.platform.channel("general"), "Ada")
        assert all(not one.message.buttons for one in answer[-4:-2])
        judged = await JudgementRepository(bot.app.store).noticed(
            bot.platform.channel("general"), limit=9
        )
        assert not any(one.text for one in judged if one.author_id == "Ada")
        assert "remember nothing" in await bot.ask("/me")
        assert "own machine" in await bot.ask("/me keep on")
        assert await bot.ask("What was it?") == "Of course."
        assert len(await kept(bot)) == 4


async def test_the_first_answer_comes_with_what_is_kept_and_no_other(
    open_bot: OpenBot,
) -> None:
    async with open_bot({"reply": "Hello."}, bot=TELLING) as bot:
        here = bot.platform.channel("general")
        for _ in range(2):
            assert await bot.ask("Hello") == "Hello."
            await bot.app.responder.idle()
        owner = Author("O", "O", Role.OWNER)
        await bot.platform.answered(bot.platform.say(owner, "Hello"))
        await bot.app.responder.idle()
        told = [
            one.message
            for one in bot.platform.platform.visible(here, "Ada")
            if one.message.only_for == "Ada"
        ]
        assert len(told) == 1
        assert "for 90 days" in told[0].text
        assert told[0].text.count("\n") == 1
        labels = [button.label for button in told[0].buttons]
        assert labels == ["What you keep", "Do not keep"]
        assert "I keep nothing" in (await pressed(bot, "Do not keep")).text


class OpenPlatform(FakeAdapter):
    """A platform on which nothing can be hidden."""

    can_hide = False


def asked(adapter: FakeAdapter, *, is_private: bool = False) -> Message:
    here = replace(adapter.channel("general"), is_private=is_private)
    adapter.add_channel(here)
    return Message("1", here, ADA, "Hi", SystemClock().now_utc())


@pytest.mark.parametrize("is_private", [False, True])
async def test_where_nothing_can_be_hidden_it_is_a_line_below(
    words: Words, is_private: bool
) -> None:
    settings, inbox = FakeSettings(), RecordingInbox()
    first = FirstContact(settings, Config(), words)
    adapter = OpenPlatform(inbox)
    message = asked(adapter, is_private=is_private)
    below, buttons = await first.below(message, adapter, "en")
    assert below.startswith("(I keep what you write to me for 90 days.")
    assert bool(buttons) is is_private  # among others, anybody would press them
    again = FirstContact(settings, Config(), words)  # after a restart
    for later in (first, again):
        assert await later.below(message, adapter, "en") == ("", ())
        await later.beside(message, adapter, "en")
    assert not adapter.platform.calls


async def test_who_takes_no_private_messages_reads_it_below_the_next_answer(
    words: Words,
) -> None:
    adapter = FakeAdapter(RecordingInbox())
    first = FirstContact(FakeSettings(), Config(), words)
    message = asked(adapter)
    adapter.platform.faults.append(Fault(PlatformError(T("closed"))))
    async with adapter:
        await first.beside(message, adapter, "en")
        assert (await first.below(message, adapter, "en"))[0]
        await first.beside(message, adapter, "en")
    assert len(adapter.platform.calls) == 1


async def test_moderators_shorten_the_keeping_and_never_lengthen_it(
    open_bot: OpenBot,
) -> None:
    async def keep(bot: Any, line: str) -> str:
        message = bot.platform.say(MODERATOR, line)
        text: str = (await bot.platform.answered(message)).text
        return text

    async with open_bot({"reply": "Yes."}) as bot:
        assert "moderator" in (await bot.ask("/keep turns 1")).lower()
        assert "Choose 1 to 90 days" in await keep(bot, "/keep turns 91")
        assert "Choose 0 to 7 days" in await keep(bot, "/keep texts many")
        assert "what was said: 5 days" in await keep(bot, "/keep turns 5")
        await bot.ask("Hello")
        assert "for 5 days" in await bot.ask("/me")
        assert "what was said: 90 days" in await keep(bot, "/keep turns default")


def test_the_terminal_says_that_there_is_no_store(home: Any) -> None:
    ended = home.run("forget", "--platform", "web", "--person", "x")
    assert (ended.code, ended.is_kind) == (1, True)
    assert "There is no database" in ended.err


async def test_the_terminal_gives_out_and_forgets_a_person(home: Any) -> None:
    path = home.folder / "data" / "hearthbot.sqlite3"
    async with new_store(path, clock=SystemClock()) as store:
        scope, now = Scope("web", "c", "x", None, None), store.clock.now_utc()
        text = "My xylophone is buried under the oak"
        said = Turn(scope, TurnRole.USER, text, "1", now, "ada-7", "Ada")
        await TurnRepository(store).add(said)
    who = ("--platform", "web", "--person", "ada-7")
    exported = await home.run_beside("export", *who, "--out", "ada.json")
    assert exported.out == "ada.json\n"
    taken = json.loads((home.folder / "ada.json").read_text())
    assert taken["kept"]["messages"][0]["text"] == text
    forgotten = await home.run_beside("forget", *who)
    assert "I have forgotten 1 thing of yours" in forgotten.out
    assert b"xylophone" not in path.read_bytes()
