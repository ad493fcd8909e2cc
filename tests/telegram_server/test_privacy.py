from tests.telegram_server.client import Client
from tests.telegram_server.server import TelegramServer


async def texts(api: Client) -> list[str]:
    """Return the texts of the messages that the bot was given."""
    updates = await api.ask("getUpdates")
    return [u["message"].get("text", "") for u in updates if "message" in u]


async def test_privacy_lets_only_what_is_meant_for_the_bot_through(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    other = server.add_bot("Other")
    group = server.group("Friends", ada, other)
    await api.ask("sendMessage", chat_id=group.id, text="Here I am")
    (mine,) = group.messages
    told = await ada.write(group, "just us")

    await ada.write(group, "@hearth_bot, are you there?")
    await ada.write(group, "/start@hearth_bot")
    await ada.write(group, "/help@other_bot")
    await ada.write(group, "/general")
    await ada.write(group, "say /middle")
    await ada.write(group, "answer", reply_to=mine)
    await ada.write(group, "aside", reply_to=told)

    assert await texts(api) == ["/start@hearth_bot", "/general", "answer"]


async def test_general_commands_go_to_the_bot_that_wrote_last(
    server: TelegramServer, api: Client
) -> None:
    ada, other = server.user("Ada"), server.add_bot("Other")
    group = server.group("Friends", ada, other)
    other_api = Client(api._http, server.base_url, other.token)
    await api.ask("sendMessage", chat_id=group.id, text="first")
    await other_api.ask("sendMessage", chat_id=group.id, text="last")

    await ada.write(group, "/general")

    assert await texts(api) == []
    assert await texts(other_api) == ["/general"]


async def test_reply_to_another_bot_is_not_for_this_one(
    server: TelegramServer, api: Client
) -> None:
    ada, other = server.user("Ada"), server.add_bot("Other")
    group = server.group("Friends", ada, other)
    other_api = Client(api._http, server.base_url, other.token)
    await other_api.ask("sendMessage", chat_id=group.id, text="mine")

    await ada.write(group, "/start@hearth_bot", reply_to=group.messages[0])

    assert await texts(api) == []
    assert await texts(other_api) == ["/start@hearth_bot"]


async def test_administrator_and_bot_without_privacy_get_all_that_people_write(
    server: TelegramServer, api: Client
) -> None:
    ada, other = server.user("Ada"), server.add_bot("Other", privacy=False)
    group = server.group("Friends", ada)
    await server.owner.promote(group, server.bot)
    await server.owner.add(group, other)
    other_api = Client(api._http, server.base_url, other.token)
    await api.ask("sendMessage", chat_id=group.id, text="I am a bot")

    await ada.write(group, "hello")

    assert "hello" in await texts(api)
    assert await texts(other_api) == ["", "hello"]


async def test_turning_privacy_off_counts_from_the_next_joining(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    group = server.group("Friends", ada)
    server.bot.privacy = False
    await ada.write(group, "not yet")
    assert await texts(api) == []

    await server.owner.kick(group, server.bot)
    await server.owner.add(group, server.bot)
    await ada.write(group, "now")

    assert (await texts(api))[-1] == "now"
    assert (await api.ask("getMe"))["can_read_all_group_messages"] is True


async def test_own_messages_do_not_come_back(
    server: TelegramServer, api: Client
) -> None:
    chat = server.private(server.user("Ada"))

    await api.ask("sendMessage", chat_id=chat.id, text="Hello")

    assert await api.ask("getUpdates") == []


async def test_general_command_goes_to_the_only_bot_that_is_there(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    alone, crowded = (
        server.group("Alone", ada),
        server.group("Crowded", ada, server.add_bot("Other")),
    )

    await ada.write(alone, "/general")
    await ada.write(crowded, "/general")

    (update,) = await api.ask("getUpdates")
    assert update["message"]["chat"]["title"] == "Alone"


async def test_private_chats_of_another_bot_are_its_own(
    server: TelegramServer, api: Client
) -> None:
    await server.user("Ada").write(server.add_bot("Other"), "psst")

    assert await api.ask("getUpdates") == []
