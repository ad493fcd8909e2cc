"""Cases and people at the desk: what is shown, what is done, and who is too late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.cases import By, Move
from bot.messages import Author, Channel, Role
from bot.store.audit import AuditRepository
from bot.store.bans import EVERYWHERE, Ban, BanKind
from bot.store.case_people import CasePeople
from tests.adapters.web.desk_rig import (
    OURS,
    THEIRS,
    add_case,
    add_talker,
    open_linked,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.adapters.web.conftest import Guest, House, OpenGuest, OpenHouse

MODS = Channel("discord", "9", "7", name="mods")
CY, BO = Author("11", "Cy"), Author("12", "Bo")


@pytest.fixture
async def house(open_house: OpenHouse) -> AsyncIterator[House]:
    async with open_house(has_desk=True) as opened:
        yield opened


@pytest.fixture
async def lin(house: House, open_guest: OpenGuest) -> AsyncIterator[Guest]:
    """Lin moderates on Discord, and came by a link."""
    async with open_linked(house, open_guest, MODS) as guest:
        yield guest


async def read(guest: Guest, path: str) -> dict[str, Any]:
    answer = await guest.client.get(f"/desk/api/{path}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def act(guest: Guest, path: str, what: str, **more: str) -> str:
    answer = await guest.post(f"/desk/api/{path}", {"what": what, **more})
    found: dict[str, str] = answer.json()
    return found.get("told") or found["error"]


async def test_case_that_somebody_else_took_is_said_kindly_and_can_be_taken_over(
    house: House, lin: Guest
) -> None:
    number = await add_case(house, "go away", place=MODS)
    desk = house.parts.cases
    await desk.cases.move(number, Move.TAKE, By("discord:5", "Kim"))
    path = f"cases/{number}"
    shown = await read(lin, path)
    assert (shown["owner"], shown["mine"]) == ("Kim", False)
    assert shown["may"] == ["note", "reopen"]
    for what in ("take", "delete", "close"):
        told = await act(lin, path, what, outcome="acted")
        assert told.startswith(f"Kim looks at case {number} already."), what
    await act(lin, path, "reopen")
    assert await act(lin, path, "take") == f"Case {number} is yours now."
    assert (await read(lin, path))["mine"]
    case = await desk.cases.get(number)
    assert case is not None
    assert case.owner_id == "discord:77"


async def test_odd_orders_do_nothing(house: House, lin: Guest) -> None:
    number = await add_case(house, "go away", place=MODS)
    assert "no action" in await act(lin, f"cases/{number}", "show")
    assert "Say how it ends" in await act(lin, f"cases/{number}", "close", outcome="?")
    assert "Write the note" in await act(lin, f"cases/{number}", "note")
    assert "no case 99" in await act(lin, "cases/99", "take")
    case = await house.parts.cases.cases.get(number)
    assert case is not None
    assert case.owner_id == ""


async def test_case_is_noted_warned_about_and_closed_with_rows_in_the_audit(
    house: House, open_moderator: OpenGuest
) -> None:
    number = await add_case(house, "go away", author=CY)
    path = f"cases/{number}"
    async with open_moderator(house) as mo:
        await act(mo, path, "note", text="seen before")
        told = await act(mo, path, "warn", text="please be kind")
        assert "1 person was warned" in told
        shown = await read(mo, path)
        assert shown["messages"][0]["text"] == "go away"
        assert shown["messages"][0]["link"] == "https://example.org/there"
        assert shown["voices"] == [{"who": "Ada", "reason": "rude"}]
        assert [one["text"] for one in shown["notes"]] == [
            "Mo: seen before",
            "Mo warned: Cy",
        ]
        assert shown["history"] == {"verdicts": 0, "cases": 1, "warnings": 1}
        told = await act(mo, path, "close", outcome="acted", text="for good")
        assert "Decided" in told
        assert (await read(mo, path))["may"] == ["note", "reopen"]
        assert (await read(mo, "cases"))["cases"] == []
        (closed,) = (await read(mo, "cases?state=closed"))["cases"]
        assert (closed["number"], closed["outcome"]) == (number, "acted")
    rows = await AuditRepository(house.content.store).latest(10)
    lines = [row.entry.subject for row in rows]
    assert lines == [f"/case {one} 1 …" for one in ("note", "warn", "close")]


async def test_moderator_does_not_see_the_case_that_is_about_them(
    house: House, lin: Guest
) -> None:
    number = await add_case(house, "hm", place=MODS, author=Author("77", "Lin"))
    assert (await read(lin, "cases"))["cases"] == []
    answer = await lin.client.get(f"/desk/api/cases/{number}")
    assert answer.status_code == 422
    assert "about you" in answer.text
    assert "about you" in await act(lin, f"cases/{number}", "take")


async def test_person_is_found_noted_muted_and_let_in_again(
    house: House, lin: Guest
) -> None:
    await add_talker(house, CY, MODS)
    await add_talker(house, BO, Channel("discord", "3", "8"))
    alone = Channel("discord", "4", "7", is_private=True)
    await add_talker(house, Author("13", "Cyra"), alone)
    found = await read(lin, "people?text=CY")
    assert [(one["id"], one["name"]) for one in found["people"]] == [("11", "Cy")]
    assert (await read(lin, "people?text=bo"))["people"] == []
    who = {"community": THEIRS, "person": CY.id}

    assert "for how long" in (await act(lin, "people", "mute", **who)).lower()
    assert "no action" in await act(lin, "people", "person", **who)
    everywhere = {**who, "where": EVERYWHERE}
    assert "Only the owner" in await act(lin, "people", "ban", **everywhere)
    told = await act(lin, "people", "mute", term="1h", text="calm down", **who)
    assert told.startswith("I do not answer Cy until")
    await act(lin, "people", "note", text="said sorry", **who)
    (kept,) = (await read(lin, "people"))["kept_away"]
    assert (kept["name"], kept["kind"], kept["reason"]) == ("Cy", "mute", "calm down")
    shown = await read(lin, f"people/one?community={THEIRS}&person=11")
    assert [one["text"] for one in shown["notes"]] == ["said sorry"]
    assert [one["kind"] for one in shown["bans"]] == ["mute"]
    assert "theirs" not in str(shown)  # what they said is not shown
    assert await act(lin, "people", "unmute", **who) == "Cy can use me again."
    assert (await read(lin, "people"))["kept_away"] == []


async def test_warnings_are_counted(house: House, lin: Guest) -> None:
    await add_talker(house, CY, MODS)
    number = await add_case(house, "hm", place=MODS, author=CY)
    case = await house.parts.cases.cases.get(number)
    assert case is not None
    people = CasePeople(house.content.store)
    await people.warn(case, "discord", CY, "be kind", By("discord:5", "Kim"))
    shown = await read(lin, f"people/one?community={THEIRS}&person=11")
    assert (shown["numbers"]["warnings"], shown["numbers"]["cases"]) == (1, 1)


async def test_owners_see_who_is_banned_everywhere_and_moderators_do_not(
    house: House, lin: Guest, open_guest: OpenGuest
) -> None:
    now_utc = house.content.clock.now_utc()
    ban = Ban(EVERYWHERE, "discord", "12", BanKind.BAN, "Bo", "1", "Ola", now_utc)
    await house.parts.people.bans.put(ban)
    path = f"people?community={THEIRS}"
    assert (await read(lin, path))["kept_away"] == []
    linked = open_linked(house, open_guest, MODS, role=Role.OWNER, name="Ola")
    async with linked as ola:
        (kept,) = (await read(ola, path))["kept_away"]
        assert kept["everywhere"]
        assert (await read(ola, f"people?community={OURS}"))["kept_away"] == []


@pytest.mark.parametrize("by_owner", [True, False])
async def test_moderator_whom_an_owner_has_banned_is_kept_from_the_desk(
    house: House, lin: Guest, by_owner: bool
) -> None:
    now_utc = house.content.clock.now_utc()
    ban = Ban(
        THEIRS,
        "discord",
        "77",
        BanKind.BAN,
        "Lin",
        "1",
        "Ola",
        now_utc,
        by_owner=by_owner,
    )
    await house.parts.people.bans.put(ban)
    answer = await lin.client.get("/desk/api/cases")
    page = await lin.client.get("/desk/cases")
    if by_owner:
        assert "owner of this bot keeps you away" in answer.json()["error"]
        assert "owner of this bot keeps you away" in page.text
    assert answer.is_success is page.is_success is not by_owner
