"""What was drawn: found where it was drawn, taken once, forgotten in time."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.clock import FakeClock
from bot.messages import Author, Channel, scope_of
from bot.store.avatars import AvatarRepository, StoredAvatar
from bot.store.drawn import MAX_SHEETS, DrawnRepository, Purpose, StoredDrawing
from bot.store.drawn_messages import DrawnMessages
from bot.store.people import PersonRepository
from bot.store.retention import Retention
from bot.store.store import Store

ADA, BO = Author("ada-17", "Ada"), Author("bo-18", "Bo")
GENERAL = Channel("fake", "general", "town")
HERE = scope_of(GENERAL, ADA)
PICTURES = (
    StoredDrawing(1, b"\x89PNG one", 5),
    StoredDrawing(2, b"\x89PNG two", 6),
)


async def sheet(drawn: DrawnRepository, purpose: Purpose = Purpose.STICKER) -> str:
    return await drawn.keep(
        HERE, ADA, purpose=purpose, prompt="a fox", model="m", pictures=PICTURES
    )


async def test_sheet_is_found_only_where_it_was_drawn(store: Store) -> None:
    drawn = DrawnRepository(store)
    sheet_id = await sheet(drawn)

    assert await drawn.get("none", HERE) is None
    for other in (
        replace(GENERAL, id="off-topic"),
        replace(GENERAL, community_id="city"),
        replace(GENERAL, is_private=True),
    ):
        assert await drawn.get(sheet_id, scope_of(other, ADA)) is None
    found = await drawn.get(sheet_id, HERE)
    assert found is not None
    assert (found.prompt, found.purpose, found.taken) == ("a fox", "sticker", None)
    assert found.pictures == PICTURES
    assert found.picture(3) is None


async def test_a_vote_counts_once_and_may_be_changed(store: Store) -> None:
    drawn = DrawnRepository(store)
    sheet_id = await sheet(drawn)

    await drawn.vote("none", "fake", ADA.id, 1)
    for person, number in ((ADA, 1), (ADA, 1), (BO, 1), (BO, 2)):
        await drawn.vote(sheet_id, "fake", person.id, number)

    assert await drawn.votes(sheet_id) == {1: 1, 2: 1}
    assert await drawn.choice(sheet_id, "fake", BO.id) == 2
    assert await drawn.choice(sheet_id, "other", BO.id) is None


async def test_of_two_who_take_at_once_one_does(store: Store) -> None:
    drawn = DrawnRepository(store)
    sheet_id = await sheet(drawn)

    took = await asyncio.gather(*(drawn.take(sheet_id, n) for n in (1, 2, 1)))

    assert sorted(took) == [False, False, True]
    await drawn.give_back(sheet_id)
    assert await drawn.take(sheet_id, 2)
    found = await drawn.get(sheet_id, HERE)
    assert found is not None
    assert found.taken == 2


async def test_nobody_can_be_read_and_everybody_can_be_forgotten(
    store: Store, path: Path
) -> None:
    drawn = DrawnRepository(store)
    first, second = await sheet(drawn), await sheet(drawn)
    await drawn.vote(first, "fake", BO.id, 1)
    await drawn.vote(first, "fake", ADA.id, 2)
    with closing(sqlite3.connect(path)) as db:
        dump = "\n".join(line for line in db.iterdump() if 'INTO "drawn_' in line)
    assert "a fox" in dump
    assert ADA.id not in dump
    assert "general" not in dump

    people = PersonRepository(store)
    await people.forget("fake", BO.id)
    assert await drawn.votes(first) == {2: 1}
    await people.forget("fake", ADA.id)
    assert await drawn.get(first, HERE) is None
    assert await drawn.get(second, HERE) is None


async def test_sheets_go_with_the_texts_and_where_there_are_too_many(
    store: Store, clock: FakeClock
) -> None:
    drawn = DrawnRepository(store)
    sheet_ids = [await sheet(drawn) for _ in range(MAX_SHEETS + 2)]
    found = [await drawn.get(one, HERE) for one in (*sheet_ids[:3], sheet_ids[-1])]
    assert [one is not None for one in found] == [False, False, True, True]

    retention = Retention(store, keep_texts_days=7, keep_records_days=90, clock=clock)
    assert await retention.forget() == 0
    await clock.advance(timedelta(days=8).total_seconds())
    assert await retention.forget() == MAX_SHEETS
    assert await drawn.get(sheet_ids[-1], HERE) is None


async def test_avatar_is_kept_in_place_of_the_one_before(store: Store) -> None:
    avatars = AvatarRepository(store)
    assert await avatars.get("village", "hearth") is None
    for prompt in ("a fire", "a lamp"):
        avatar = StoredAvatar("village", "hearth", prompt, b"\x89PNG", "m", 5)
        await avatars.put(avatar)
    assert await avatars.get("village", "hearth") == avatar
    assert await avatars.get("town", "hearth") is None


async def test_avatars_of_others_than_those_named_are_erased(store: Store) -> None:
    avatars = AvatarRepository(store)
    for community in ("town", "village"):
        for persona in ("bard", "hearth"):
            await avatars.put(StoredAvatar(community, persona, "", b"", "m", 5))
    await avatars.keep_only("village", ("hearth",))
    assert await avatars.get("village", "bard") is None
    assert await avatars.get("village", "hearth") is not None
    assert await avatars.get("town", "bard") is not None
    await avatars.keep_only("town", ())
    assert await avatars.communities() == ("village",)


async def test_message_is_known_only_where_it_stands_and_to_whom_it_was_drawn_for(
    store: Store,
) -> None:
    drawn, messages = DrawnRepository(store), DrawnMessages(store)
    sheet_id = await sheet(drawn)
    await messages.note(("m1", "m2"), sheet_id)
    await messages.note(("m3",), sheet_id, number=2, side_px=128)
    await messages.note(("m4",), "no-such-sheet")

    elsewhere = scope_of(replace(GENERAL, id="off-topic"), ADA)
    assert await messages.of_message(elsewhere, "m1", asked_by=None) is None
    assert await messages.of_message(HERE, "m1", asked_by=BO) is None
    assert await messages.of_message(HERE, "m4", asked_by=None) is None
    assert await messages.of_judgement(HERE, 7, asked_by=None) is None
    for asked_by in (None, ADA):
        whole = await messages.of_message(HERE, "m2", asked_by=asked_by)
        assert whole is not None
        assert (whole.sheet.id, whole.number, whole.side_px) == (sheet_id, None, None)
    part = await messages.of_message(HERE, "m3", asked_by=ADA)
    assert part is not None
    assert (part.number, part.side_px) == (2, 128)
