from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from adapters.web.sessions import COOKIE
from bot.clock import FakeClock

if TYPE_CHECKING:
    from tests.adapters.web.conftest import Guest, House, OpenGuest, OpenHouse


async def status(house: House, path: str = "/", **headers: str) -> int:
    async with httpx.AsyncClient(base_url=house.url) as client:
        return (await client.get(path, headers=headers)).status_code


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.2", "", "[::1"]
)
async def test_other_host_names_are_refused_on_loopback(
    house: House, host: str
) -> None:
    assert await status(house, Host=host) == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "LOCALHOST:99", "[::1]"])
async def test_names_of_this_machine_are_welcome(house: House, host: str) -> None:
    assert await status(house, Host=host) == 200


async def test_name_of_its_own_address_is_welcome_behind_a_proxy(
    open_house: OpenHouse,
) -> None:
    async with open_house(url="https://Hearth.example/") as house:
        assert await status(house, Host="hearth.example") == 200
        assert await status(house, Host="evil.example") == 403
        assert await status(house, Host="") == 403


async def test_any_host_name_is_welcome_when_open_to_the_network(
    open_house: OpenHouse,
) -> None:
    async with open_house(host="0.0.0.0") as house:  # noqa: S104  what is tested
        assert house.url.startswith("http://127.0.0.1:")
        assert await status(house, Host="hearth.example") == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
    ],
)
async def test_requests_of_other_sites_are_refused(
    house: House, guest: Guest, headers: dict[str, str]
) -> None:
    guest.headers = headers
    assert (await guest.say("hello")).status_code == 403
    assert await status(house, **headers) == 403
    assert house.inbox.messages == []


async def test_refusal_is_in_the_readers_language(house: House) -> None:
    async with httpx.AsyncClient(base_url=house.url) as client:
        headers = {"Origin": "https://evil.example", "Accept-Language": "zh-CN"}
        answer = await client.get("/", headers=headers)
    assert answer.status_code == 403
    assert answer.json()["error"].startswith("ONLY THIS PAGE ITSELF")


async def test_link_from_another_site_opens_the_page(house: House) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert await status(house, **headers) == 200


async def test_form_without_its_token_is_refused(
    house: House, guest: Guest, open_guest: OpenGuest
) -> None:
    async with open_guest(house) as other:
        for token in ("", "0" * 64, other.token):
            guest.token = token
            for path in ("name", "language", "press", "sign-in", "sign-out"):
                assert (await guest.post(f"/api/{path}")).status_code == 403
            assert (await guest.say("hello")).status_code == 403
    assert house.inbox.messages == []


async def test_form_without_a_cookie_is_refused(guest: Guest) -> None:
    guest.client.cookies.clear()
    assert (await guest.say("hello")).status_code == 403


def socket_url(house: House) -> str:
    address = house.url.replace("http", "ws")
    return f"{address}/_nicegui_ws/socket.io/?EIO=4&transport=websocket"


async def test_socket_of_another_site_is_refused(house: House) -> None:
    with pytest.raises(InvalidStatus) as caught:
        async with connect(socket_url(house), origin=Origin("https://evil.example")):
            pass
    assert caught.value.response.status_code == 403


async def test_socket_of_the_page_itself_opens(house: House) -> None:
    async with connect(socket_url(house), origin=Origin(house.url)) as socket:
        assert str(await asyncio.wait_for(socket.recv(), 5)).startswith("0{")


async def test_polling_of_another_site_is_refused(house: House) -> None:
    path = "/_nicegui_ws/socket.io/?EIO=4&transport=polling"
    assert await status(house, path, Origin="https://evil.example") == 403


async def test_page_has_strict_headers(house: House, guest: Guest) -> None:
    answer = await guest.client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    script = policy.split("script-src")[1].split(";")[0]
    assert "unsafe-inline" not in script
    nonce = script.split("'nonce-")[1].split("'")[0]
    assert answer.text.count("<script") == answer.text.count(f'nonce="{nonce}"')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert nonce not in (await guest.client.get("/")).text


async def test_page_asks_nothing_of_other_sites(guest: Guest) -> None:
    text = (await guest.client.get("/")).text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text


async def test_cookie_is_out_of_reach_for_scripts_and_other_sites(house: House) -> None:
    async with httpx.AsyncClient(base_url=house.url) as client:
        cookie = (await client.get("/")).headers["set-cookie"]
        assert "set-cookie" not in (await client.get("/")).headers
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("change", [lambda c: c[:-2], lambda c: "x" + c, lambda c: "."])
async def test_cookie_that_was_tampered_with_is_somebody_new(
    house: House, guest: Guest, change: Callable[[str], str]
) -> None:
    tampered = change(guest.client.cookies[COOKIE])
    async with httpx.AsyncClient(base_url=house.url) as client:
        headers = {"Cookie": f"{COOKIE}={tampered}"}
        assert (await client.get("/api/rooms/general", headers=headers)).json() == {
            "error": "Your visit has ended. Please load the page again."
        }
        answer = await client.get("/", headers=headers)
        assert "Ann" not in answer.text
        assert "set-cookie" in answer.headers


async def test_old_cookie_is_made_anew_and_then_ends(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    clock = FakeClock()
    async with open_house(clock=clock) as house, open_guest(house) as guest:
        before = guest.client.cookies[COOKIE]
        await clock.advance(timedelta(days=2).total_seconds())
        assert "set-cookie" in (await guest.client.get("/")).headers
        after = guest.client.cookies[COOKIE]
        assert after != before
        await clock.advance(timedelta(days=89).total_seconds())
        assert (await guest.read()).status_code == 200
        async with httpx.AsyncClient(base_url=house.url) as client:
            headers = {"Cookie": f"{COOKIE}={before}"}
            answer = await client.get("/api/rooms/general", headers=headers)
            assert answer.status_code == 422


async def test_cookie_is_only_sent_encrypted_behind_https(
    open_house: OpenHouse,
) -> None:
    async with open_house() as house, httpx.AsyncClient(base_url=house.url) as client:
        headers = {"X-Forwarded-Proto": "https"}
        assert (
            "Secure" in (await client.get("/", headers=headers)).headers["set-cookie"]
        )
