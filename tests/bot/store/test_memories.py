"""Notes: by owner and place, and never across."""

import pytest

from bot.clock import FakeClock
from bot.messages import Author, Channel, Role, scope_of
from bot.store.audit import AuditRepository
from bot.store.memories import MemoryRepository, Owner, place_of
from bot.store.store import Store

VILLAGE = Channel("fake", "here", "village")
TOWN = Channel("fake", "there", "town")
ALONE = Channel("fake", "dm", "private:ada", is_private=True)
ADA, BEN = Author("ada", "Ada"), Author("ben", "Ben")
MODERATOR = Author("mo", "Mo", Role.MODERATOR)


def own(channel: Channel, person: Author = ADA) -> Owner:
    return Owner(place_of(channel), ((channel.platform, person.id),))


@pytest.fixture
def memories(store: Store) -> MemoryRepository:
    return MemoryRepository(store)


async def texts(memories: MemoryRepository, owner: Owner) -> list[str]:
    return [note.text for note in await memories.of(owner)]


async def test_nobody_reaches_what_is_somebody_elses_or_elsewhere(
    memories: MemoryRepository,
) -> None:
    note = await memories.add(own(VILLAGE), "I sing", max_notes=9)
    assert note is not None
    for other in (own(TOWN), own(ALONE), own(VILLAGE, BEN), Owner.community(VILLAGE)):
        assert await memories.of(other) == ()
        assert await memories.edit(other, note.number, "changed") is None
        assert not await memories.drop(other, note.number)
        assert await memories.drop_all(other) == 0
    assert await texts(memories, own(VILLAGE)) == ["I sing"]


async def test_when_there_are_too_many_the_next_is_not_kept(
    memories: MemoryRepository,
) -> None:
    assert await memories.add(own(VILLAGE), "one", max_notes=1) is not None
    assert await memories.add(own(VILLAGE), "two", max_notes=1) is None
    again = await memories.add(own(VILLAGE), "ONE", max_notes=1)  # it is there
    assert again is not None
    assert await texts(memories, own(VILLAGE)) == ["one"]


async def test_the_newest_is_first_and_a_correction_is_new(
    memories: MemoryRepository, clock: FakeClock
) -> None:
    first = await memories.add(own(VILLAGE), "one", max_notes=9)
    assert first is not None
    await clock.advance(1)
    await memories.add(own(VILLAGE), "two", max_notes=9)
    assert await texts(memories, own(VILLAGE)) == ["two", "one"]
    await clock.advance(1)
    await memories.edit(own(VILLAGE), first.number, "uno")
    assert await texts(memories, own(VILLAGE)) == ["uno", "two"]


async def test_a_number_is_never_given_again(memories: MemoryRepository) -> None:
    first = await memories.add(own(VILLAGE), "one", max_notes=9)
    assert first is not None
    await memories.drop(own(VILLAGE), first.number)
    second = await memories.add(own(VILLAGE), "two", max_notes=9)
    assert second is not None
    assert second.number > first.number


async def test_what_an_answer_was_written_with_is_told_to_its_owner_alone(
    memories: MemoryRepository,
) -> None:
    note = await memories.add(own(VILLAGE), "one", max_notes=9)
    assert note is not None
    scope = scope_of(VILLAGE, ADA)
    await memories.used(scope, "7", [note])
    assert await memories.used_for(scope, "7", [own(VILLAGE)]) == (note,)
    assert await memories.used_for(scope, "7", [own(VILLAGE, BEN)]) == ()
    assert await memories.used_for(scope_of(TOWN, ADA), "7", [own(VILLAGE)]) == ()
    await memories.drop(own(VILLAGE), note.number)
    assert await memories.used_for(scope, "7", [own(VILLAGE)]) == ()
    await memories.used(scope, "7", [note])  # it was forgotten meanwhile
    assert await memories.used_for(scope, "7", [own(VILLAGE)]) == ()


async def test_a_communitys_notes_are_audited_without_their_words(
    memories: MemoryRepository, store: Store
) -> None:
    ours = Owner.community(VILLAGE)
    note = await memories.add(ours, "We sing", max_notes=9, actor=MODERATOR)
    assert note is not None
    await memories.edit(ours, note.number, "We dance", actor=MODERATOR)
    await memories.drop_all(ours, actor=MODERATOR)
    await memories.add(own(VILLAGE), "I sing", max_notes=9, actor=MODERATOR)
    rows = await AuditRepository(store).latest(9, community="community:fake:village")
    assert [row.entry.what for row in rows] == [
        "memory.added",
        "memory.changed",
        "memory.forgotten",
    ]
    assert {row.entry.actor for row in rows} == {"fake:mo"}
    assert "We" not in repr(rows)
