"""Whom the bot does not deal with, who may decide that, and how it ends."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bans import Bans
from bot.clock import FakeClock
from bot.errors import UserError
from bot.messages import Author, Channel, Role
from bot.store.bans import EVERYWHERE, Ban, BanKind, BanRepository
from bot.store.store import Store
from tests.stores import new_store

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
HERE = Channel("fake", "den", "guild")
ELSEWHERE = Channel("fake", "far", "other")
BEN = Author("ben", "Ben")
MODERATOR = Author("mo", "Mo", Role.MODERATOR)
OWNER = Author("olga", "Olga", Role.OWNER)
HOUR_S = 3600.0
NEVER_ASKED = cast("BanRepository", None)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
async def store(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Store]:
    async with new_store(tmp_path / "s.sqlite3", clock=clock) as opened:
        yield opened


@pytest.fixture
def begin(store: Store, clock: FakeClock) -> Callable[[], Bans]:
    """Return what knows the bans after a start."""
    return lambda: Bans(BanRepository(store), clock, owners=("fake:olga",))


def ban(
    person: str = "ben",
    *,
    kind: BanKind = BanKind.BAN,
    place: str = "community:fake:guild",
    until_utc: datetime | None = None,
    by: Author = MODERATOR,
) -> Ban:
    return Ban(
        place=place,
        platform="fake",
        person_id=person,
        kind=kind,
        person_name=person.title(),
        by_id=by.id,
        by_name=by.name,
        created_utc=NOW,
        until_utc=until_utc,
        by_owner=by.role is Role.OWNER,
    )


@given(by=st.sampled_from(Role), target=st.sampled_from(Role), is_self=st.booleans())
def test_nobody_reaches_up(by: Role, target: Role, is_self: bool) -> None:
    bans = Bans(NEVER_ASKED, FakeClock(), owners=())
    person = "me" if is_self else "you"
    may = not is_self and (
        target is Role.MEMBER or (by is Role.OWNER and target is Role.MODERATOR)
    )
    try:
        bans.check(Author("me", "Me", by), HERE, person, target)
    except UserError:
        assert not may
    else:
        assert may


def test_owner_of_the_settings_is_safe_whatever_role_is_known() -> None:
    bans = Bans(NEVER_ASKED, FakeClock(), owners=("fake:olga",))
    with pytest.raises(UserError, match="owner"):
        bans.check(MODERATOR, HERE, "olga")


async def test_ban_of_one_community_is_none_in_another(
    begin: Callable[[], Bans],
) -> None:
    bans = begin()
    await bans.put(ban())
    assert await bans.of(HERE, BEN) == ban()
    assert await bans.of(ELSEWHERE, BEN) is None
    assert await begin().of(HERE, BEN) == ban()  # after a restart too


async def test_moderators_ban_does_not_reach_a_moderator_and_an_owners_does(
    begin: Callable[[], Bans],
) -> None:
    bans, ben = begin(), Author("ben", "Ben", Role.MODERATOR)
    await bans.put(ban())
    assert await bans.of(HERE, ben) is None
    await bans.put(ban(by=OWNER, place=EVERYWHERE))
    assert await bans.of(ELSEWHERE, ben) is not None
    assert await bans.of(HERE, Author("ben", "Ben", Role.OWNER)) is None


async def test_moderator_who_was_seen_is_known_as_one_in_their_community(
    begin: Callable[[], Bans],
) -> None:
    bans = begin()
    await bans.of(HERE, Author("mia", "Mia", Role.MODERATOR))
    with pytest.raises(UserError, match="moderator too"):
        bans.check(MODERATOR, HERE, "mia")
    bans.check(MODERATOR, ELSEWHERE, "mia")
    await bans.of(HERE, Author("mia", "Mia"))  # they are none any more
    bans.check(MODERATOR, HERE, "mia")


async def test_mute_ends_by_itself(begin: Callable[[], Bans], clock: FakeClock) -> None:
    bans = begin()
    await bans.put(ban(kind=BanKind.MUTE, until_utc=NOW.replace(hour=13)))
    assert await bans.of(HERE, BEN) is not None
    await clock.advance(HOUR_S)
    assert await bans.of(HERE, BEN) is None


async def test_what_an_owner_set_only_an_owner_lifts(
    begin: Callable[[], Bans],
) -> None:
    bans, place = begin(), "community:fake:guild"
    await bans.put(ban(by=OWNER))
    with pytest.raises(UserError, match="owner"):
        await bans.lift(MODERATOR, place, "fake", "ben", BanKind.BAN)
    assert await bans.lift(OWNER, place, "fake", "ben", BanKind.BAN)
    assert await begin().of(HERE, BEN) is None
    assert not await bans.lift(OWNER, place, "fake", "ben", BanKind.BAN)


async def test_person_is_told_once_a_day_also_over_a_restart(
    begin: Callable[[], Bans], clock: FakeClock
) -> None:
    bans = begin()
    await bans.put(ban())
    assert await bans.is_to_tell(await found(bans))
    assert not await bans.is_to_tell(await found(bans))
    assert not await bans.is_to_tell(await found(begin()))
    await clock.advance(24 * HOUR_S)
    assert await bans.is_to_tell(await found(bans))


async def test_banned_everywhere_counts_for_linked_accounts(
    store: Store, clock: FakeClock
) -> None:
    async def linked(platform: str, person_id: str) -> tuple[tuple[str, str], ...]:
        return (("fake", "ben"), ("other", "7"))

    bans = Bans(BanRepository(store), clock, owners=(), linked=linked)
    await bans.put(ban(place=EVERYWHERE, by=OWNER))
    there = Channel("other", "room", "group")
    assert await bans.of(there, Author("7", "Ben")) is not None


async def test_votes_of_a_banned_person_are_ignored_until_it_ends(
    begin: Callable[[], Bans], clock: FakeClock
) -> None:
    bans = begin()
    await bans.put(ban(until_utc=NOW.replace(hour=13)))
    await bans.put(ban("olga"))
    again = begin()
    await again.load()
    assert again.ignores(HERE, "ben")
    assert not again.ignores(ELSEWHERE, "ben")
    assert not again.ignores(HERE, "olga")
    await clock.advance(HOUR_S)
    assert not again.ignores(HERE, "ben")


async def found(bans: Bans) -> Ban:
    one = await bans.of(HERE, BEN)
    assert one is not None
    return one
