"""Finds the web addresses in a text, however they are written. Linear time."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from bot.safety.look_alikes import undress, unmix
from bot.safety.suffixes import public_suffixes

__all__ = ["Address", "Addresses", "plain_host"]

MAX_HOST = 253
"""The longest name that the domain name system knows."""

FILE_ENDINGS = frozenset({"md", "mov", "pl", "pm", "ps", "py", "rs", "sh", "so", "zip"})
"""What ends the names of files, too: alone and without a path it is no address."""

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_DOT = re.compile(
    r"(?i)[\[({]\s?(?:\.|dot|punkt|punto|point)\s?[\])}]|[\u3002\uff0e\uff61]"
)
_SLASH = re.compile(r"[\[({]\s?/\s?[\])}]")
_COLON = re.compile(r"[\[({]\s?:\s?[\])}]")

_INVITE = re.compile(
    r"(?i)\bdiscord\s{0,2}(?:\.|,|dot)\s{0,2}gg\s{0,2}[/\\]\s{0,2}(?=\w)"
)

_REST = r"[^\s<>\"'(){}\[\]|`*]"
_WITH_SCHEME = re.compile(
    rf"(?i)(?<![a-z0-9])(?P<scheme>h[tx]{{2}}ps?|ftp|tg|discord)\s?:\s?[/\\]{{2,9}}"
    rf"(?P<rest>{_REST}{{1,2048}})"
)
_WITHOUT_SCHEME = re.compile(
    r"(?<![\w@./\\-])(?P<rest>(?:[\w-]{1,63}+\.)+[^\W\d_][\w-]{1,62}+"
    rf"(?![\w@])\.?(?P<path>(?::\d{{1,5}})?[/?#\\]{_REST}{{0,2048}})?)"
)
_QUERY = re.compile("[?#]")
_HOST_END = re.compile(r"[/\\?#]")
_MARKDOWN = re.compile(
    r"\[(?P<text>[^\[\]]{1,300})\]\(\s?<?(?P<address>[^\s()<>]{1,2048})"
)
_PUNYCODE = "xn--"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a link goes.

    Attributes:
        host: in lower case, without "www."; names of other scripts in punycode.
        path: what stands behind it, from the first "/" on; "" if nothing does.
        seems: the host that a reader takes it for; the host itself nearly always.
        is_bare: whether it stands without a scheme.
    """

    host: str
    path: str
    seems: str
    is_bare: bool = False

    def is_under(self, entry: str) -> bool:
        """Return whether it is an entry, `domain` or `domain/path`, or below it."""
        domain, slash, path = entry.partition("/")
        if self.host != domain and not self.host.endswith(f".{domain}"):
            return False
        here = _QUERY.split(self.path, maxsplit=1)[0]
        return not slash or f"{here}/".startswith(f"/{path.rstrip('/')}/")


class Addresses:
    """Finds addresses; knows which top-level domains there are."""

    def __init__(self) -> None:
        self._suffixes = public_suffixes()

    def domain(self, host: str) -> str:
        """Return the part of a host that somebody registered; the host if unknown."""
        return self._suffixes.privatesuffix(host) or host

    def in_text(self, text: str) -> Iterator[Address]:
        """Give out all addresses, with a scheme first."""
        text = _as_meant(text)
        for found in _WITH_SCHEME.finditer(text):
            if found["scheme"].lower() in ("tg", "discord"):
                yield Address(found["scheme"].lower(), f"/{found['rest']}", "")
            elif address := _address(found["rest"]):
                yield address
        for found in _WITHOUT_SCHEME.finditer(text):
            address = _address(found["rest"], is_bare=True)
            if address and self._is_there(address):
                yield address

    def misleading(self, text: str) -> bool:
        """Return whether a link's text or letters name another place than its own."""
        text = _as_meant(text)
        for found in _MARKDOWN.finditer(text):
            target = _address(found["address"].split("://", 1)[-1].lstrip("/\\"))
            shown = [self.domain(one.host) for one in self.in_text(found["text"])]
            if shown and target and self.domain(target.host) not in shown:
                return True
        return any(one.seems != one.host for one in self.in_text(text) if one.seems)

    def _is_there(self, address: Address) -> bool:
        if self._suffixes.privatesuffix(address.host) is None:
            return False
        ending = address.host.rpartition(".")[2]
        return bool(address.path) or ending not in FILE_ENDINGS


def plain_host(host: str) -> str:
    """Return a host as `Address.host` has it."""
    host = host.strip().strip(".").lower()[: MAX_HOST + 1]
    host = host.removeprefix("www.")
    if host.isascii():
        is_number = host.isdigit() and int(host) < 2**32
        return str(ipaddress.IPv4Address(int(host))) if is_number else host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _as_meant(text: str) -> str:
    text = _UNSEEN.sub("", text)
    text = _COLON.sub(":", _SLASH.sub("/", _DOT.sub(".", text)))
    return _INVITE.sub("discord.gg/", undress(text))


def _address(rest: str, *, is_bare: bool = False) -> Address | None:
    end = _HOST_END.search(rest)
    authority, path = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    # What stands before the last @ is a name and a password, not the place.
    host = _HOST_END.split(unquote(authority.rpartition("@")[2]), maxsplit=1)[0].rstrip(
        ".,;:!?"
    )
    name, colon, port = host.rpartition(":")
    host = plain_host(name if colon and (port.isdigit() or not port) else host)
    if not host or len(host) > MAX_HOST:
        return None
    path = path.replace("\\", "/").rstrip(".,;:!")
    return Address(host, "" if path == "/" else path, _seeming(host), is_bare)


def _seeming(host: str) -> str:
    if _PUNYCODE not in host and host.isascii():
        return host
    try:
        letters = host.encode().decode("idna") if host.isascii() else host
    except UnicodeError:
        return host
    # In its own line, as the words of a name stand for themselves.
    seems = unmix(f"a {letters}").removeprefix("a ")
    return seems if seems.isascii() else host
