"""The server as python-telegram-bot meets it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

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
