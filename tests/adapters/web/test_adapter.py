from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from adapters.web.audience import Event, Viewer
from adapters.web.page import mount_page
from bot.errors import ConfigError, GoneError, PlatformError
from bot.messages import Attachment, Button, Channel, Message, Reply

if TYPE_CHECKING:
    from tests.adapters.web.conftest import Guest, House, OpenGuest, OpenHouse

WAIT_S = 10
NOWHERE = Channel("web", "nowhere", "web")


def watch(house: House, *, room: str = "general", person: str = "x") -> list[Event]:
    """Look at a room as an open page does; what it is told fills up."""
    told: list[Event] = []
    house.adapter.board.audience.join(Viewer("v", person, hears(told), room=room))
    return told


def hears(told: list[Event]) -> Callable[[str], None]:
    return lambda line: told.append(json.loads(line))


def shown(told: list[Event]) -> list[str]:
    """Return what the HTML of the newest message was, from first to last."""
    states: list[str] = []
    for event in told:
        if event["type"] == "message":
            states.append(event["html"])
        elif event["type"] == "grown":
            states.append(states[-1][: event["keep"]] + event["tail"])
    return states


async def question(house: House, guest: Guest) -> Message:
    await guest.say("hello", room="announcements")
    return house.inbox.messages[-1]


async def test_unknown_room_is_gone(house: House) -> None:
    with pytest.raises(GoneError, match="nowhere"):
        house.adapter.channel("nowhere")
    with pytest.raises(GoneError):
        await house.adapter.send(NOWHERE, Reply("hello"))


async def test_port_in_use_is_a_config_error(
    open_house: OpenHouse,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=r"adapters\.web\.port"):
            async with open_house(port=port):
                pass


async def test_second_page_of_a_process_is_refused(house: House) -> None:
    from fastapi import FastAPI

    async def draw(request: object, viewer: Viewer) -> dict[str, Any]:
        return {}

    with pytest.raises(RuntimeError, match="only one page"):
        mount_page(FastAPI(), house.adapter.board.audience, draw, title="x")


async def test_same_nonce_is_sent_once(house: House) -> None:
    channel = house.adapter.channel("announcements")
    told = watch(house, room="announcements")
    first = await house.adapter.send(channel, Reply("News!"), nonce="n")
    again = await house.adapter.send(channel, Reply("News!"), nonce="n")
    assert first == again
    assert shown(told) == ["<p>News!</p>\n"]


async def test_reply_too_long_for_one_message_is_split(house: House) -> None:
    told = watch(house)
    text = "word " * 30_000
    channel = house.adapter.channel("general")
    reply = Reply(text, buttons=(Button("Yes", "/yes"),))
    ids = await house.adapter.send(channel, reply, nonce="n")
    parts = [event for event in told if event["type"] == "message"]
    assert len(parts) == 2
    assert " ".join(part["text"] for part in parts).split() == text.split()
    assert [part["buttons"] for part in parts] == [[], ["Yes"]]
    assert tuple(part["id"] for part in parts) == ids


