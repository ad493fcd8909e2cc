from collections.abc import Awaitable, Callable

import pytest

from tests.telegram_server.chats import Chat
from tests.telegram_server.people import NotAllowedError
from tests.telegram_server.server import TelegramServer


@pytest.mark.parametrize("what", ["write", "post", "kick", "edit", "delete", "quote"])
async def test_people_cannot_do_what_telegram_would_not_let_them(
    server: TelegramServer, what: str
) -> None:
    ada, bo = server.user("Ada"), server.user("Bo")
    group = server.group("Friends", bo)
    channel = server.channel("News", bo)
    message = await bo.write(group, "mine")
    tries: dict[str, Callable[[], Awaitable[object]]] = {
        "write": lambda: ada.write(group, "hello"),
        "post": lambda: bo.write(channel, "hello"),
        "kick": lambda: bo.kick(group, server.bot),
        "edit": lambda: ada.edit(message, "yours"),
        "delete": lambda: ada.delete(message),
        "quote": lambda: bo.write(group, "a", reply_to=message, quote="yours"),
    }

    with pytest.raises(NotAllowedError):
        await tries[what]()

    assert group.texts == ["mine"]
    assert message.text == "mine"


async def test_people_cannot_write_what_is_too_long_or_to_a_bot_they_blocked(
    server: TelegramServer,
) -> None:
    ada = server.user("Ada")
    for text in ("", "a" * 4097):
        with pytest.raises(NotAllowedError):
            await ada.write(server.bot, text)
    await ada.block(server.bot)
    with pytest.raises(NotAllowedError):
        await ada.write(server.bot, "hello")


def test_what_a_chat_shows_can_be_found_by_its_number(server: TelegramServer) -> None:
    chat: Chat = server.group("Friends")

    assert chat.find(5) is None
    assert server.world.account(server.bot.id) is server.bot
