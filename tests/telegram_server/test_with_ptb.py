"""The server as python-telegram-bot meets it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    ChatPermissions,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    InputPollOption,
    LinkPreviewOptions,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from tests.telegram_server.senders import small_picture
from tests.telegram_server.server import TelegramServer

Context = ContextTypes.DEFAULT_TYPE
App = Application[Any, Any, Any, Any, Any, Any]


def application(server: TelegramServer, token: str = "") -> App:
    return (
        ApplicationBuilder()
        .token(token or server.token)
        .base_url(server.base_url)
        .base_file_url(server.base_file_url)
        .build()
    )


async def echo(update: Update, context: Context) -> None:
    assert update.effective_message is not None
    button = InlineKeyboardButton("More", callback_data="more")
    await update.effective_message.reply_text(
        f"<b>{update.effective_message.text}</b>",
        parse_mode="HTML",
        do_quote=True,
        reply_markup=InlineKeyboardMarkup([[button]]),
    )


async def more(update: Update, context: Context) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("Here you are")
    await update.callback_query.edit_message_text("more and more")


@pytest.fixture
async def echoing() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        app = application(server)
        app.add_handler(MessageHandler(filters.TEXT, echo))
        app.add_handler(CallbackQueryHandler(more))
        async with app:
            assert app.updater is not None
            await app.updater.start_polling()
            await app.start()
            yield server
            await app.updater.stop()
            await app.stop()


async def test_application_answers_presses_and_edits(echoing: TelegramServer) -> None:
    ada, server = echoing.user("Ada"), echoing
    question = await ada.write(server.bot, "Hello, 🔥 world")
    chat = question.chat
    await server.until(lambda: chat.by(server.bot))

    (answer,) = chat.by(server.bot)
    assert answer.text == "Hello, 🔥 world"
    assert answer.parts("bold") == ["Hello, 🔥 world"]
    assert answer.reply_to is question

    press = await ada.press(answer, "More")
    await server.until(lambda: answer.versions)
    assert press.answers == ["Here you are"]
    assert answer.text == "more and more"
    assert answer.buttons == []


async def test_polling_goes_on_after_a_restart_of_the_server(
    echoing: TelegramServer,
) -> None:
    ada, server = echoing.user("Ada"), echoing
    chat = server.private(ada)
    await server.until(lambda: server.bot.updates.is_polled)

    await server.restart()
    await ada.write(server.bot, "still there?")

    await server.until(lambda: chat.by(server.bot), timeout_s=30)
    assert chat.texts == ["still there?", "still there?"]


@pytest.fixture
async def bot_of(server: TelegramServer) -> AsyncIterator[Bot]:
    async with application(server).bot as bot:
        yield bot


# It says so once it is asked how long to wait: seconds become a timedelta one day.
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_errors_arrive_as_the_library_names_them(
    server: TelegramServer, bot_of: Bot
) -> None:
    ada, owner = server.user("Ada"), server.owner
    chat, group = server.private(ada), server.group("Friends")

    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot_of.send_message(chat.id, "")
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot_of.send_message(chat.id, "<b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot_of.send_message(5, "Hello")
    server.flood(chat, 30)
    with pytest.raises(RetryAfter):
        await bot_of.send_message(chat.id, "Hello")
    new = await owner.migrate(group)
    with pytest.raises(ChatMigrated) as migrated:
        await bot_of.send_message(group.id, "Hello")
    assert migrated.value.new_chat_id == new.id
    await ada.block(server.bot)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot_of.send_chat_action(chat.id, "typing")
    server.faults.answer("sendMessage", 502)
    with pytest.raises(NetworkError):
        await bot_of.send_message(new.id, "Hello")
    server.faults.drop("sendMessage", after=True)
    with pytest.raises(NetworkError) as dropped:
        await bot_of.send_message(new.id, "Hello")
    assert not isinstance(dropped.value, TimedOut | BadRequest)
    assert new.by(server.bot)[0].text == "Hello"


async def test_wrong_token_is_told_so(server: TelegramServer) -> None:
    bot = application(server, f"{server.token}x").bot

    with pytest.raises(InvalidToken):
        await bot.initialize()
    await bot.shutdown()


async def test_second_poller_gets_the_conflict(
    server: TelegramServer, bot_of: Bot
) -> None:
    async with asyncio.timeout(10), application(server).bot as twin:
        first = asyncio.create_task(bot_of.get_updates(timeout=30))
        await server.until(lambda: server.bot.updates.is_polled)
        second = asyncio.create_task(twin.get_updates(timeout=30))

        with pytest.raises(Conflict):
            await first
        await server.user("Ada").write(server.bot, "Hello")
        (update,) = await second
    assert update.message is not None
    assert update.message.text == "Hello"


async def test_all_that_is_sent_comes_back_as_objects(
    server: TelegramServer, bot_of: Bot
) -> None:
    ada = server.user("Ada")
    question = await ada.write(server.bot, "Hello")
    picture = small_picture()

    sent = await bot_of.send_message(
        ada.id,
        "🔥 bold",
        entities=[MessageEntity("bold", 3, 4)],
        reply_parameters=ReplyParameters(question.id, quote="Hel"),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert sent.parse_entities() == {sent.entities[0]: "bold"}
    assert sent.quote is not None
    assert sent.quote.text == "Hel"
    album = await bot_of.send_media_group(
        ada.id, [InputMediaPhoto(picture), InputMediaPhoto(picture)], caption="Two"
    )
    assert album[0].caption == "Two"
    document = await bot_of.send_document(ada.id, b"notes", filename="notes.txt")
    assert document.document is not None
    file = await bot_of.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"notes"
    poll = await bot_of.send_poll(ada.id, "Which?", [InputPollOption("a"), "b"])
    assert poll.poll is not None
    assert (await bot_of.stop_poll(ada.id, poll.message_id)).is_closed
    assert await bot_of.send_message_draft(ada.id, 7, "Hel")
    assert await bot_of.set_message_reaction(
        ada.id, question.id, ReactionTypeEmoji("🔥")
    )
    assert question.reactions[server.bot.id] == [{"type": "emoji", "emoji": "🔥"}]
    copied = await bot_of.copy_message(ada.id, ada.id, sent.message_id)
    assert copied.message_id > sent.message_id


async def test_chats_and_their_members_come_back_as_objects(
    server: TelegramServer, bot_of: Bot
) -> None:
    ada = server.user("Ada")
    chat = server.supergroup("Village", ada, is_forum=True)
    await server.owner.promote(chat, server.bot)

    assert (await bot_of.get_chat(chat.id)).is_forum
    assert await bot_of.restrict_chat_member(chat.id, ada.id, ChatPermissions())
    member = await bot_of.get_chat_member(chat.id, ada.id)
    assert member.status == "restricted"
    assert await bot_of.ban_chat_member(chat.id, ada.id)
    assert (await bot_of.get_chat_member(chat.id, ada.id)).status == "kicked"
    admins = await bot_of.get_chat_administrators(chat.id)
    assert {admin.status for admin in admins} == {"creator", "administrator"}
    topic = await bot_of.create_forum_topic(chat.id, "Gardens")
    sent = await bot_of.send_message(
        chat.id, "Roses", message_thread_id=topic.message_thread_id
    )
    assert sent.is_topic_message
    assert await bot_of.pin_chat_message(chat.id, sent.message_id)
    scope = BotCommandScopeChat(chat.id)
    assert await bot_of.set_my_commands([BotCommand("start", "Begin")], scope=scope)
    assert await bot_of.get_my_commands(scope=scope) == (BotCommand("start", "Begin"),)
    assert await bot_of.delete_message(chat.id, sent.message_id)


async def test_updates_of_every_kind_can_be_read(
    server: TelegramServer, bot_of: Bot
) -> None:
    ada, owner = server.user("Ada"), server.owner
    await bot_of.get_updates(allowed_updates=Update.ALL_TYPES)
    chat = server.supergroup("Village", ada, is_forum=True)
    channel = server.channel("News", owner=owner)
    await owner.promote(chat, server.bot)
    topic = await owner.open_topic(chat, "Gardens")
    message = await ada.write(chat, "Hello", topic=topic)
    await ada.edit(message, "Hello!")
    await ada.react(message, "🔥")
    await owner.write(channel, "News!")
    await ada.inline_query(server.bot, "fire")
    await ada.send_album(server.bot)
    await ada.send_sticker(server.bot)
    await ada.send_voice(server.bot)
    await ada.leave(chat)
    await ada.block(server.bot)

    updates = await bot_of.get_updates()

    assert len(updates) == len(server.bot.updates.pending)
    kinds = [
        next(kind for kind in Update.ALL_TYPES if getattr(update, kind))
        for update in updates
    ]
    assert set(kinds) == {
        "my_chat_member",
        "message",
        "edited_message",
        "message_reaction",
        "channel_post",
        "inline_query",
        "chat_member",
    }
