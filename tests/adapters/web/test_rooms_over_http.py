from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest

from adapters.web.adapter import LIMITS
from bot.adapter import Limits
from bot.messages import Button, Reply, Role

if TYPE_CHECKING:
    from tests.adapters.web.conftest import Guest, House, OpenGuest, OpenHouse


PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
SMALL = Limits(
    text_units=100, edit_interval_s=0.01, attachment_bytes=1000, attachments=2
)


async def texts(guest: Guest, room: str = "general") -> list[str]:
    return [message["text"] for message in (await guest.read(room)).json()["messages"]]


async def error(response: httpx.Response, status: int) -> str:
    assert response.status_code == status
    return str(response.json()["error"])


async def test_message_reaches_the_core_whole(house: House, guest: Guest) -> None:
    answer = await guest.say("hello", files=[("a.png", PNG, "image/png")])
    assert answer.status_code == 201
    [message] = house.inbox.messages
    assert message.id == answer.json()["id"]
    assert message.channel == house.adapter.channel("general")
    assert (message.author.name, message.author.role) == ("Ann", Role.MEMBER)
    assert message.author.language == "en"
    assert message.text == "hello"
    assert message.is_to_bot
    [file] = message.attachments
    assert (file.name, file.media_type, file.content) == ("a.png", "image/png", PNG)


@pytest.mark.parametrize(
    ("text", "is_to_bot"),
    [("hello", False), ("@hearth hello", True), ("/help", True)],
)
async def test_bot_is_left_alone_where_it_does_not_talk(
    house: House, guest: Guest, text: str, is_to_bot: bool
) -> None:
    await guest.say(text, room="announcements")
    assert house.inbox.messages[0].is_to_bot is is_to_bot


async def test_reply_to_the_bot_is_for_the_bot(house: House, guest: Guest) -> None:
    channel = house.adapter.channel("announcements")
    (message_id,) = await house.adapter.send(channel, Reply("News!"))
    await guest.say("tell me more", room="announcements", reply_to=message_id)
    assert house.inbox.messages[0].is_to_bot
    assert house.inbox.messages[0].reply_to_id == message_id


async def test_secret_is_kept_nowhere(house: House, guest: Guest) -> None:
    key = "hf_aB3dE6gH9aB3dE6gH9aB3dE6gH9aB3dE6gH9"
    await guest.say(f"My key is {key}, what is it for?")
    shown = await guest.read("general")
    assert key not in shown.text
    assert "[secret removed]" in shown.text
    assert key not in house.inbox.messages[0].text


@pytest.mark.parametrize("text", ["", "  \n\t "])
async def test_empty_message_is_refused(house: House, guest: Guest, text: str) -> None:
    assert await error(await guest.say(text), 422) == "Your message was empty."
    assert house.inbox.messages == []


async def test_room_that_is_not_there_is_refused(guest: Guest) -> None:
    assert "nowhere" in await error(await guest.say("hi", room="nowhere"), 404)
    assert "nowhere" in await error(await guest.read("nowhere"), 404)


async def test_who_has_no_name_reads_but_does_not_write(
    house: House, guest: Guest, open_guest: OpenGuest
) -> None:
    await guest.say("hello")
    async with open_guest(house, name=None) as stranger:
        assert "hello" in await texts(stranger)
        assert "name first" in await error(await stranger.say("hi"), 422)


async def test_megabyte_of_text_is_refused_kindly(house: House, guest: Guest) -> None:
    said = await error(await guest.say("x" * 2**20), 422)
    assert str(2**20) in said
    assert str(LIMITS.text_units) in said
    assert house.inbox.messages == []


async def test_text_of_any_signs_comes_back_as_it_was(guest: Guest) -> None:
    text = "مرحبا\u202e‮ e\u0301 👩‍👩‍👧‍👦 \u0007 <b>&amp;"
    await guest.say(f"/x {text}")
    assert await texts(guest) == [f"/x {text}"]


async def test_files_beyond_the_limits_are_refused(
    open_house: OpenHouse, open_guest: OpenGuest
) -> None:
    async with open_house(limits=SMALL) as house, open_guest(house) as guest:
        large = ("large.bin", b"0" * 1001, "application/zip")
        assert "large.bin" in await error(await guest.say("x", files=[large]), 422)
        many = [(f"{n}", b"0", "text/plain") for n in range(3)]
        assert (await guest.say("x", files=many)).status_code in {400, 422}
        huge = [("huge", b"0" * (2 * 2**20 + 3000), "text/plain")]
        assert "too much" in await error(await guest.say("x", files=huge), 422)
        assert await texts(guest) == []


