from typing import Any

import pytest

from bot.clock import FakeClock
from tests.telegram_server.chats import Chat
from tests.telegram_server.client import Client
from tests.telegram_server.people import NotAllowedError
from tests.telegram_server.server import Person, TelegramServer

LACKING = "400 Bad Request: not enough rights to restrict/unrestrict chat member"


@pytest.fixture
def ada(server: TelegramServer) -> Person:
    return server.user("Ada")


@pytest.fixture
async def village(server: TelegramServer, ada: Person) -> Chat:
    chat = server.supergroup("Village", ada)
    await server.owner.promote(chat, server.bot)
    return chat


async def test_muted_person_cannot_write_until_it_is_over(
    api: Client, ada: Person, village: Chat, clock: FakeClock
) -> None:
    until = int(clock.now_utc().timestamp()) + 60
    about = {"chat_id": village.id, "user_id": ada.id}

    assert await api.ask(
        "restrictChatMember", **about, permissions={}, until_date=until
    )

    shown = await api.ask("getChatMember", **about)
    assert (shown["status"], shown["until_date"]) == ("restricted", until)
    assert shown["can_send_messages"] is False
    with pytest.raises(NotAllowedError):
        await ada.write(village, "but")
    await clock.advance(60)
    await ada.write(village, "at last")


async def test_restriction_that_is_too_short_is_for_ever(
    api: Client, ada: Person, village: Chat, clock: FakeClock
) -> None:
    about = {"chat_id": village.id, "user_id": ada.id}
    soon = int(clock.now_utc().timestamp()) + 20

    await api.ask("restrictChatMember", **about, permissions={}, until_date=soon)

    assert (await api.ask("getChatMember", **about))["until_date"] == 0
    every = dict.fromkeys(village.permissions, True)
    await api.ask("restrictChatMember", **about, permissions=every)
    assert (await api.ask("getChatMember", **about))["status"] == "member"


async def test_banned_person_is_gone_and_may_come_back_when_let(
    server: TelegramServer, api: Client, ada: Person, village: Chat
) -> None:
    about = {"chat_id": village.id, "user_id": ada.id}
    message = await ada.write(village, "spam")

    assert await api.ask("banChatMember", **about, revoke_messages=True)

    assert message.is_deleted
    assert (await api.ask("getChatMember", **about))["status"] == "kicked"
    with pytest.raises(NotAllowedError):
        await ada.write(village, "but")
    assert await api.ask("unbanChatMember", **about, only_if_banned=True)
    assert (await api.ask("getChatMember", **about))["status"] == "left"
    await ada.join(village)
    assert await api.ask("unbanChatMember", **about, only_if_banned=True)
    assert (await api.ask("getChatMember", **about))["status"] == "member"


@pytest.mark.parametrize(
    "method", ["restrictChatMember", "banChatMember", "unbanChatMember"]
)
async def test_without_the_right_nobody_is_touched(
    server: TelegramServer, api: Client, ada: Person, village: Chat, method: str
) -> None:
    await server.owner.demote(village, server.bot)

    answer = await api.call(method, chat_id=village.id, user_id=ada.id, permissions={})

    assert answer.description == LACKING


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("owner", "can't remove chat owner"),
        ("admin", "user is an administrator of the chat"),
        ("self", "can't restrict self"),
        ("nobody", "invalid user_id specified"),
    ],
)
async def test_some_are_never_touched(
    server: TelegramServer,
    api: Client,
    ada: Person,
    village: Chat,
    who: str,
    reason: str,
) -> None:
    await server.owner.promote(village, ada)
    ids = {
        "owner": server.owner.id,
        "admin": ada.id,
        "self": server.bot.id,
        "nobody": 5,
    }

    answer = await api.call("banChatMember", chat_id=village.id, user_id=ids[who])

    assert answer.description == f"400 Bad Request: {reason}"


async def test_chats_that_know_no_restrictions_say_so(
    server: TelegramServer, api: Client, ada: Person
) -> None:
    group, private = server.group("Friends", ada), server.private(ada)
    fields: dict[str, Any] = {"user_id": ada.id, "permissions": {}}

    in_group = await api.call("restrictChatMember", chat_id=group.id, **fields)
    in_private = await api.call("restrictChatMember", chat_id=private.id, **fields)
    ban = await api.call("banChatMember", chat_id=private.id, **fields)

    assert "available only for supergroups" in in_group.description
    assert "private chats" in in_private.description
    assert ban.description == "400 Bad Request: can't ban members in private chats"


async def test_administrators_are_listed_with_their_rights(
    server: TelegramServer, api: Client, ada: Person, village: Chat
) -> None:
    other = server.add_bot("Other")
    await server.owner.add(village, other)
    await server.owner.promote(village, other)
    await server.owner.promote(village, ada, ["can_pin_messages"], is_anonymous=True)

    shown = await api.ask("getChatAdministrators", chat_id=village.id)

    by_name = {member["user"]["first_name"]: member for member in shown}
    assert set(by_name) == {"Olga", "Hearth", "Ada"}
    assert by_name["Olga"]["status"] == "creator"
    assert by_name["Ada"]["can_pin_messages"] is True
    assert by_name["Ada"]["can_delete_messages"] is False
    assert by_name["Ada"]["is_anonymous"] is True
    assert await api.ask("getChatMemberCount", chat_id=village.id) == 4


async def test_private_chat_has_two_and_no_administrators(
    server: TelegramServer, api: Client, ada: Person
) -> None:
    chat, bo = server.private(ada), server.user("Bo")

    here = await api.ask("getChatMember", chat_id=chat.id, user_id=ada.id)
    away = await api.call("getChatMember", chat_id=chat.id, user_id=bo.id)
    none = await api.call("getChatMember", chat_id=chat.id, user_id=5)
    admins = await api.call("getChatAdministrators", chat_id=chat.id)

    assert here["status"] == "member"
    assert away.description == "400 Bad Request: member not found"
    assert none.description == "400 Bad Request: invalid user_id specified"
    assert admins.status == 400
    assert await api.ask("getChatMemberCount", chat_id=chat.id) == 2


async def test_stranger_has_left(
    server: TelegramServer, api: Client, village: Chat
) -> None:
    shown = await api.ask(
        "getChatMember", chat_id=village.id, user_id=server.user("Bo").id
    )

    assert shown["status"] == "left"
