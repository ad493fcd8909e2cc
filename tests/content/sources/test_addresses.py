import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.sources.addresses import is_public, literal_address

CLOSED = [
    "0.0.0.0",  # noqa: S104
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1%eth0",
    "fec0::1",
    "ff02::1",
]
OPEN = ["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"]


@pytest.mark.parametrize("address", CLOSED)
def test_address_inside_is_closed(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", OPEN)
def test_address_of_the_internet_is_open(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("0", "0.0.0.0"),  # noqa: S104
        ("127.1", "127.0.0.1"),
        ("127.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0X7F.1", "127.0.0.1"),
        ("0x7f.0.0.0x1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("169.254.43518", "169.254.169.254"),
        ("[::1]", "::1"),
        ("::ffff:7f00:1", "::ffff:127.0.0.1"),
        ("0x", "0.0.0.0"),  # noqa: S104
        ("8.8.8.8", "8.8.8.8"),
    ],
)
def test_every_spelling_is_the_address(host: str, expected: str) -> None:
    assert literal_address(host) == ipaddress.ip_address(expected)


@pytest.mark.parametrize(
    "host",
    [
        "1.2.3.4.5",
        "256.1.1.1",
        "1.2.3.256",
        "4294967296",
        "08.1.1.1",
        "a.0xzz",
        "1..1",
        ":::",
        "a.1",
    ],
)
def test_what_only_looks_like_an_address_is_none(host: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        literal_address(host)


@pytest.mark.parametrize("host", ["example.org", "1.example", "x0.de", "0xa.net", ""])
def test_name_is_no_address(host: str) -> None:
    assert literal_address(host) is None


PRIVATE = [
    ipaddress.IPv4Network(network)
    for network in (
        "10.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
    )
]


def spelt(part: int, base: str) -> str:
    return {"8": f"0{part:o}", "10": f"{part}", "16": f"{part:#x}"}[base]


@given(
    st.sampled_from(PRIVATE),
    st.integers(min_value=0),
    st.integers(1, 4),
    st.lists(st.sampled_from(["8", "10", "16"]), min_size=4, max_size=4),
    st.booleans(),
)
def test_private_address_is_closed_in_any_spelling(
    network: ipaddress.IPv4Network,
    index: int,
    num_parts: int,
    bases: list[str],
    has_dot: bool,
) -> None:
    address = network[index % network.num_addresses]
    first = list(address.packed[: num_parts - 1])
    last = int.from_bytes(address.packed[num_parts - 1 :], "big")
    host = ".".join(map(spelt, [*first, last], bases)) + "." * has_dot
    found = literal_address(host)
    assert found == address
    assert not is_public(found)


@given(st.ip_addresses(v=4))
def test_address_inside_another_is_closed(address: ipaddress.IPv4Address) -> None:
    value = int(address)
    for prefix in (0, 0xFFFF << 32, 0x64FF9B << 96, 0x64FF9B0001 << 80):
        assert not is_public(ipaddress.IPv6Address(prefix | value))
    assert not is_public(ipaddress.IPv6Address(0x2002 << 112 | value << 80))


@given(st.ip_addresses())
def test_what_python_calls_private_is_closed(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if address.is_private or address.is_multicast or address.is_reserved:
        assert not is_public(address)
