"""/metrics is read from this machine or with the token, and by nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.applications import Starlette

from adapters.web.metering import Metering

if TYPE_CHECKING:
    from tests.adapters.web.conftest import OpenHouse


async def page() -> str:
    return "hearthbot_up 1\n"


async def get(
    metering: Metering, client: str = "127.0.0.1", **headers: str
) -> httpx.Response:
    app = Starlette(routes=[metering.route()])
    transport = httpx.ASGITransport(app, client=(client, 1))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as http:
        return await http.get("/metrics", headers=named)


@pytest.mark.parametrize("client", ["192.168.1.7", "2001:db8::1", "not an address"])
async def test_other_machines_read_nothing(client: str) -> None:
    answer = await get(Metering(page), client)
    assert answer.status_code == 403
    assert answer.text == ""


@pytest.mark.parametrize("name", ["X_Forwarded_For", "Forwarded", "X_Real_IP", "Via"])
async def test_proxy_on_this_machine_does_not_open_it(name: str) -> None:
    answer = await get(Metering(page), **{name: "127.0.0.1"})
    assert answer.status_code == 403


@pytest.mark.parametrize("shown", ["", "hush", "Bearer", "Bearer other", "Basic hush"])
async def test_where_there_is_a_token_everybody_needs_it(shown: str) -> None:
    answer = await get(Metering(page, "hush"), Authorization=shown)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "hearthbot" not in answer.text


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
async def test_who_shows_the_token_reads_from_anywhere(scheme: str) -> None:
    answer = await get(
        Metering(page, "hush"),
        "192.168.1.7",
        Authorization=f"{scheme} hush",
        X_Forwarded_For="203.0.113.1",
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("client", ["127.0.0.1", "::1"])
async def test_programs_of_this_machine_read_it(client: str) -> None:
    answer = await get(Metering(page), client)
    assert answer.status_code == 200
    assert answer.text == "hearthbot_up 1\n"
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert answer.headers["Cache-Control"] == "no-store"


def test_token_is_not_shown() -> None:
    assert "hush" not in repr(Metering(page, "hush"))


async def test_page_serves_it_only_where_it_is_wanted(open_house: OpenHouse) -> None:
    async with (
        open_house() as house,
        httpx.AsyncClient(base_url=house.url) as client,
    ):
        assert "hearthbot_up" not in (await client.get("/metrics")).text
    async with (
        open_house(metering=Metering(page)) as house,
        httpx.AsyncClient(base_url=house.url) as client,
    ):
        answer = await client.get("/metrics")
        assert answer.text == "hearthbot_up 1\n"
        assert "set-cookie" not in answer.headers
