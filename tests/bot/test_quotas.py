"""How much each may ask in a day, when it is used up, and when it begins anew."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.clock import FakeClock
from bot.commands.command import Answer, Arguments, Command, CommandContext
from bot.config_quota import QuotaConfig
from bot.errors import DeadlineError, UserError
from bot.generation.requests import Finished, FinishReason, Kind, Owner
from bot.messages import Author, Channel, Role
from bot.metrics import Metrics
from bot.owner import owner_of
from bot.pause import Output
from bot.quotas import Limit, Quotas
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.usage import Usage, UsageRepository
from bot.tasks import Tasks
from bot.words import T
from tests.stores import new_store

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 1, 22, 30, tzinfo=UTC)  # half past eleven in Berlin
HERE = Channel("fake", "den", "guild")
ELSEWHERE = Channel("fake", "far", "other")
GUILD, OTHER = "community:fake:guild", "community:fake:other"
ADA, BEN = Author("ada", "Ada"), Author("ben", "Ben")
MODERATOR = Author("mo", "Mo", Role.MODERATOR)

Begin = Callable[..., Quotas]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
async def store(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Store]:
    async with new_store(tmp_path / "s.sqlite3", clock=clock) as opened:
        yield opened


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    async with Tasks() as opened:
        yield opened


@pytest.fixture
def begin(store: Store, clock: FakeClock, tasks: Tasks) -> Begin:
    """Return what knows the limits after a start; keywords are settings."""

    def begun(**settings: int) -> Quotas:
        return Quotas(
            QuotaConfig(**settings),
            SettingsRepository(store),
            UsageRepository(store),
            clock=clock,
            zone=BERLIN,
            tasks=tasks,
        )

    return begun


async def use(
    quotas: Quotas,
    tasks: Tasks,
    who: Author = ADA,
    where: Channel = HERE,
    *,
    times: int = 1,
    seconds: float = 2.0,
) -> None:
    owner = owner_of(where, who)
    for _ in range(times):
        quotas.begun(owner)
        quotas.ended(owner, seconds, counts=True)
    await tasks.idle()


async def test_used_up_is_said_with_its_end_and_ends_at_midnight(
    begin: Begin, tasks: Tasks, clock: FakeClock
) -> None:
    quotas = begin(requests=3)
    await use(quotas, tasks, times=2)
    assert await quotas.spent(HERE, ADA) is None
    await use(quotas, tasks)
    said = str(await begin(requests=3).spent(HERE, ADA))  # over a restart too
    assert "2026-01-02 00:00, Europe/Berlin" in said
    assert await quotas.spent(HERE, BEN) is None
    await clock.advance(30 * 60)
    assert await quotas.spent(HERE, ADA) is None


@pytest.mark.parametrize(
    ("settings", "uses"),
    [
        ({"requests": 2}, {"times": 2}),
        ({"seconds": 10}, {"seconds": 10.0}),
        ({"community_requests": 2}, {"times": 2}),
        ({"community_seconds": 10}, {"seconds": 10.0}),
    ],
)
async def test_each_limit_ends_the_day_of_members_and_of_nobody_else(
    begin: Begin, tasks: Tasks, settings: dict[str, int], uses: dict[str, Any]
) -> None:
    quotas = begin(**settings)
    await use(quotas, tasks, **uses)
    await use(quotas, tasks, MODERATOR, **uses)
    assert await quotas.spent(HERE, ADA) is not None
    is_all = any(name.startswith("community") for name in settings)
    assert (await quotas.spent(HERE, BEN) is not None) is is_all
    assert await quotas.spent(HERE, MODERATOR) is None
    assert await begin(**dict.fromkeys(settings, 0)).spent(HERE, ADA) is None


async def test_person_has_one_share_everywhere_and_a_community_its_own(
    begin: Begin, tasks: Tasks
) -> None:
    quotas = begin(requests=3)
    await use(quotas, tasks, where=ELSEWHERE, times=3)
    assert await quotas.spent(HERE, ADA) is not None
    await quotas.set(GUILD, Limit.REQUESTS, 1)
    assert await quotas.spent(HERE, ADA) is None
    await use(quotas, tasks)
    assert await quotas.spent(HERE, ADA) is not None
    await quotas.set(GUILD, Limit.REQUESTS, 0)
    assert await quotas.spent(HERE, ADA) is None
    await quotas.set(GUILD, Limit.REQUESTS, None)
    assert await quotas.spent(HERE, ADA) is not None
    with pytest.raises(UserError):
        await quotas.set(GUILD, Limit.REQUESTS, -1)


async def test_what_still_runs_counts(begin: Begin, tasks: Tasks) -> None:
    quotas, owner = begin(requests=2), owner_of(HERE, ADA)
    quotas.begun(owner)
    quotas.begun(owner)
    assert await quotas.spent(HERE, ADA) is not None
    quotas.ended(owner, 0.0, counts=False)
    await tasks.idle()
    assert await quotas.spent(HERE, ADA) is None


async def test_metrics_tell_what_ran_and_for_how_long(
    begin: Begin, tasks: Tasks, clock: FakeClock
) -> None:
    quotas, metrics, owner = begin(), Metrics(clock), owner_of(HERE, ADA)
    metrics.ledger = quotas
    for outcome in (Finished(FinishReason.STOP, 1, 1), DeadlineError(T("late"))):
        with metrics.admission(Kind.TEXT, owner) as measure:
            pass
        await clock.advance(60)  # waiting costs nothing
        measure.start()
        await clock.advance(4)
        measure.end(outcome)
    with metrics.admission(Kind.TEXT, Owner("safety", "guard")) as measure:
        measure.start()
    measure.end(Finished(FinishReason.STOP, 1, 1))
    await tasks.idle()
    used = await quotas.used(HERE, ADA)
    assert used.person == used.community == Usage(1, 8.0)


async def test_command_that_makes_nothing_is_never_refused(
    begin: Begin, tasks: Tasks
) -> None:
    quotas = begin(requests=1)
    await use(quotas, tasks)
    context = CommandContext(ADA, HERE, "en")

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        return Answer("done")

    await quotas.admit(Command("status", T("x"), run), context)
    with pytest.raises(UserError, match="midnight"):
        await quotas.admit(Command("draw", T("x"), run, makes=Output.PICTURES), context)


async def test_last_days_are_told_each_of_this_community_alone(
    begin: Begin, tasks: Tasks, clock: FakeClock
) -> None:
    quotas = begin()
    await use(quotas, tasks, times=2)
    await use(quotas, tasks, BEN)
    await use(quotas, tasks, where=ELSEWHERE)
    await clock.advance(2 * 24 * 3600)
    await use(quotas, tasks)

    days = await quotas.days(HERE, 3)
    assert list(days) == [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)]
    assert [one.requests for one in days.values()] == [3, 0, 1]
    assert [one.requests for one in (await quotas.days(HERE, 2)).values()] == [0, 1]
