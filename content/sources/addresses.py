"""Which addresses may be called: those of the open internet, and no others.

A feed is named by people and leads to where its author wants. What it leads to is never
the inside of the network that the bot runs in.
"""

import ipaddress
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address

__all__ = ["IpAddress", "IsAllowed", "is_public", "literal_address"]

IpAddress = IPv4Address | IPv6Address
IsAllowed = Callable[[IpAddress], bool]

# Not `is_global`: what that means has changed between versions of Python.
_CLOSED_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this machine
            "10.0.0.0/8",
            "100.64.0.0/10",  # shared by a provider's customers; some clouds' metadata
            "127.0.0.0/8",
            "168.63.129.16/32",  # the inside of Azure, though it looks public
            "169.254.0.0/16",  # link-local, with most clouds' metadata
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # relays to IPv6
            "192.168.0.0/16",
            "198.18.0.0/15",  # measurements
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # to many at once
            "240.0.0.0/4",  # reserved; the last is to all
        ),
    )
)
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # tunnels (Teredo) and experiments
            "2001:db8::/32",  # documentation
            "2002::/16",  # has an IPv4 address inside (6to4)
            "3fff::/20",  # documentation
        ),
    )
)


def is_public(address: IpAddress) -> bool:
    """Return whether an address is one of the open internet.

    IPv6 addresses that stand for an IPv4 address (mapped, NAT64, 6to4) are not: where
    they lead is for others to decide.
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    if address.scope_id is not None or address not in _OPEN_V6:
        return False
    return not any(address in network for network in _CLOSED_V6)


def literal_address(host: str) -> IpAddress | None:
    """Return the address that a host spells out; None: it is a name.

    Understands all that systems take for an address: `127.1`, `0x7f000001`,
    `017700000001`, `2130706433`, `[::1]`.

    Raises:
        ValueError: it ends like an address and is none.
    """
    bare = host.strip("[]").rstrip(".")
    if ":" in bare:
        return ipaddress.IPv6Address(bare)
    *_, last = bare.split(".")
    if not _is_number(last):
        return None
    return _ipv4(bare.split("."))


def _is_number(part: str) -> bool:
    return part.isascii() and (part.isdigit() or part[:2].lower() == "0x")


def _ipv4(parts: list[str]) -> IPv4Address:
    if len(parts) > 4:
        raise ValueError("too many parts for an address")
    *first, last = [_number(part) for part in parts]
    if any(number > 255 for number in first) or last >= 256 ** (4 - len(first)):
        raise ValueError("a part is too large for an address")
    value = last
    for index, number in enumerate(first):
        value += number << (24 - 8 * index)
    return IPv4Address(value)


def _number(part: str) -> int:
    if part[:2].lower() == "0x":
        return int(part[2:] or "0", 16)
    is_octal = len(part) > 1 and part.startswith("0")
    return int(part, 8 if is_octal else 10)