async def test_picture_that_passes_is_shown_to_who_looks_and_kept_nowhere(
    house: House, guest: Guest
) -> None:
    message = await question(house, guest)
    told = watch(house, room="announcements")
    reply = house.adapter.open_reply(message, buttons=(Button("Stop", "/stop"),))
    pictures = [
        Attachment("preview.png", "image/png", content, description="A fox so far.")
        for content in (b"one", b"two")
    ]
    for number, picture in enumerate((*pictures, pictures[1])):
        await reply.notice(f"Step {number}", picture)
        async with asyncio.timeout(WAIT_S):
            while f"Step {number}" not in "".join(shown(told)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    seen = [event["preview"] for event in told if event.get("preview")]
    assert [one["alt"] for one in seen] == ["A fox so far."] * 2
    assert seen[0]["url"] == "data:image/png;base64,b25l"
    page = (await guest.read("announcements")).json()["messages"]
    assert page[-1]["preview"]["url"] == "data:image/png;base64,dHdv"
    assert page[-1]["files"] == []
    assert await asyncio.wait_for(reply.finish(Reply("")), WAIT_S) == ()
    page = (await guest.read("announcements")).json()["messages"]
    assert [one["id"] for one in page] == [message.id]


async def test_answer_grows_and_is_kept_whole(house: House, guest: Guest) -> None:
    message = await question(house, guest)
    told = watch(house, room="announcements")
    reply = house.adapter.open_reply(message, buttons=(Button("Stop", "/stop"),))
    assert told[-1] == {"type": "writing", "room": "announcements", "on": True}
    await reply.notice("You are number 3.")
    await reply.feed("One. ")
    for _ in range(200):
        if shown(told) and "One" in shown(told)[-1]:
            break
        await asyncio.sleep(0.01)
    growing = [event for event in told if event["type"] in {"message", "grown"}][-1]
    assert growing["buttons"] == ["Stop"]
    await reply.feed("Two.")
    picture = Attachment("a.png", "image/png", b"png")
    done = Reply(
        "One. Two.", (Button("Again", "/again"),), (picture,), reply_to_id=message.id
    )
    ids = await asyncio.wait_for(reply.finish(done), WAIT_S)
    last = [event for event in told if event["type"] == "message"][-1]
    assert (last["text"], last["buttons"], last["growing"]) == (
        "One. Two.",
        ["Again"],
        False,
    )
    assert told[-1]["on"] is False
    page = (await guest.read("announcements")).json()["messages"]
    assert [one["id"] for one in page] == [message.id, *ids]
    assert page[-1]["reply_to"] == message.id
    [file] = page[-1]["files"]
    assert (await guest.client.get(file["url"])).content == b"png"


async def test_answer_that_was_cut_off_at_the_end_stays_readable(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with open_house() as house, open_guest(house, name="Ann") as guest:
        message = await question(house, guest)
        told = watch(house, room="announcements")
        reply = house.adapter.open_reply(message)
        for piece in ("One. ", "Two. "):
            await reply.feed(piece)
            for _ in range(200):
                if shown(told) and piece.strip() in shown(told)[-1]:
                    break
                await asyncio.sleep(0.01)
        cookies = guest.client.cookies
    with pytest.raises(PlatformError):
        await reply.finish(Reply("One. Two. Three."))
    async with open_house() as house, open_guest(house, name=None) as guest:
        guest.client.cookies = cookies
        page = (await guest.read("announcements")).json()["messages"]
        assert [one["text"].strip() for one in page] == ["hello", "One. Two."]


async def test_rooms_and_people_survive_a_restart(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with open_house() as house, open_guest(house, name="Ann") as guest:
        await guest.say("/keep this")
        before = (await guest.read()).json()["messages"]
        cookies = guest.client.cookies
    async with open_house() as house, open_guest(house, name=None) as guest:
        guest.client.cookies = cookies
        await guest.visit()
        assert (await guest.read()).json()["messages"] == before
        await guest.say("/again")
        assert house.inbox.messages[-1].author.name == "Ann"


async def test_message_that_goes_is_taken_from_the_pages(house: House) -> None:
    told = watch(house)
    place = house.adapter.channel("general")
    (message_id,) = await house.adapter.send(place, Reply("x"))
    await house.adapter.board.remove(message_id)
    assert told[-1] == {"type": "removed", "id": message_id}
    with pytest.raises(GoneError):
        await house.adapter.board.grow(message_id, "y")


async def test_people_here_are_listed_once_each(house: House) -> None:
    told = watch(house)
    audience = house.adapter.board.audience
    ann = Viewer("v1", "p1", hears(told), name="Ann", is_here=True)
    second = Viewer("v2", "p1", hears(told), name="Ann", is_here=True)
    audience.join(ann)
    audience.join(second)
    audience.rename("p1", "Anna")
    assert told[-1]["people"] == [{"id": "p1", "name": "Anna", "moderator": False}]
    audience.connect(ann, is_here=False)
    audience.leave(second)
    told_by_others = watch(house, person="y")
    assert told_by_others[-1]["people"] == []


async def test_health_is_told_without_a_session(house: House) -> None:
    async with httpx.AsyncClient(base_url=house.url) as client:
        answer = await client.get("/healthz")
        assert (answer.status_code, answer.json()["ok"]) == (200, True)
        assert (await client.get("/readyz")).status_code == 200
        house.is_ready[0] = False
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"ok": False})
        assert "set-cookie" not in answer.headers


async def test_fifty_viewers_do_not_slow_an_answer(house: House, guest: Guest) -> None:
    """Each is handed the same line: nothing is rendered or encoded a viewer."""
    lines: list[str] = []
    for number in range(50):
        viewer = Viewer(f"v{number}", f"p{number}", lines.append, room="general")
        house.adapter.board.audience.join(viewer)
    lines.clear()
    await house.adapter.send(house.adapter.channel("general"), Reply("# Hello"))
    messages = [line for line in lines if "<h1>Hello" in line]
    assert len(messages) == 50
    assert len({id(line) for line in messages}) == 1


async def test_growing_answer_is_sent_by_what_is_new(house: House) -> None:
    message_id = await post(house, "🔥 One.")
    told = watch(house)
    for text in ("🔥 One. Two.", "🔥 One. Two.\n\n> 🔥", "🔥 One."):
        await house.adapter.board.grow(message_id, text)
    grown = [event for event in told if event["type"] == "grown"]
    assert [event["revision"] for event in grown] == [1, 2, 3]
    html = "<p>🔥 One.</p>\n".encode("utf-16-le")
    for event in grown:
        html = html[: 2 * event["keep"]] + event["tail"].encode("utf-16-le")
    assert html.decode("utf-16-le") == "<p>🔥 One.</p>\n"
    assert len(grown[0]["tail"]) < 20


async def post(house: House, text: str) -> str:
    place = house.adapter.channel("general")
    (message_id,) = await house.adapter.send(place, Reply(text))
    return message_id


async def test_card_is_changed_in_place_and_kept(house: House) -> None:
    place = house.adapter.channel("general")
    (card,) = await house.adapter.send(place, Reply("1", (Button("Take", "/x"),)))
    await house.adapter.change(place, card, Reply("37", (Button("Reopen", "/y"),)))
    stored = await house.rooms.get(card)
    assert stored is not None
    assert (stored.text, stored.buttons) == ("37", (Button("Reopen", "/y"),))


async def test_message_that_moderators_take_away_is_gone(
    house: House, guest: Guest
) -> None:
    asked = await question(house, guest)
    await house.adapter.delete_message(asked.channel, asked.id, reason="Mo")
    assert await house.rooms.get(asked.id) is None
