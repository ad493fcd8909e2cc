"""What moderators kept of people goes after its time."""

from datetime import timedelta

from bot.clock import FakeClock
from bot.generation.requests import Owner
from bot.store.bans import Ban, BanKind, BanRepository
from bot.store.notes import Note, NoteRepository
from bot.store.retention import Retention
from bot.store.store import Store
from bot.store.usage import Usage, UsageRepository

DAY_S = 86_400.0
GUILD = "community:fake:guild"


async def test_each_goes_in_its_time_and_an_endless_ban_stays(
    store: Store, clock: FakeClock
) -> None:
    retention = Retention(store, keep_texts_days=7, keep_records_days=90, clock=clock)
    now_utc, bans = clock.now_utc(), BanRepository(store)
    for person, until_utc in (("ben", now_utc + timedelta(days=1)), ("eve", None)):
        ban = Ban(
            GUILD, "fake", person, BanKind.BAN, "x", "mo", "Mo", now_utc, until_utc
        )
        await bans.put(ban)
    notes, usage = NoteRepository(store), UsageRepository(store)
    note = Note("new", "mo", "Mo", now_utc)
    await notes.add(GUILD, "fake", "ben", note)
    owner, today = Owner("fake:guild", "fake:ben"), f"{now_utc:%Y-%m-%d}"
    await usage.add(today, owner, Usage(1, 2.0))
    await usage.add(today, owner, Usage(1, 0.5))
    await clock.advance(31 * DAY_S)
    assert await retention.forget() == 0
    standing = await usage.standing(today, "fake:guild", ["fake:ben"])
    assert standing.here == standing.community == Usage(2, 2.5)
    await clock.advance(DAY_S)
    assert await retention.forget() == 1
    await clock.advance(60 * DAY_S)
    assert await retention.forget() == 1
    assert [ban.person_id for ban in await bans.all()] == ["eve"]
    assert await notes.of(GUILD, "fake", "ben", limit=9) == (note,)
    await clock.advance(274 * DAY_S)
    assert await retention.forget() == 1
