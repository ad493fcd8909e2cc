"""Rooms that only moderators see: every way in is tried by people who are none."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from adapters.web.adapter import LIMITS
from adapters.web.audience import Event, Viewer
from adapters.web.faces import FaceRoutes, Faces
from adapters.web.feeling_routes import FeelingRoutes
from adapters.web.room_routes import RoomRoutes
from adapters.web.sessions import Sessions
from adapters.web.sign_in import ensure_password
from adapters.web.visit import Visits
from bot.clock import Clock, FakeClock
from bot.messages import Attachment, Button, Reply, Role, scope_of

if TYPE_CHECKING:
    from bot.words import Words
    from tests.adapters.web.conftest import Guest, House, OpenGuest, OpenHouse

ROOM = "moderators"
WAIT_S = 10
IDLE_S = 2 * 3_600
NONCE = re.compile("nonce-[^']+")
APPEAL = Reply(
    "Cleo appeals.",
    (Button("Allow", "/allow 1"),),
    (Attachment("proof.png", "image/png", b"png"),),
)


async def put_appeal(house: House, reply: Reply = APPEAL) -> str:
    (message_id,) = await house.adapter.send(house.adapter.channel(ROOM), reply)
    return message_id


async def seat(house: House, guest: Guest) -> None:
    """Let somebody sign in, for which there is a password from now on."""
    await ensure_password(
        house.accounts, password_env="P", environ={"P": "open sesame"}
    )
    answer = await guest.post("/api/sign-in", {"password": "open sesame"})
    assert answer.status_code == 200
    await guest.visit()


async def leave(guest: Guest) -> None:
    assert (await guest.post("/api/sign-out")).status_code == 200
    await guest.visit()


async def file_of(house: House, message_id: str) -> str:
    message = await house.rooms.get(message_id)
    assert message is not None
    return message.files[0].id


@asynccontextmanager
async def listening(house: House, guest: Guest) -> AsyncIterator[ClientConnection]:
    """Connect a page's socket, as the page itself does."""
    query = (
        "EIO=4&transport=websocket&implicit_handshake=true&next_message_id=0"
        f"&client_id={guest.viewer}&tab_id=t&document_id=d"
    )
    url = f"{house.url.replace('http', 'ws')}/_nicegui_ws/socket.io/?{query}"
    async with connect(url, origin=Origin(house.url)) as socket:
        await socket.send("40")
        yield socket


async def heard(socket: ClientConnection, last: str) -> str:
    """Return everything that a page was told until something was."""
    told = ""
    async with asyncio.timeout(WAIT_S):
        while last not in told:
            told += str(await socket.recv()).replace("\\", "")
    return told


async def say_in_general(house: House, text: str) -> None:
    await house.adapter.send(house.adapter.channel("general"), Reply(text))


# Every route that has to do with a room: who is no moderator tries it with a room, a
# message and a file, and gets the same answer whether they are there or not.
Try = Callable[["Guest", str, str, str], Awaitable[httpx.Response]]
WAYS_IN: dict[str, tuple[Try, ...]] = {
    "/api/rooms/{room}": (
        lambda guest, room, message, file: guest.read(room),
        lambda guest, room, message, file: guest.read(room, "&before=9"),
        lambda guest, room, message, file: guest.client.head(f"/api/rooms/{room}"),
    ),
    "/api/messages": (
        lambda guest, room, message, file: guest.say("hello", room=room),
        lambda guest, room, message, file: guest.say("/help", room=room),
        lambda guest, room, message, file: guest.say(
            "@Hearth look", room=room, reply_to=message
        ),
        lambda guest, room, message, file: guest.say(
            "look", room=room, files=[("a.txt", b"a", "text/plain")]
        ),
    ),
    "/api/press": (
        lambda guest, room, message, file: guest.post(
            "/api/press", {"message": message, "button": 0}
        ),
    ),
    "/api/react": (
        lambda guest, room, message, file: guest.post(
            "/api/react", {"message": message, "emoji": "👍", "on": True}
        ),
    ),
    "/api/vote": (
        lambda guest, room, message, file: guest.post(
            "/api/vote", {"message": message, "answer": 0}
        ),
    ),
    "/files/{file_id}": (
        lambda guest, room, message, file: guest.client.get(f"/files/{file}"),
    ),
    "/faces/{room}/{version}": (
        lambda guest, room, message, file: guest.client.get(f"/faces/{room}/{file}"),
    ),
}


