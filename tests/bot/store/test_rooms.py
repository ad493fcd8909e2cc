from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.messages import Attachment, Button
from bot.store.room_files import RoomFile
from bot.store.rooms import RoomMessage, RoomRepository
from bot.store.store import Store

MESSAGE = RoomMessage(
    id="m1",
    room="general",
    author_id="p1",
    author_name="Ann",
    text="héllo 🔥",
    created_utc=datetime(2026, 1, 1, tzinfo=UTC),
    reply_to_id="m0",
    buttons=(Button("Stop", "/stop 1"), Button("Edit", "/edit 1", "Text?", "Old")),
)
PICTURE = Attachment("a.png", "image/png", b"\x89PNG")
FILE = RoomFile("f1", "a.png", "image/png", 4, "A fox.")


@pytest.fixture
def rooms(store: Store) -> RoomRepository:
    return RoomRepository(store)


async def test_unknown_message_and_file_are_none(rooms: RoomRepository) -> None:
    assert await rooms.get("nothing") is None
    assert await rooms.file("nothing") is None
    assert await rooms.newest("p1") == {}


async def test_message_comes_back_whole(rooms: RoomRepository) -> None:
    message = replace(MESSAGE, files=(FILE,), is_bot=True, audience_id="p1")
    stored = await rooms.add(message, (PICTURE,))
    assert stored == replace(message, number=1)
    assert await rooms.get("m1") == stored
    assert await rooms.file("f1") == (PICTURE, stored)


async def test_half_a_surrogate_pair_is_stored_readable(rooms: RoomRepository) -> None:
    await rooms.add(replace(MESSAGE, text="a\ud83db"))
    stored = await rooms.get("m1")
    assert stored is not None
    assert stored.text == "a\ufffdb"


async def test_nonce_that_was_used_adds_nothing(rooms: RoomRepository) -> None:
    first = await rooms.add(MESSAGE, nonce="n")
    again = await rooms.add(replace(MESSAGE, id="m2", text="twice"), nonce="n")
    assert again == first
    assert await rooms.get("m2") is None


async def test_change_replaces_text_and_buttons_and_adds_files(
    rooms: RoomRepository,
) -> None:
    await rooms.add(MESSAGE)
    await rooms.change("m1", "better", (), files=(FILE,), contents=(PICTURE,))
    stored = await rooms.get("m1")
    assert stored == replace(
        MESSAGE, number=1, text="better", buttons=(), files=(FILE,), is_edited=True
    )


async def test_removed_message_takes_its_files_along(rooms: RoomRepository) -> None:
    await rooms.add(replace(MESSAGE, files=(FILE,)), (PICTURE,))
    await rooms.remove("m1")
    assert await rooms.get("m1") is None
    assert await rooms.file("f1") is None


async def test_page_shows_a_room_oldest_first_in_steps(rooms: RoomRepository) -> None:
    for number in range(5):
        await rooms.add(replace(MESSAGE, id=f"m{number}"))
    await rooms.add(replace(MESSAGE, id="other", room="announcements"))
    latest = await rooms.page("general", "p1", limit=2)
    assert [message.id for message in latest] == ["m3", "m4"]
    earlier = await rooms.page("general", "p1", before=latest[0].number, limit=2)
    assert [message.id for message in earlier] == ["m1", "m2"]
    assert await rooms.newest("p1") == {"general": 5, "announcements": 6}


async def test_private_message_is_only_for_its_person(rooms: RoomRepository) -> None:
    await rooms.add(replace(MESSAGE, audience_id="p1"))
    assert await rooms.page("general", "p2") == ()
    assert await rooms.newest("p2") == {}
    assert len(await rooms.page("general", "p1")) == 1
    assert not replace(MESSAGE, audience_id="p1").is_for("p2")
    assert MESSAGE.is_for("p2")


async def test_answers_that_a_crash_left_open_are_closed(rooms: RoomRepository) -> None:
    stop, other = Button("停止", "/stop 1"), Button("More", "/more")
    cut_off = replace(MESSAGE, id="a", is_bot=True, text="Half a", buttons=(stop,))
    whole = replace(MESSAGE, id="b", is_bot=True, text="Whole.", buttons=(other,))
    a_person = replace(MESSAGE, id="c", text="/stop 1", buttons=(stop,))
    for message in (cut_off, whole, a_person):
        await rooms.add(message)
    assert await rooms.end_interrupted("/stop", "(interrupted)") == 1
    ended = await rooms.get("a")
    assert ended is not None
    assert (ended.text, ended.buttons) == ("Half a\n\n(interrupted)", ())
    kept = [await rooms.get(name) for name in ("b", "c")]
    assert [message and message.buttons for message in kept] == [(other,), (stop,)]
    assert await rooms.end_interrupted("/stop", "(interrupted)") == 0
