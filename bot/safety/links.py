"""Refuses invitations to other places and links that the community does not want."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from typing_extensions import override

from bot.errors import ConfigError
from bot.safety.addresses import Address, Addresses, plain_host
from bot.safety.filter import Filter, Subject
from bot.safety.rules import LinkRule
from bot.safety.verdict import ALLOW, Action, Stage, Verdict, combine
from bot.words import T

__all__ = ["Links"]


LONG = 500
"""From so many characters on a text is searched in a thread of its own."""

MARKS = (".", "://", "[", "(", "{", " dot ", "gg")
"""One of them is in every address."""

INVITATIONS = (
    "discord.gg",
    "discord.com/invite",
    "discordapp.com/invite",
    "dsc.gg",
    "invite.gg",
    "discord.me",
    "discord.io",
    "t.me/joinchat",
    "telegram.me/joinchat",
    "telegram.dog/joinchat",
    "chat.whatsapp.com",
    "whatsapp.com/channel",
    "signal.group",
    "guilded.gg/i",
)
"""Where invitations are, each with something behind it."""

_TELEGRAM = frozenset({"t.me", "telegram.me", "telegram.dog"})
_ACTIONS = {"allow": Action.ALLOW, "flag": Action.FLAG, "block": Action.BLOCK}


class Links(Filter):
    """Blocks or flags invitations, denied domains, and links on no list.

    A domain stands for all below it; an entry may have a path (`discord.gg/hearth`).
    Of an allowed and a denied entry the longer counts, of equal ones the denied. A link
    whose text or letters pretend another domain than it goes to is flagged. Names and
    passwords in links, other scripts, unseen characters, "hxxp" and "[.]" change
    nothing; addresses without a scheme count if their ending is a known one.

    Args:
        invites: what is done with invitations to Discord, Telegram and other groups.
        links: what is done with links on neither list.
        allowed_domains: where links, and invitations, may go.
        denied_domains: what is blocked.

    Raises:
        ConfigError: an entry is not a domain.
    """

    name: ClassVar[str] = "links"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT, Stage.OUTPUT})

    def __init__(
        self,
        *,
        invites: LinkRule = "allow",
        links: LinkRule = "allow",
        allowed_domains: Sequence[str] = (),
        denied_domains: Sequence[str] = (),
    ) -> None:
        self._invites = _ACTIONS[invites]
        self._links = _ACTIONS[links]
        self._allowed = _entries(allowed_domains, "safety.links.allowed_domains")
        self._denied = _entries(denied_domains, "safety.links.denied_domains")
        self._addresses = Addresses()

    @override
    async def judge(self, subject: Subject) -> Verdict:
        # Only what ends in the text is new; a link may begin before it.
        text = subject.before[subject.before.rfind(" ") + 1 :] + subject.text
        if len(text) < LONG:
            return self._judged(text)
        return await asyncio.to_thread(self._judged, text)

    def _judged(self, text: str) -> Verdict:
        if text.isascii() and not any(sign in text for sign in MARKS):
            return ALLOW
        found = {self._judge_one(one) for one in set(self._addresses.in_text(text))}
        if self._addresses.misleading(text):
            found.add((Action.FLAG, "link", "a link goes elsewhere than it says"))
        return combine(self._verdict(*one) for one in sorted(found))

    def _judge_one(self, address: Address) -> tuple[Action, str, str]:
        allowed = _longest(address, self._allowed)
        seeming = replace(address, host=address.seems)
        denied = max(_longest(one, self._denied) for one in (address, seeming))
        if denied and denied >= allowed:
            return Action.BLOCK, "link", "a link goes to a denied domain"
        if allowed:
            return Action.ALLOW, "", ""
        if _is_invitation(address):
            return self._invites, "invite", "an invitation to another place"
        return self._links, "link", "a link goes to a domain on no list"

    def _verdict(self, action: Action, category: str, reason: str) -> Verdict:
        if action is Action.ALLOW:
            return ALLOW
        return Verdict(action, category, 1.0, self.name, reason)


def _is_invitation(address: Address) -> bool:
    if address.host in ("tg", "discord"):
        return address.path.startswith(("/join?", "/invite/", "/-/invite/"))
    if len(address.path) < 2:
        return False
    if address.host in _TELEGRAM and address.path.startswith(("/+", "/%2B", "/%2b")):
        return True
    return any(address.is_under(entry) for entry in INVITATIONS)


def _longest(address: Address, entries: Iterable[str]) -> int:
    """Return the length of the longest entry that the address is under, 0 if none."""
    return max((len(one) for one in entries if address.is_under(one)), default=0)


def _entries(entries: Sequence[str], setting: str) -> tuple[str, ...]:
    return tuple(_entry(entry, setting) for entry in entries)


def _entry(entry: str, setting: str) -> str:
    domain, slash, path = entry.strip().split("://", 1)[-1].partition("/")
    host = plain_host(domain.removeprefix("*."))
    if "." not in host or " " in host or "*" in host or "@" in host:
        raise ConfigError(
            T(
                "{setting}: “{entry}” is not a domain; write one such as example.org.",
                setting=setting,
                entry=entry,
            )
        )
    return f"{host}{slash}{path}".rstrip("/")