async def try_all(house: House, guest: Guest, message_id: str) -> None:
    """Try every way in, and see that each ends as if there were nothing."""
    file_id, nothing = await file_of(house, message_id), "0" * 32
    before = len(house.inbox.messages)
    for tries in WAYS_IN.values():
        for one in tries:
            hidden = await one(guest, ROOM, message_id, file_id)
            missing = await one(guest, "somewhere1", nothing, nothing)
            assert hidden.status_code == missing.status_code == 404
            assert hidden.text == missing.text.replace("somewhere1", ROOM)
            assert lasting_headers(hidden) == lasting_headers(missing)
    page = await guest.client.get("/")
    assert ROOM not in page.text
    assert "appeals" not in page.text
    assert len(house.inbox.messages) == before
    assert house.inbox.presses == []
    assert (await house.rooms.page(ROOM, "x"))[-1].id == message_id


def lasting_headers(answer: httpx.Response) -> dict[str, str]:
    """Return the headers without what is new in each answer."""
    headers = dict(answer.headers)
    del headers["date"]
    policy = headers["content-security-policy"]
    return {**headers, "content-security-policy": NONCE.sub("", policy)}


async def test_every_route_of_the_rooms_is_tried(
    house: House, two_languages: Words
) -> None:
    visits = Visits(sessions_of(house, FakeClock()), two_languages, language="en")
    adapter = house.adapter
    feelings = adapter.feelings
    faces = Faces(adapter.board, None)
    rooms = RoomRoutes(adapter.board, adapter.intake, feelings, faces, visits, LIMITS)
    routes = [
        *rooms.routes(),
        *FeelingRoutes(feelings, visits).routes(),
        *FaceRoutes(faces, adapter.board.access, visits).routes(),
    ]
    assert {route.path for route in routes} == {*WAYS_IN}


async def test_member_finds_no_way_in(
    house: House, guest: Guest, open_guest: OpenGuest
) -> None:
    message_id = await put_appeal(house)
    await try_all(house, guest, message_id)
    async with open_guest(house) as other:
        await seat(house, other)  # somebody else's seat changes nothing
        await try_all(house, guest, message_id)


async def test_stranger_without_a_name_finds_no_way_in(
    house: House, open_guest: OpenGuest
) -> None:
    message_id = await put_appeal(house)
    file_id = await file_of(house, message_id)
    async with open_guest(house, name=None) as stranger:
        assert ROOM not in (await stranger.client.get("/")).text
        assert (await stranger.read(ROOM)).status_code == 404
        assert (await stranger.client.get(f"/files/{file_id}")).status_code == 404


async def test_seat_that_was_given_up_leaves_no_way_in(
    house: House, guest: Guest
) -> None:
    message_id = await put_appeal(house)
    await seat(house, guest)
    assert (await guest.read(ROOM)).status_code == 200
    seated = httpx.Cookies(guest.client.cookies)
    token = guest.token
    await leave(guest)
    await try_all(house, guest, message_id)
    guest.client.cookies, guest.token = seated, token  # an old cookie that was kept
    await try_all(house, guest, message_id)


