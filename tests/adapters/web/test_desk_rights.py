"""Every route of the desk: who gets in, from where, and what of others they see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
from starlette.routing import Route

from adapters.web.adapter import SESSION_SECRET
from adapters.web.desk_door import DeskDoor
from adapters.web.desk_entry import DeskEntry
from adapters.web.desk_shell import DeskShell
from adapters.web.sessions import Sessions
from adapters.web.sign_in import Doorkeeper
from adapters.web.visit import Visits
from bot.clock import SystemClock
from bot.messages import Author, Channel, Role
from bot.store.audit import AuditEntry, AuditRepository
from bot.store.bans import Ban, BanKind
from bot.store.notes import Note, NoteRepository
from bot.words import Words
from tests.adapters.web.desk_rig import (
    OURS,
    add_case,
    add_post,
    add_talker,
    add_verdict,
    open_linked,
)

if TYPE_CHECKING:
    from tests.adapters.web.conftest import Guest, House, OpenGuest, OpenHouse

FOREIGN = {"Origin": "https://evil.example"}
OPEN_TO_ALL = {"/desk", "/desk/enter", "/desk/{page}", "/desk/api/enter"}
ELSEWHERE = Channel("discord", "9", "7", name="mods")
MARK = "marmalade"


async def routes_of(house: House) -> list[tuple[str, str]]:
    """Return method and path of each route that the desk has, as it builds them."""
    sessions = Sessions(
        key=await house.accounts.secret(SESSION_SECRET),
        visitors=house.visitors,
        owners=(),
        clock=SystemClock(),
    )
    visits = Visits(sessions, Words.load(), language="en")
    door = DeskDoor(
        visits, board=house.adapter.board, content=house.content, parts=house.parts
    )
    keeper = Doorkeeper(house.accounts, SystemClock())
    shell = DeskShell(house.content, door, "Hearth")
    found: list[Route] = [*DeskEntry(door, keeper).routes(), *shell.routes()]
    return [
        ("POST" if "POST" in (route.methods or ()) else "GET", route.path)
        for route in found
    ]


def filled(path: str, number: int = 1) -> str:
    """Return a path with the ids of what the tests have put there."""
    values = {
        "page": "calendar",
        "number": number,
        "post_id": "p1",
        "schedule_id": "s1",
        "picture": "x",
        "name": "x",
    }
    plain = re.sub(r"\{(\w+)(:\w+)?\}", r"{\1}", path)
    names = re.findall(r"\{(\w+)\}", plain)
    return plain.format_map({**dict.fromkeys(names, "1"), **values})


async def ask(guest: Guest, method: str, path: str, **headers: str) -> httpx.Response:
    token = {"X-Hearthbot-Form": guest.token} if guest.token else {}
    return await guest.client.request(
        method,
        path,
        json={"community": OURS} if method == "POST" else None,
        headers={**token, **headers},
    )


async def test_every_route_refuses_who_may_not_come_in(
    open_house: OpenHouse, open_guest: OpenGuest, open_moderator: OpenGuest
) -> None:
    async with open_house(has_desk=True) as house:
        routes = await routes_of(house)
        assert len(routes) > 30
        async with open_guest(house, name="Ann") as member:
            for method, path in routes:
                if path not in OPEN_TO_ALL:
                    answer = await ask(member, method, filled(path))
                    assert answer.status_code == 403, path
        async with open_moderator(house) as moderator:
            for method, path in routes:
                foreign = await ask(moderator, method, filled(path), **FOREIGN)
                assert foreign.status_code == 403, path
            moderator.token = ""
            for method, path in routes:
                if method == "POST":
                    forged = await ask(moderator, method, filled(path))
                    assert forged.status_code == 403, path


async def test_every_route_has_the_strict_headers(
    open_house: OpenHouse, open_moderator: OpenGuest
) -> None:
    async with open_house(has_desk=True) as house, open_moderator(house) as moderator:
        for method, path in await routes_of(house):
            if path in {"/desk/api/leave", "/desk/api/enter"}:
                continue
            answer = await ask(moderator, method, filled(path))
            assert answer.status_code < 500, path
            assert answer.headers["x-content-type-options"] == "nosniff", path
            assert answer.headers["x-frame-options"] == "DENY", path
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert "no-store" in answer.headers["cache-control"], path


async def test_no_route_shows_a_moderator_another_community(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with open_house(has_desk=True) as house:
        store = house.content.store
        await add_post(house, title=MARK, body=MARK)
        number = await add_verdict(house, MARK)
        entry = AuditEntry("pause.begun", MARK, actor_name=MARK, community=OURS)
        await AuditRepository(store).add(entry)
        hall, them = house.adapter.channel("general"), Author(MARK, MARK)
        assert await add_case(house, MARK, place=hall, author=them) == number
        await add_talker(house, them, hall)
        now_utc = house.content.clock.now_utc()
        note, bans = Note(MARK, "2", MARK, now_utc), house.parts.people.bans
        await NoteRepository(store).add(OURS, "web", MARK, note)
        await bans.put(Ban(OURS, "web", MARK, BanKind.BAN, MARK, "2", MARK, now_utc))
        async with open_linked(house, open_guest, ELSEWHERE) as guest:
            before = await AuditRepository(store).latest(100)
            for method, path in await routes_of(house):
                if path in {"/desk/api/leave", "/desk/api/enter", "/desk"}:
                    continue
                query = f"?community={OURS}&person={MARK}" if method == "GET" else ""
                answer = await ask(guest, method, filled(path, number) + query)
                assert MARK not in answer.text, path
                assert answer.status_code < 500, path
            # In their own community they do not meet them, either.
            for path in ("people", "people/one", "cases"):
                mine = f"?community=community:discord:7&person={MARK}&text={MARK}"
                answer = await guest.client.get(f"/desk/api/{path}{mine}")
                shown = answer.text.replace(f"called {MARK} here", "")
                assert MARK not in shown, path
            # Nothing was done to it, either.
            assert await AuditRepository(store).latest(100) == before
            post = await house.content.posts.get("p1")
            assert post is not None
            assert (post.status, post.title) == ("pending_review", MARK)


async def test_owner_by_link_sees_all_of_it(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with open_house(has_desk=True) as house:
        await add_verdict(house, MARK)
        linked = open_linked(house, open_guest, ELSEWHERE, role=Role.OWNER)
        async with linked as guest:
            shown = await guest.client.get("/desk/api/verdicts")
            assert MARK in shown.text
            assert (await guest.client.get("/desk/api/logs")).status_code == 200
            assert (await guest.client.get("/desk/logs")).status_code == 200
            exported = await guest.client.get("/desk/api/audit/export")
            assert "desk.entered" in exported.text
