"""What the bot looks like in the rooms: for those who may see them, and kept."""

from __future__ import annotations

import asyncio
import io
import json
from typing import TYPE_CHECKING, Any

from PIL import Image

from adapters.web.audience import Viewer
from adapters.web.convert import room_channel
from bot.store.avatars import AvatarRepository, StoredAvatar
from tests.adapters.web.desk_rig import OURS

if TYPE_CHECKING:
    from tests.adapters.web.conftest import Guest, House, OpenGuest

ROOM = "general"


def png(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, "PNG")
    return file.getvalue()


async def put(house: House, persona: str, colour: str) -> None:
    """Keep a picture of a persona, as if it had been drawn."""
    kept = AvatarRepository(house.content.store)
    await kept.put(StoredAvatar(OURS, persona, "a face", png(colour), "painter", 5))


async def face(guest: Guest, room: str = ROOM) -> dict[str, str] | None:
    found: dict[str, str] | None = (await guest.read(room)).json()["face"]
    return found


async def test_bot_has_no_face_until_there_is_a_picture(
    house: House, guest: Guest
) -> None:
    assert await face(guest) is None
    await put(house, "owl", "brown")  # it is not the owl here
    assert await face(guest) is None
    assert (await guest.client.get(f"/faces/{ROOM}/0")).status_code == 404


async def test_face_is_served_to_be_kept_under_an_address_of_its_own(
    house: House, guest: Guest
) -> None:
    await put(house, "hearth", "red")
    found = await face(guest)
    assert found is not None
    assert found["persona"] == "hearth"
    answer = await guest.client.get(found["url"])
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert Image.open(io.BytesIO(answer.content)).getpixel((0, 0)) == (255, 0, 0)

    await put(house, "hearth", "blue")
    assert await face(guest) != found
    assert (await guest.client.get(found["url"])).status_code == 404


async def test_face_of_a_moderators_room_is_theirs_and_not_kept_by_browsers(
    house: House, guest: Guest, open_moderator: OpenGuest
) -> None:
    await put(house, "hearth", "red")
    async with open_moderator(house) as mo:
        found = await face(mo, "moderators")
        assert found is not None
        answer = await mo.client.get(found["url"])
        assert (answer.status_code, answer.headers["cache-control"]) == (
            200,
            "no-store",
        )
    assert (await guest.client.get(found["url"])).status_code == 404


async def test_open_pages_see_another_face_at_once(house: House, guest: Guest) -> None:
    told: list[dict[str, Any]] = []
    for person, room in (("ann", ROOM), ("bo", "announcements")):

        def show(line: str, person: str = person) -> None:
            told.append({"to": person, **json.loads(line)})

        house.adapter.board.audience.join(Viewer(person, person, show, room=room))
    await put(house, "hearth", "red")
    await put(house, "owl", "brown")
    here, avatars = room_channel(ROOM), house.parts.avatars
    seen = []
    for persona in ("owl", "hearth"):
        await house.parts.preferences.set_persona(here, persona)
        avatars.chosen()
        async with asyncio.timeout(10):
            await house.tasks.idle()
        faces = [one for one in told if one["type"] == "face"]
        told.clear()
        seen += [(one["to"], one["face"]["persona"]) for one in faces]
    assert seen == [
        ("ann", "owl"),
        ("bo", "hearth"),
        ("ann", "hearth"),
        ("bo", "hearth"),
    ]
