"""What rests, where, and until when."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import FakeClock
from bot.commands.command import Answer, CommandContext
from bot.commands.pause import panic_command, pause_command, resume_command
from bot.commands.registry import Registry
from bot.errors import UserError
from bot.messages import Author, Channel, Role
from bot.pause import Output, Pause, Where, dump_pauses, load_pauses, read_end
from bot.pauses import Pauses
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.words import Words
from tests.stores import new_store

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)  # one o'clock in Berlin
HERE = Channel("fake", "den", "guild")
THREAD = Channel("fake", "den", "guild", thread_id="t")
NEXT_DOOR = Channel("fake", "hall", "guild")
ELSEWHERE = Channel("fake", "far", "other")
HOUR_S = 3600.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
async def store(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Store]:
    async with new_store(tmp_path / "s.sqlite3", clock=clock) as opened:
        yield opened


@pytest.fixture
def begin(store: Store, clock: FakeClock) -> Callable[[], Pauses]:
    """Return what knows the pauses after a start."""
    return lambda: Pauses(SettingsRepository(store), clock)


def registry(pauses: Pauses, clock: FakeClock) -> Registry:
    return Registry(
        (
            pause_command(pauses, clock, BERLIN),
            resume_command(pauses),
            panic_command(pauses, lambda: 3),
        ),
        Words({}),
    )


async def run(
    commands: Registry,
    line: str,
    role: Role = Role.MODERATOR,
    channel: Channel = HERE,
) -> str:
    context = CommandContext(Author("7", "Mo", role), channel, "en")
    answer: Answer = await commands.run(line, context)
    return str(answer.text)


@pytest.mark.parametrize(
    "text",
    [
        "for 0h", "for 400 days", "for 999999h", "until 25:00", "until 2026-13-01",
        "until 2025-12-31", "until 2028-01-01 10:00",
    ],
)  # fmt: skip
def test_end_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="Say an end to come within a year"):
        read_end(text, now_utc=NOW, zone=BERLIN)


@pytest.mark.parametrize(
    ("text", "end", "reason"),
    [
        ("", None, ""),
        ("somebody floods us", None, "somebody floods us"),
        ("until further notice", None, "until further notice"),
        ("for 2h tidying up", "2026-01-01 14:00", "tidying up"),
        ("30 min", "2026-01-01 12:30", ""),
        ("2小时 打扫", "2026-01-01 14:00", "打扫"),
        ("until 18:30 we move", "2026-01-01 17:30", "we move"),
        ("until 9:00", "2026-01-02 08:00", ""),
        ("until 2026-01-05", "2026-01-04 23:00", ""),
        ("until 2026-01-05 12:00 ok", "2026-01-05 11:00", "ok"),
    ],
)
def test_end_and_reason_are_read(text: str, end: str | None, reason: str) -> None:
    pause = read_end(text, now_utc=NOW, zone=BERLIN)
    found = pause.until_utc and f"{pause.until_utc:%Y-%m-%d %H:%M}"
    assert (found, pause.reason) == (end, reason)


@given(
    st.dictionaries(
        st.sampled_from(Output),
        st.builds(
            Pause,
            st.none() | st.datetimes(timezones=st.just(UTC)),
            st.text(),
            st.booleans(),
        ),
    )
)
def test_pauses_are_read_as_they_were_kept(pauses: dict[Output, Pause]) -> None:
    assert load_pauses(dump_pauses(pauses)) == pauses


async def test_moderator_lets_nothing_rest_beyond_their_community(
    begin: Callable[[], Pauses], clock: FakeClock
) -> None:
    pauses = begin()
    commands = registry(pauses, clock)
    with pytest.raises(UserError, match="Only the owner may do that everywhere"):
        await run(commands, "/pause chat everywhere")
    with pytest.raises(UserError, match="Only moderators"):
        await run(commands, "/pause", Role.MEMBER)
    await run(commands, "/pause posts everywhere", Role.OWNER)
    assert "owner can end that" in await run(commands, "/resume")
    assert await pauses.holds(Output.POSTS, [ELSEWHERE])
    assert "1 pause ended" in await run(commands, "/resume", Role.OWNER)
    assert not await pauses.holds(Output.POSTS, [ELSEWHERE])
    assert await run(commands, "/resume", Role.OWNER) == "Nothing rests here."


@pytest.mark.parametrize(
    ("where", "reached"),
    [
        (Where.HERE, {HERE, THREAD}),
        (Where.COMMUNITY, {HERE, THREAD, NEXT_DOOR}),
        (Where.EVERYWHERE, {HERE, THREAD, NEXT_DOOR, ELSEWHERE}),
    ],
)
async def test_pause_reaches_as_far_as_it_was_meant(
    begin: Callable[[], Pauses], where: Where, reached: set[Channel]
) -> None:
    pauses = begin()
    await pauses.put(HERE, where, Output.CHAT, Pause())
    places = (HERE, THREAD, NEXT_DOOR, ELSEWHERE)
    found = {place for place in places if await pauses.of(place, Output.CHAT)}
    assert found == reached
    assert not await pauses.holds(Output.PICTURES, places)


async def test_pause_ends_by_itself_also_after_a_restart(
    begin: Callable[[], Pauses], clock: FakeClock
) -> None:
    said = await run(
        registry(begin(), clock), "/pause everything community for 2h we move"
    )
    assert said == "I rest until 2026-01-01 15:00 (Europe/Berlin)."
    await clock.advance(2 * HOUR_S - 1)
    pauses = begin()
    pause = await pauses.of(NEXT_DOOR, Output.PICTURES)
    assert pause is not None
    assert str(pause.said(BERLIN)) == (
        "I am taking a break here until 2026-01-01 15:00 (Europe/Berlin)."
        " The moderators say: we move"
    )
    await clock.advance(1)
    assert await pauses.of(NEXT_DOOR, Output.PICTURES) is None
    assert await run(registry(pauses, clock), "/resume") == "Nothing rests here."


async def test_channel_is_told_once_an_hour(
    begin: Callable[[], Pauses], clock: FakeClock
) -> None:
    pauses = begin()
    assert pauses.is_to_tell(HERE)
    assert not pauses.is_to_tell(HERE)
    assert pauses.is_to_tell(NEXT_DOOR)
    await clock.advance(HOUR_S)
    assert pauses.is_to_tell(HERE)


async def test_only_an_owner_ends_a_panic(
    begin: Callable[[], Pauses], clock: FakeClock
) -> None:
    said = await run(registry(begin(), clock), "/panic")
    assert said.startswith("Everything is stopped, 3 answers with it.")
    pauses = begin()  # a restart does not end it
    commands = registry(pauses, clock)
    for line in ("/resume", "/resume everything community"):
        with pytest.raises(UserError, match="Only the owner ends that"):
            await run(commands, line)
    with pytest.raises(UserError, match="The owner ends that"):
        await run(commands, "/pause chat here for 1m")
    await clock.advance(timedelta(days=400).total_seconds())
    assert await pauses.holds(Output.POSTS, [ELSEWHERE])
    assert pauses.is_panic
    assert "I am back" in await run(commands, "/resume", Role.OWNER, ELSEWHERE)
    assert not pauses.is_panic
    assert not await begin().holds(Output.POSTS, [HERE])
