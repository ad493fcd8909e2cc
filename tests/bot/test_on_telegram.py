"""The whole bot on the small Telegram: core, store and model, nothing between."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from bot.app import App, open_app
from bot.errors import MissingError
from bot.generation.requests import ModelSpec
from bot.safety.fake import FakeClassifier
from bot.setup import Setup
from tests.telegram_server.chats import Chat
from tests.telegram_server.server import TelegramServer

MakeSetup = Callable[..., Setup]


@asynccontextmanager
async def opened(
    make_setup: MakeSetup, server: TelegramServer, **options: Any
) -> AsyncIterator[App]:
    ours = {
        "enabled": True,
        "base_url": server.url,
        "names": ["hearth"],
        "inline": server.bot.supports_inline,
    }
    setup = make_setup(adapters={"telegram": ours})
    setup = replace(setup, environ={"TELEGRAM_TOKEN": server.token})
    spec = ModelSpec("fake", "fake", "", options=tuple(options.items()))
    guard = FakeClassifier({})
    async with open_app(setup, ["telegram"], models={"fake": spec}, guard=guard) as app:
        yield app


async def said(server: TelegramServer, chat: Chat, count: int = 1) -> list[str]:
    await server.until(lambda: len(chat.by(server.bot)) >= count)
    return [message.text for message in chat.by(server.bot)]


async def test_missing_token_ends_the_start(make_setup: MakeSetup) -> None:
    setup = make_setup(adapters={"telegram": {"enabled": True}})
    with pytest.raises(MissingError, match="TELEGRAM_TOKEN"):
        async with open_app(
            setup,
            ["telegram"],
            models={"fake": ModelSpec("fake", "fake", "")},
            guard=FakeClassifier({}),
        ):
            raise AssertionError("never open")


async def test_question_is_answered_and_the_answer_has_its_buttons(
    make_setup: MakeSetup,
) -> None:
    async with TelegramServer() as server:
        ada = server.user("Ada")
        chat = server.private(ada)
        async with opened(make_setup, server, reply="Cats are **small**."):
            await ada.write(server.bot, "What is a cat?")
            assert await said(server, chat) == ["Cats are small."]
            (answer,) = chat.by(server.bot)
            await server.until(lambda: answer.labels)
            again = answer.labels[0]
            await ada.press(answer, again)
            await server.until(lambda: len(server.calls.of("answerCallbackQuery")) >= 1)


async def test_each_picture_of_an_album_is_explained(make_setup: MakeSetup) -> None:
    def drawing(**tables: Any) -> Setup:
        fake = {"model": "fake", "backend": "fake"}
        # On a busy machine the first look at a picture takes long.
        safety = {"pictures": {"time_limit_s": 4, "read_time_s": 4}}
        models = {"chat": fake, "image": {"model": "painter", "backend": "fake"}}
        return make_setup(models=models, safety=safety, **tables)

    async with TelegramServer() as server:
        ada = server.user("Ada")
        chat = server.private(ada)
        async with opened(drawing, server):
            await ada.write(server.bot, "/imagine count=2 seed=5 a fox")
            await server.until(lambda: any(one.labels for one in chat.by(server.bot)))
            first, second, words = chat.by(server.bot)
            assert first.media_group_id == second.media_group_id != ""
            for number, shown in enumerate((first, second, words), 4):
                await ada.write(server.bot, "/why", reply_to=shown)
                told = (await said(server, chat, number))[-1]
                assert "Seeds: 5, 6\nDrawn by painter" in told


async def test_the_first_answer_in_private_tells_below_it_what_is_kept(
    make_setup: MakeSetup,
) -> None:
    def telling(**tables: Any) -> Setup:
        return make_setup(bot={"first_contact": True}, **tables)

    async with TelegramServer() as server:
        ada = server.user("Ada")
        chat = server.private(ada)
        async with opened(telling, server, reply="Cats."):
            await ada.write(server.bot, "What is a cat?")
            (said_first,) = await said(server, chat)
            await server.until(lambda: chat.by(server.bot)[0].labels)
            (answer,) = chat.by(server.bot)
            assert said_first.startswith("Cats.")
            assert "for 90 days" in answer.text
            assert answer.labels[-2:] == ["What you keep", "Do not keep"]
            await ada.write(server.bot, "And now?")
            assert (await said(server, chat, 2))[1] == "Cats."


async def test_commands_work_by_text_and_in_groups_are_answered_in_private(
    make_setup: MakeSetup,
) -> None:
    async with TelegramServer() as server:
        ada = server.user("Ada")
        private, group = server.private(ada), server.supergroup("Friends", ada)
        async with opened(make_setup, server):
            await ada.write(server.bot, "/start")
            (help_text,) = await said(server, private)
            assert "/status" in help_text
            await ada.write(group, "/status@hearth_bot")
            await said(server, private, 2)
            assert not group.by(server.bot)


async def test_conversation_in_a_topic_stays_there(make_setup: MakeSetup) -> None:
    async with TelegramServer() as server:
        ada = server.user("Ada")
        forum = server.supergroup("Forum", ada, is_forum=True)
        await server.owner.promote(forum, server.bot)
        topic = await server.owner.open_topic(forum, "Cats")
        async with opened(make_setup, server, echo=True):
            await ada.write(forum, "hearth, one", topic=topic)
            await said(server, forum)
            await ada.write(forum, "hearth, two")
            await said(server, forum, 2)
        threads = [message.thread_id for message in forum.by(server.bot)]
        assert threads[0] == topic.id
        assert threads[1] != topic.id


async def test_settings_of_one_chat_are_none_of_another(
    make_setup: MakeSetup,
) -> None:
    async with TelegramServer() as server:
        one, two = server.supergroup("One"), server.supergroup("Two")
        async with opened(make_setup, server) as app:
            await server.owner.write(one, "/talk@hearth_bot always")
            await server.until(lambda: server.calls.of("sendMessage"))
            adapter = app.adapters["telegram"]
            here = await app.preferences.talk(adapter.channel(str(one.id)))
            there = await app.preferences.talk(adapter.channel(str(two.id)))
        assert (here, there) == ("always", None)


async def test_inline_question_is_answered_and_no_conversation_knows_of_it(
    make_setup: MakeSetup,
) -> None:
    async with TelegramServer() as server:
        server.bot.supports_inline = True
        ada = server.user("Ada")
        async with opened(make_setup, server, reply="A small animal.") as app:
            search = await ada.inline_query(server.bot, "What is a cat?")
            await server.until(lambda: search.results)
            assert search.results is not None
            content = search.results[0]["input_message_content"]
            assert content["message_text"] == "A small animal."
            turns = await app.store.read(
                lambda db: db.execute("SELECT count(*) AS n FROM turn").fetchone()["n"]
            )
        assert turns == 0
        assert not server.private(ada).messages


async def test_stopped_answer_says_so_and_its_button_is_gone(
    make_setup: MakeSetup,
) -> None:
    async with TelegramServer() as server:
        ada = server.user("Ada")
        group = server.supergroup("Friends", ada)
        await server.owner.promote(group, server.bot)
        async with opened(make_setup, server, tokens=400, delay_s=0.05):
            await ada.write(group, "hearth, tell me a story")
            await server.until(lambda: group.by(server.bot))
            (answer,) = group.by(server.bot)
            await ada.press(answer, "Stop")
            await server.until(lambda: "(stopped)" in answer.text)
            await server.until(lambda: "Stop" not in answer.labels)
        assert len(group.by(server.bot)) == 1


async def test_picture_that_a_moderator_sends_joins_the_groups_stickers(
    make_setup: MakeSetup,
) -> None:
    async with TelegramServer() as server:
        olga, group = server.owner, server.supergroup("Friends")
        async with opened(make_setup, server):
            caption = "/sticker@hearth_bot Fox 🦊"
            await olga.send_photo(group, caption=caption)
            # What concerns her alone is said in private, where she has never been.
            (told,) = await said(server, group)
            assert "press Start" in told
            await olga.write(server.bot, "/start")
            await olga.send_photo(group, caption=caption)
            _, told = await said(server, group, 2)
        (ours,) = server.world.sticker_sets.values()
    assert f"“Fox” is there now: https://t.me/addstickers/{ours['name']}" in told
    assert [one["emoji"] for one in ours["stickers"]] == ["🦊"]
