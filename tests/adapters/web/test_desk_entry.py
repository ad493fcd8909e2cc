"""Coming to the desk by a link of the bot, and leaving it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from adapters.fake.adapter import FakeAdapter
from adapters.fake.inbox import RecordingInbox
from adapters.web.sign_in import FREE_TRIES
from bot.clock import FakeClock
from bot.messages import Channel, Role
from bot.standing import BELIEVED_S, EVERY_S
from bot.store.audit import AuditRepository
from bot.store.columns import utc_column
from bot.store.desk_visits import IDLE, DeskGrant, DeskVisitRepository, link_key
from tests.adapters.web.desk_rig import open_linked

if TYPE_CHECKING:
    from tests.adapters.web.conftest import House, OpenGuest, OpenHouse

PLACE = Channel("discord", "9", "7", name="mods")
CHANGES = "/desk/api/changes"


async def hand_out(house: House, token: str) -> None:
    grant = DeskGrant("77", "Lin", Role.MODERATOR, PLACE)
    grants = DeskVisitRepository(house.content.store)
    await grants.hand_out(link_key(token), grant)


async def test_guessing_a_link_is_slowed_and_loses_nothing(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with open_house(has_desk=True) as house, open_guest(house) as guest:
        for number in range(FREE_TRIES):
            answer = await guest.post("/desk/api/enter", {"token": f"no {number}"})
            assert answer.status_code == 422
            assert "does not work" in answer.json()["error"]
        await hand_out(house, "yes")
        answer = await guest.post("/desk/api/enter", {"token": "yes"})
        assert "too many tries" in answer.json()["error"]
        assert (await guest.client.get(CHANGES)).status_code == 403


async def test_looking_at_the_link_does_not_use_it_up(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with open_house(has_desk=True) as house:
        await hand_out(house, "yes")
        async with open_guest(house, name=None) as preview:
            page = await preview.client.get("/desk/enter")
            assert page.status_code == 200
            assert "desk_enter.js" in page.text
            assert (await preview.client.get(CHANGES)).status_code == 403
        async with open_guest(house, name=None) as guest:
            assert (await guest.post("/desk/api/enter", {"token": "yes"})).is_success
            assert (await guest.client.get(CHANGES)).status_code == 200


async def test_link_works_once_and_is_named_in_the_audit(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with open_house(has_desk=True) as house:
        async with open_linked(house, open_guest, PLACE) as guest:
            page = await guest.client.get("/desk/status")
            assert page.status_code == 200
            assert '"entry": "link"' in page.text
            assert "/desk/logs" not in page.text  # that is for owners
            assert (await guest.client.get("/desk/logs")).status_code == 403
        async with open_guest(house, name=None) as thief:
            again = await thief.post("/desk/api/enter", {"token": "Lin"})
            assert again.status_code == 422
        (row,) = await AuditRepository(house.content.store).latest(9)
        assert (row.entry.what, row.entry.actor) == ("desk.entered", "discord:77")


async def test_link_gives_no_seat_in_the_rooms(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with (
        open_house(has_desk=True) as house,
        open_linked(house, open_guest, PLACE) as guest,
    ):
        answer = await guest.client.get("/api/rooms/moderators")
        assert answer.status_code == 404


async def test_visit_that_ended_by_itself_is_said(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with (
        open_house(has_desk=True) as house,
        open_linked(house, open_guest, PLACE) as guest,
    ):
        store = house.content.store
        ended_utc = store.clock.now_utc() - IDLE
        await store.write(
            lambda db: db.execute(
                "UPDATE desk_visit SET seen_utc = ?", (utc_column(ended_utc),)
            )
        )
        refused = await guest.client.get(CHANGES)
        assert refused.status_code == 403
        assert "Your visit to the desk has ended" in refused.json()["error"]
        page = await guest.client.get("/desk/status")
        assert refused.json()["error"] in page.text


async def test_role_that_was_taken_away_ends_the_visit(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    clock = FakeClock()
    async with open_house(clock=clock, has_desk=True) as house:
        discord = platform_of(house, clock)
        async with open_linked(house, open_guest, PLACE) as guest:
            assert (await guest.client.get(CHANGES)).status_code == 200
            discord.roles["77"] = Role.MEMBER
            await clock.advance(EVERY_S)
            refused = await guest.client.get(CHANGES)
            assert refused.status_code == 403
            assert "no moderator any more" in refused.json()["error"]
            page = await guest.client.get("/desk/status")
            assert page.status_code == 401
            assert refused.json()["error"] in page.text
            discord.roles["77"] = Role.MODERATOR  # a new link is asked for then
            await clock.advance(EVERY_S)
            assert (await guest.client.get(CHANGES)).status_code == 403


async def test_desk_is_closed_while_nobody_can_say_who_is_a_moderator(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    clock = FakeClock()
    async with open_house(clock=clock, has_desk=True) as house:
        discord = platform_of(house, clock)
        async with open_linked(house, open_guest, PLACE) as guest:
            assert (await guest.client.get(CHANGES)).status_code == 200
            discord.platform.is_connected = False
            await clock.advance(BELIEVED_S - 1)
            assert (await guest.client.get(CHANGES)).status_code == 200
            await clock.advance(1)
            refused = await guest.client.get(CHANGES)
            assert refused.status_code == 403
            assert "cannot find out" in refused.json()["error"]
            discord.platform.is_connected = True
            await clock.advance(EVERY_S)
            assert (await guest.client.get(CHANGES)).status_code == 200


def platform_of(house: House, clock: FakeClock) -> FakeAdapter:
    """Let Lin be a moderator on Discord, which is there from now on."""
    discord = FakeAdapter(RecordingInbox(), clock=clock)
    discord.platform.is_connected = True
    discord.roles["77"] = Role.MODERATOR
    house.adapters["discord"] = discord
    return discord


async def test_second_link_ends_what_the_browser_had_before(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with (
        open_house(has_desk=True) as house,
        open_linked(house, open_guest, PLACE) as guest,
    ):
        before = dict(guest.client.cookies)
        await hand_out(house, "second")
        assert (await guest.post("/desk/api/enter", {"token": "second"})).is_success
        assert (await guest.client.get(CHANGES)).status_code == 200
        guest.client.cookies = httpx.Cookies(before)
        assert (await guest.client.get(CHANGES)).status_code == 403


async def test_leaving_everywhere_ends_the_visits_of_all_browsers(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with (
        open_house(has_desk=True) as house,
        open_linked(house, open_guest, PLACE) as here,
        open_linked(house, open_guest, PLACE) as there,
        open_linked(house, open_guest, PLACE) as third,
    ):
        assert (await here.post("/desk/api/leave")).is_success
        assert (await here.client.get(CHANGES)).status_code == 403
        assert (await there.client.get(CHANGES)).status_code == 200
        left = await there.post("/desk/api/leave", {"everywhere": True})
        assert left.is_success
        assert (await third.client.get(CHANGES)).status_code == 403
