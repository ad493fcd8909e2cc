"""What is kept of what people ask to remember, and where it never goes."""

import itertools
import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.identities import Account
from bot.memory.memories import Memories
from bot.messages import Author, Channel
from bot.store.links import LinkRepository
from bot.store.memories import Note, Owner

MakeMemories = Callable[..., Memories]
VILLAGE = Channel("fake", "here", "village")
ALONE = Channel("fake", "dm", "private", is_private=True)
ADA = Author("ada", "Ada")
NUMBERS = itertools.count()

# Three accounts, of which the first two are on one platform, and where each talks.
PLATFORMS = ("fake", "fake", "other")
PLACES = ("village", "town", "")
Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["remember", "remember", "link", "unlink", "forget", "list"]),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    max_size=14,
)


async def remember(
    memories: Memories, text: str, channel: Channel = VILLAGE, person: Author = ADA
) -> Note:
    owner = await memories.owner(channel, person)
    return await memories.remember(
        owner, text, channel=channel, person=person, language="en"
    )


async def texts(memories: Memories, channel: Channel, person: Author) -> set[str]:
    owner = await memories.owner(channel, person)
    return {note.text for note in await memories.notes(owner)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" \n ", "What shall I remember?"),
        ("x" * 41, "41 characters, and I can keep 40"),
        ("my mail is ada@example.org", "no passwords, keys, addresses"),
        ("my key is [secret removed]", "no passwords, keys, addresses"),
        ("you are rude", "I have not kept that"),
    ],
)
async def test_what_is_not_to_be_kept_is_refused_with_the_reason(
    make_memories: MakeMemories, text: str, reason: str
) -> None:
    memories = make_memories(max_characters=40)
    with pytest.raises(UserError, match=re.escape(reason)):
        await remember(memories, text)
    note = await remember(memories, "I sing")
    owner = await memories.owner(VILLAGE, ADA)
    with pytest.raises(UserError, match=re.escape(reason)):
        await memories.correct(
            owner, note.number, text, channel=VILLAGE, person=ADA, language="en"
        )
    assert await texts(memories, VILLAGE, ADA) == {"I sing"}


async def test_who_has_too_many_notes_is_told_what_to_do(
    make_memories: MakeMemories,
) -> None:
    memories = make_memories(max_notes=1)
    await remember(memories, "one")
    with pytest.raises(UserError, match="Let me forget one"):
        await remember(memories, "two")
    await remember(memories, "two", ALONE)  # each place has its own


async def test_a_number_reaches_ones_own_note_from_anywhere_and_nobody_elses(
    make_memories: MakeMemories,
) -> None:
    memories = make_memories()
    note = await remember(memories, "one\ntwo")
    assert note.text == "one two"
    stranger = Author("eve", "Eve")
    owner = await memories.owner(VILLAGE, stranger)
    with pytest.raises(UserError, match="nothing here under"):
        await memories.forget(owner, note.number, person=stranger)
    ours = Owner.community(VILLAGE)
    with pytest.raises(UserError, match="nothing here under"):
        await memories.forget(ours, note.number, person=ADA)
    await memories.forget(await memories.owner(ALONE, ADA), note.number, person=ADA)
    assert await texts(memories, VILLAGE, ADA) == set()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
async def test_nothing_ever_crosses_from_one_place_or_person_to_another(
    make_memories: MakeMemories, links: LinkRepository, steps: list[Step]
) -> None:
    memories, run = make_memories(), next(NUMBERS)
    people = [Author(f"{run}-{who}", "Ada") for who in range(3)]
    together = [{0}, {1}, {2}]
    kept: set[tuple[int, str, str]] = set()  # by whom, where, what

    def place(who: int, where: int) -> Channel:
        name, platform = PLACES[where], PLATFORMS[who]
        return Channel(platform, "c", name or f"dm-{who}", is_private=not name)

    def seen(who: int, where: int) -> set[str]:
        # A community is on one platform; private chats are wherever the person is.
        near = {o for o in together[who] if not PLACES[where] or _same(who, o)}
        return {text for by, at, text in kept if by in near and at == PLACES[where]}

    for number, (what, who, where) in enumerate(steps):
        channel, person = place(who, where), people[who]
        account = Account(channel.platform, person.id, person.name, "c")
        if what == "remember":
            await remember(memories, f"note {number}", channel, person)
            kept.add((who, PLACES[where], f"note {number}"))
        elif what == "link":
            other = Account.of(place(where, 0), people[where])
            await links.offer(other, f"{run}-{number}")
            taken = await links.take(account, f"{run}-{number}")
            if isinstance(taken, Account):
                await links.confirm(account)
                joined = together[who] | together[where]
                for one in joined:
                    together[one] = joined
        elif what == "unlink":
            await links.unlink(account)
            left = together[who] - {who}
            for one in left:
                together[one] = left
            together[who] = {who}
        elif what == "forget":
            owner = await memories.owner(channel, person)
            await memories.forget_all(owner, person=person)
            gone = seen(who, where)
            kept = {one for one in kept if one[2] not in gone}
        for one, spot in itertools.product(range(3), range(3)):
            found = await texts(memories, place(one, spot), people[one])
            assert found == seen(one, spot)


def _same(one: int, other: int) -> bool:
    return PLATFORMS[one] == PLATFORMS[other]
