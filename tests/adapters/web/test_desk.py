"""The moderators' desk: who comes in, and who does not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from adapters.web.desk_pages import DESK_PAGES
from adapters.web.sign_in import ensure_password
from bot.clock import FakeClock

if TYPE_CHECKING:
    from tests.adapters.web.conftest import Guest, House, OpenGuest, OpenHouse

PASSWORD = "by the fire"
TOKEN = "/desk/api/token"
CHANGES = "/desk/api/changes"
STATISTICS = "/desk/api/statistics"


@pytest.fixture
async def desk_house(open_house: OpenHouse) -> AsyncIterator[House]:
    async with open_house(has_desk=True) as house:
        environ = {"P": PASSWORD}
        await ensure_password(house.accounts, password_env="P", environ=environ)
        yield house


@pytest.fixture
async def moderator(desk_house: House, open_guest: OpenGuest) -> AsyncIterator[Guest]:
    async with open_guest(desk_house, name="Mo") as guest:
        await sign_in(guest)
        yield guest


async def sign_in(guest: Guest) -> None:
    answer = await guest.post("/api/sign-in", {"password": PASSWORD})
    assert answer.status_code == 200, answer.text
    await guest.visit()


def setup_of(page: httpx.Response) -> dict[str, Any]:
    _, _, rest = page.text.partition('id="setup">')
    found: dict[str, Any] = json.loads(rest.partition("</script>")[0])
    return found


@pytest.mark.parametrize("page", [page.name for page in DESK_PAGES])
async def test_nobody_sees_a_page_without_signing_in(
    desk_house: House, open_guest: OpenGuest, page: str
) -> None:
    async with open_guest(desk_house, name="Ann") as guest:
        answer = await guest.client.get(f"/desk/{page}")
        assert answer.status_code == 401
        assert "desk_sign_in.js" in answer.text
        assert "<nav" not in answer.text
        assert (await guest.client.get(CHANGES)).status_code == 403


async def test_somebody_new_is_asked_for_name_and_password(desk_house: House) -> None:
    async with httpx.AsyncClient(base_url=desk_house.url) as client:
        answer = await client.get("/desk", follow_redirects=True)
        assert answer.status_code == 401
        assert setup_of(answer)["me"] == {"name": ""}
        # The page's own form token is enough to go on from there.
        headers = {"X-Hearthbot-Form": setup_of(answer)["form_token"]}
        named = await client.post("/api/name", json={"name": "Mo"}, headers=headers)
        assert named.status_code == 200
        seated = await client.post(
            "/api/sign-in", json={"password": PASSWORD}, headers=headers
        )
        assert seated.status_code == 200
        assert (await client.get("/desk/calendar")).status_code == 200


async def test_moderator_without_a_name_gives_one_first(
    desk_house: House, open_guest: OpenGuest
) -> None:
    async with open_guest(desk_house, name=None) as guest:
        await sign_in(guest)
        answer = await guest.client.get("/desk/calendar")
        assert answer.status_code == 401
        assert setup_of(answer)["role"] == 2


async def test_moderator_sees_the_page_and_its_navigation(moderator: Guest) -> None:
    answer = await moderator.client.get("/desk/calendar")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert 'href="/desk/calendar" aria-current="page"' in answer.text
    assert setup_of(answer)["me"]["name"] == "Mo"
    assert (await moderator.client.get(CHANGES)).status_code == 200


async def test_owner_needs_no_password(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with open_house() as house, open_guest(house, name="Ada") as guest:
        await guest.say("/one")
        me, cookies = house.inbox.messages[-1].author.id, guest.client.cookies
    async with (
        open_house(has_desk=True, owners=(f"web:{me}",)) as house,
        httpx.AsyncClient(base_url=house.url, cookies=cookies) as client,
    ):
        assert (await client.get("/desk/calendar")).status_code == 200


async def test_role_that_ends_while_the_desk_is_open_ends_the_desk(
    moderator: Guest,
) -> None:
    assert (await moderator.client.get(CHANGES)).status_code == 200
    await moderator.post("/api/sign-out")
    assert (await moderator.client.get(CHANGES)).status_code == 403
    assert (await moderator.client.get("/desk/calendar")).status_code == 401


async def test_seat_that_ended_by_itself_is_said_and_leads_back(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    clock = FakeClock()
    async with open_house(clock=clock, has_desk=True) as house:
        await ensure_password(house.accounts, password_env="P", environ={"P": PASSWORD})
        async with open_guest(house, name="Mo") as guest:
            await sign_in(guest)
            active = {"X-Hearthbot-Active": "1"}  # as while somebody types there
            answer = await guest.client.get(STATISTICS, headers=active)
            assert answer.status_code == 200
            await clock.advance(60 * 60)
            answer = await guest.client.get(CHANGES, headers=active)
            assert answer.status_code == 200
            for path in (CHANGES, STATISTICS, CHANGES, STATISTICS):
                # A page that looks again by itself keeps nothing open.
                assert (await guest.client.get(path)).status_code == 200
                await clock.advance(30 * 60)
            refused = await guest.client.get(CHANGES)
            assert refused.status_code == 403
            assert "Your time at the desk has ended" in refused.json()["error"]
            assert (await guest.client.get(TOKEN)).status_code == 403
            page = await guest.client.get("/desk/posts")
            assert page.status_code == 401
            assert setup_of(page)["told"] == refused.json()["error"]
            assert setup_of(page)["me"] == {"name": "Mo"}
            again = await guest.post("/api/sign-in", {"password": PASSWORD})
            assert again.status_code == 200
            page = await guest.client.get("/desk/posts")
            assert page.status_code == 200
            token = (await guest.client.get(TOKEN)).json()["form_token"]
            assert token == setup_of(page)["form_token"]


async def test_whoever_never_came_in_is_only_asked_to(
    desk_house: House, open_guest: OpenGuest
) -> None:
    async with open_guest(desk_house, name="Ann") as guest:
        assert "told" not in setup_of(await guest.client.get("/desk/posts"))
        answer = await guest.client.get(CHANGES)
        assert answer.json() == {"error": "Please sign in as a moderator."}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"},
    ],
)
async def test_other_sites_are_refused(
    moderator: Guest, headers: dict[str, str]
) -> None:
    answer = await moderator.client.get(CHANGES, headers=headers)
    assert answer.status_code == 403
    assert "posts" not in answer.text


async def test_unknown_page_is_said_kindly(moderator: Guest) -> None:
    answer = await moderator.client.get("/desk/attic")
    assert answer.status_code == 404
    assert "attic" in answer.json()["error"]


async def test_texts_cannot_end_the_element_they_stand_in(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with open_house(has_desk=True, bot_name="</script><b>Owl</b>") as house:
        await ensure_password(house.accounts, password_env="P", environ={"P": PASSWORD})
        async with open_guest(house, name="Mo") as guest:
            await sign_in(guest)
            answer = await guest.client.get("/desk/calendar")
    assert "<b>" not in answer.text
    assert setup_of(answer)["bot_name"] == "</script><b>Owl</b>"


async def test_only_moderators_are_shown_the_way(
    desk_house: House, moderator: Guest, open_guest: OpenGuest
) -> None:
    async with open_guest(desk_house, name="Ann") as member:
        assert '"desk":"/desk"' not in (await member.client.get("/")).text
    assert '"desk":"/desk"' in (await moderator.client.get("/")).text


async def test_without_content_there_is_no_desk(guest: Guest) -> None:
    assert (await guest.client.get("/desk/calendar")).status_code == 404
