"""Who is on the small Telegram: people, bots, and Telegram's own stand-ins."""

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_server.updates import UpdateQueue

__all__ = [
    "CHANNEL_BOT",
    "GROUP_ANONYMOUS_BOT",
    "TELEGRAM",
    "Account",
    "BotAccount",
    "is_token",
]


def is_token(text: str) -> bool:
    """Whether this is formed like a token, so that a wrong one gets a 401."""
    return re.fullmatch(r"\d{3,}:[\w-]{20,}", text) is not None


@dataclass(slots=True, eq=False)
class Account:
    """Somebody who can write.

    Attributes:
        has_blocked: ids of the bots that may not write to this person.
        is_deleted: the account is gone; writing to it is refused.
    """

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    is_premium: bool = False
    is_deleted: bool = False
    has_blocked: set[int] = field(default_factory=set)

    def to_json(self) -> dict[str, Any]:
        """Return it as the API's User."""
        optional: dict[str, Any] = {
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
            "is_premium": self.is_premium,
        }
        return {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            **{key: value for key, value in optional.items() if value},
        }


@dataclass(slots=True, eq=False)
class BotAccount(Account):
    """A bot with its token and all that the server keeps for it.

    Attributes:
        privacy: whether it sees only what is meant for it, in groups it joins now.
        updates: what it was not given yet.
        presses: buttons that people pressed, by the id of the query, oldest first.
        commands: what was set for a scope and a language.
        texts: name and descriptions by kind and language.
        is_logged_out: `logOut` was called; nothing else is answered.
    """

    token: str = field(default="", repr=False)
    privacy: bool = True
    can_join_groups: bool = True
    supports_inline: bool = False
    has_topics_enabled: bool = False
    updates: UpdateQueue = field(default_factory=UpdateQueue)
    presses: "OrderedDict[str, Any]" = field(default_factory=OrderedDict)
    inline_queries: dict[str, Any] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    is_logged_out: bool = False

    def me(self) -> dict[str, Any]:
        """Return what `getMe` answers."""
        return {
            **self.to_json(),
            "can_join_groups": self.can_join_groups,
            "can_read_all_group_messages": not self.privacy,
            "supports_inline_queries": self.supports_inline,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": self.has_topics_enabled,
            "allows_users_to_create_topics": False,
        }


TELEGRAM = Account(777000, "Telegram")
"""Writes, by name only, what a channel's posts are in its discussion group."""

GROUP_ANONYMOUS_BOT = Account(
    1087968824, "Group", username="GroupAnonymousBot", is_bot=True
)
"""Stands for administrators who do not show themselves."""

CHANNEL_BOT = Account(136817688, "Channel", username="Channel_Bot", is_bot=True)
"""Stands for people who write as one of their channels."""
