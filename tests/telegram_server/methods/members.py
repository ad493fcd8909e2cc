"""Muting people, throwing them out, and letting them back."""

from typing import Any

from tests.telegram_server.access import chat_of, need_right
from tests.telegram_server.accounts import Account
from tests.telegram_server.chats import PERMISSIONS, Chat, Member
from tests.telegram_server.messages import Message
from tests.telegram_server.query import Method, Query
from tests.telegram_server.refusals import bad_request

__all__ = ["METHODS"]

SHORTEST_S, LONGEST_S = 30, 366 * 24 * 3600
LACKING = "not enough rights to restrict/unrestrict chat member"


def _until(query: Query) -> int:
    """Return when it ends; too soon or too late is for ever, as the API has it."""
    until = query.params.integer("until_date")
    lasts_s = until - query.now
    return until if SHORTEST_S <= lasts_s <= LONGEST_S else 0


def _target(query: Query, chat: Chat) -> Account:
    account = query.world.account(query.params.integer("user_id"))
    if account is None:
        raise bad_request("invalid user_id specified")
    if account is query.bot:
        raise bad_request("can't restrict self")
    member = chat.member(account)
    if member is not None and member.status == "creator":
        raise bad_request("can't remove chat owner")
    if member is not None and member.is_admin:
        raise bad_request("user is an administrator of the chat")
    return account


def _only_supergroup(chat: Chat) -> None:
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    if chat.type != "supergroup":
        raise bad_request("method is available only for supergroups")


def _permissions(query: Query) -> frozenset[str]:
    given: dict[str, Any] = query.params.mapping("permissions")
    return frozenset(name for name in PERMISSIONS if given.get(name) is True)


async def restrict_chat_member(query: Query) -> bool:
    """Let somebody do only some things in a supergroup."""
    chat = chat_of(query)
    _only_supergroup(chat)
    need_right(query, chat, "can_restrict_members", LACKING)
    account = _target(query, chat)
    permissions = _permissions(query)
    old = chat.member(account)
    is_here = old is not None and old.is_present
    if permissions == frozenset(PERMISSIONS):
        new = Member(account, "member" if is_here else "left")
    else:
        new = Member(
            account,
            "restricted",
            permissions=permissions,
            until=_until(query),
            is_member=is_here,
        )
    query.world.set_member(chat, new, by=query.bot)
    return True


async def ban_chat_member(query: Query) -> bool:
    """Throw somebody out; they cannot come back by themselves."""
    chat = chat_of(query)
    if chat.is_private:
        raise bad_request("can't ban members in private chats")
    need_right(query, chat, "can_restrict_members", LACKING)
    account = _target(query, chat)
    old = chat.member(account)
    if old is not None and old.is_present and chat.type != "channel":
        query.world.post(
            Message(
                0,
                chat,
                query.bot,
                query.world.clock.now_utc(),
                service={"left_chat_member": account},
            )
        )
    new = Member(account, "kicked", until=_until(query))
    query.world.set_member(chat, new, by=query.bot)
    if query.params.boolean("revoke_messages"):
        for message in chat.by(account):
            query.world.delete(message)
    return True


async def unban_chat_member(query: Query) -> bool:
    """Let somebody come back; who is there is thrown out, unless told not to."""
    chat = chat_of(query)
    need_right(query, chat, "can_restrict_members", LACKING)
    account = _target(query, chat)
    old = chat.member(account)
    is_banned = old is not None and old.status == "kicked"
    if is_banned or not query.params.boolean("only_if_banned"):
        query.world.set_member(chat, Member(account, "left"), by=query.bot)
    return True


METHODS: dict[str, Method] = {
    "restrictChatMember": restrict_chat_member,
    "banChatMember": ban_chat_member,
    "unbanChatMember": unban_chat_member,
}