async def test_seat_that_ended_leaves_no_way_in(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    clock = FakeClock()
    async with open_house(clock=clock) as house, open_guest(house) as guest:
        message_id = await put_appeal(house)
        await seat(house, guest)
        await clock.advance(IDLE_S - 1)
        assert (await guest.read(ROOM)).status_code == 200
        await clock.advance(IDLE_S)
        await try_all(house, guest, message_id)


async def test_seat_lasts_over_a_restart_but_not_a_sign_out_before_it(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with (
        open_house() as house,
        open_guest(house) as staying,
        open_guest(house) as leaving,
    ):
        message_id = await put_appeal(house)
        for guest in (staying, leaving):
            await seat(house, guest)
        kept, gone = (dict(one.client.cookies) for one in (staying, leaving))
        await leave(leaving)
    async with open_house() as house, open_guest(house, name=None) as guest:
        guest.client.cookies = httpx.Cookies(kept)
        await guest.visit()
        assert (await guest.read(ROOM)).status_code == 200
        guest.client.cookies = httpx.Cookies(gone)
        await guest.visit()
        await try_all(house, guest, message_id)


async def test_file_of_a_room_that_is_no_longer_set_stays_closed(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with open_house() as house:
        message_id = await put_appeal(house)
    async with open_house(moderator_rooms=[]) as house, open_guest(house) as guest:
        await try_all(house, guest, message_id)


async def test_reply_from_another_room_carries_nothing_out(
    house: House, guest: Guest
) -> None:
    message_id = await put_appeal(house)
    for is_seated in (False, True):
        if is_seated:
            await seat(house, guest)
        await guest.say("what was it?", room="announcements", reply_to=message_id)
        message = house.inbox.messages[-1]
        assert (message.reply_to_id, message.is_to_bot) == (None, False)
    page = (await guest.read("announcements")).json()
    assert [one["reply_to"] for one in page["messages"]] == [None, None]


async def test_each_event_goes_only_to_who_has_a_seat_at_that_moment(
    house: House,
) -> None:
    board = house.adapter.board
    member = look(house, "member", [Role.MEMBER])
    moderator = look(house, "moderator", [Role.MODERATOR])
    owner = look(house, "owner", [Role.OWNER])
    roles = [Role.MODERATOR]
    leaving = look(house, "leaving", roles)
    roles[0] = Role.MEMBER

    message = await put_appeal(house)
    await board.grow(message, "It grows.")
    await board.settle(message, "It is whole.")
    board.begin_writing(ROOM)
    board.end_writing(ROOM)
    await board.remove(message)

    everything = {"message", "activity", "grown", "writing", "removed"}
    assert kinds(moderator) == kinds(owner) == everything
    assert kinds(member) == kinds(leaving) == set()


def look(house: House, person: str, role: list[Role]) -> list[Event]:
    """Have the room open in some way, with a role that can change."""
    told: list[Event] = []

    def show(line: str) -> None:
        told.append(json.loads(line))

    viewer = Viewer(person, person, show, room=ROOM, role=lambda: role[0])
    house.adapter.board.audience.join(viewer)
    return told


def kinds(told: list[Event]) -> set[str]:
    return {event["type"] for event in told} - {"presence"}


async def test_page_in_another_room_hears_of_it_only_with_a_seat(
    house: House, guest: Guest, open_guest: OpenGuest
) -> None:
    async with open_guest(house, name="Mo") as moderator:
        await seat(house, moderator)
        for one in (guest, moderator):
            await one.read("general")
        async with (
            listening(house, guest) as members,
            listening(house, moderator) as moderators,
        ):
            await put_appeal(house)
            await say_in_general(house, "the end")
            activity = f'"type": "activity", "room": "{ROOM}"'
            assert activity in await heard(moderators, "the end")
            assert ROOM not in await heard(members, "the end")


@pytest.mark.parametrize("end", ["sign out", "sign in anew", "two hours"])
async def test_page_that_had_the_room_open_hears_nothing_after_the_seat(
    open_house: OpenHouse, open_guest: OpenGuest, end: str
) -> None:
    clock = FakeClock()
    async with open_house(clock=clock) as house, open_guest(house) as guest:
        await seat(house, guest)
        await guest.read(ROOM)
        async with listening(house, guest) as socket:
            await put_appeal(house, Reply("before"))
            await heard(socket, '"type": "activity"')
            if end == "two hours":
                await clock.advance(IDLE_S)
            elif end == "sign out":
                await guest.post("/api/sign-out")
            else:
                await guest.post("/api/sign-in", {"password": "open sesame"})
            message_id = await put_appeal(house, Reply("after the end"))
            await house.adapter.board.settle(message_id, "changed")
            house.adapter.board.begin_writing(ROOM)
            await house.adapter.board.remove(message_id)
            await say_in_general(house, "the last")
            told = await heard(socket, '"room": "general"')
            assert ROOM not in told
            assert message_id not in told
            assert ('"type": "reload"' in told) is (end != "two hours")


async def test_role_that_was_read_a_moment_before_the_end_is_worth_nothing(
    house: House,
) -> None:
    """A page can be drawn while its seat is given up."""
    clock = FakeClock()
    sessions = sessions_of(house, clock)
    seated = await sessions.sign_in(sessions.begin())
    role = await sessions.role(seated)
    assert sessions.remaining(role, seated) is Role.MODERATOR
    await sessions.sign_out(seated)
    assert sessions.remaining(role, seated) is Role.MEMBER
    seated = await sessions.sign_in(sessions.begin())
    await clock.advance(IDLE_S)
    assert sessions.remaining(role, seated) is Role.MEMBER


def sessions_of(house: House, clock: Clock) -> Sessions:
    return Sessions(key=b"k", visitors=house.visitors, owners=(), clock=clock)


async def test_no_room_for_moderators_where_none_is_set(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with open_house(moderator_rooms=[]) as house, open_guest(house) as guest:
        await seat(house, guest)
        assert ROOM not in (await guest.client.get("/")).text
        assert (await guest.read(ROOM)).status_code == 404


async def test_moderator_reads_writes_presses_and_fetches(
    house: House, guest: Guest
) -> None:
    message_id = await put_appeal(house)
    await seat(house, guest)
    page = (await guest.client.get("/")).text
    assert f'"name":"{ROOM}"' in page.replace(" ", "")
    assert "Only moderators see this" in page
    [message] = (await guest.read(ROOM)).json()["messages"]
    assert (message["text"], message["buttons"]) == ("Cleo appeals.", ["Allow"])
    file = await guest.client.get(message["files"][0]["url"])
    assert (file.content, file.headers["cache-control"]) == (b"png", "no-store")
    assert (
        await guest.post("/api/press", {"message": message_id, "button": 0})
    ).status_code == 200
    [press] = house.inbox.presses
    assert (press.command, press.channel.id) == ("/allow 1", ROOM)
    assert press.author.role is Role.MODERATOR


@pytest.mark.parametrize(
    ("text", "is_to_bot"),
    [("hello", False), ("@hearth hello", True), ("/help", True)],
)
async def test_bot_talks_there_when_it_is_mentioned(
    house: House, guest: Guest, text: str, is_to_bot: bool
) -> None:
    await seat(house, guest)
    assert (await guest.say(text, room=ROOM)).status_code == 201
    [message] = house.inbox.messages
    assert message.is_to_bot is is_to_bot
    assert message.channel == house.adapter.channel(ROOM)


async def test_room_has_a_scope_of_its_own(house: House, guest: Guest) -> None:
    await seat(house, guest)
    await guest.say("@hearth hello", room=ROOM)
    await guest.say("hello")
    hidden, public = (message.scope for message in house.inbox.messages)
    assert hidden == scope_of(
        house.adapter.channel(ROOM), house.inbox.messages[0].author
    )
    assert hidden != public
    assert (hidden.platform, hidden.community_id) == ("web", public.community_id)


async def test_owner_sees_the_room_without_a_seat(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with open_house() as house, open_guest(house) as guest:
        await guest.say("/one")
        me, cookies = house.inbox.messages[-1].author.id, guest.client.cookies
    async with (
        open_house(owners=(f"web:{me}",)) as house,
        open_guest(house, name=None) as guest,
    ):
        guest.client.cookies = cookies
        await guest.visit()
        assert (await guest.read(ROOM)).status_code == 200
        async with listening(house, guest) as socket:
            await put_appeal(house)
            assert "appeals" in await heard(socket, "appeals")


async def test_page_knows_when_the_seat_ends(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    clock = FakeClock()
    async with open_house(clock=clock) as house, open_guest(house) as guest:
        assert '"seat_s":0' in (await guest.client.get("/")).text.replace(" ", "")
        await seat(house, guest)
        # To look at the page anew is to do something: it goes on until the latest end.
        for passed_s, left_s in ((0, IDLE_S), (IDLE_S - 1, IDLE_S), (1, IDLE_S - 1)):
            await clock.advance(passed_s)
            page = (await guest.client.get("/")).text.replace(" ", "")
            assert f'"seat_s":{left_s}' in page