async def test_picture_is_shown_and_page_is_only_downloaded(guest: Guest) -> None:
    files = [
        ("a.png", PNG, "image/png"),
        ("ü.html", b"<script>alert(1)</script>", "text/html"),
    ]
    await guest.say("/look", files=files)
    [message] = (await guest.read()).json()["messages"]
    picture, page = message["files"]
    assert (picture["picture"], page["picture"]) == (True, False)
    answer = await guest.client.get(picture["url"])
    assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
    answer = await guest.client.get(page["url"])
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_private_message_and_file_are_for_one_person(
    house: House, guest: Guest, open_guest: OpenGuest
) -> None:
    await guest.say("/note secret", files=[("a.txt", b"secret", "text/plain")])
    [message] = (await guest.read()).json()["messages"]
    assert message["private"]
    me = house.inbox.messages[0].author.id
    channel = house.adapter.channel("general")
    await house.adapter.send(channel, Reply("Only for you.", only_for=me))
    async with open_guest(house) as other:
        assert await texts(other) == []
        file = await other.client.get(message["files"][0]["url"])
        assert file.status_code == 404
        press = await other.post("/api/press", {"message": message["id"], "button": 0})
        assert press.status_code == 404
        await other.say("quote it", reply_to=message["id"], room="announcements")
        assert house.inbox.messages[-1].reply_to_id is None
    assert "Only for you." in await texts(guest)


async def test_press_runs_what_the_button_says(house: House, guest: Guest) -> None:
    buttons = (Button("Yes", "/vote yes"), Button("No", "/vote no"))
    channel = house.adapter.channel("general")
    (message_id,) = await house.adapter.send(channel, Reply("Tea?", buttons=buttons))
    answer = await guest.post("/api/press", {"message": message_id, "button": 1})
    assert answer.status_code == 200
    [press] = house.inbox.presses
    assert (press.command, press.message_id) == ("/vote no", message_id)
    assert press.author.name == "Ann"


@pytest.mark.parametrize("button", [2, -1, "x", None, "9" * 30])
async def test_press_of_a_button_that_is_not_there_is_refused(
    house: House, guest: Guest, button: object
) -> None:
    channel = house.adapter.channel("general")
    reply = Reply("Tea?", buttons=(Button("Yes", "/vote yes"),))
    (message_id,) = await house.adapter.send(channel, reply)
    answer = await guest.post("/api/press", {"message": message_id, "button": button})
    assert answer.status_code in {404, 422}
    assert house.inbox.presses == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 9000, b" " * 20_000])
async def test_odd_requests_get_a_kind_answer(guest: Guest, body: bytes) -> None:
    headers = {"X-Hearthbot-Form": guest.token}
    answer = await guest.client.post("/api/name", content=body, headers=headers)
    assert "odd" in await error(answer, 422)


async def test_message_that_is_no_form_is_refused(house: House, guest: Guest) -> None:
    headers = {"X-Hearthbot-Form": guest.token}
    for content in (b"{}", b""):
        answer = await guest.client.post(
            "/api/messages", content=content, headers=headers
        )
        assert answer.status_code == 422
    answer = await guest.client.post(
        "/api/messages",
        content=b"nonsense",
        headers={**headers, "Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code in {400, 422}
    assert house.inbox.messages == []


async def test_earlier_messages_come_page_by_page(house: House, guest: Guest) -> None:
    channel = house.adapter.channel("announcements")
    for number in range(60):
        await house.adapter.send(channel, Reply(f"post {number}"))
    page = (await guest.read("announcements")).json()
    assert page["has_earlier"]
    assert [page["messages"][n]["text"] for n in (0, -1)] == ["post 10", "post 59"]
    first = page["messages"][0]["number"]
    earlier = (await guest.read("announcements", f"&before={first}")).json()
    assert [one["text"] for one in earlier["messages"]] == [
        f"post {n}" for n in range(10)
    ]
    assert not earlier["has_earlier"]
    assert (await guest.read("announcements", "&before=x")).status_code == 422


async def test_many_people_write_at_once_and_nothing_is_lost(
    house: House, guest: Guest, open_guest: OpenGuest
) -> None:
    async with open_guest(house) as other:
        await asyncio.gather(
            *(one.say(f"/n {n}") for n in range(20) for one in (guest, other))
        )
    assert len(house.inbox.messages) == 40
    assert sorted(await texts(guest)) == sorted(f"/n {n}" for n in range(20))
