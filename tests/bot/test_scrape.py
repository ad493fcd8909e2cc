"""The page that Prometheus reads of a bot that runs."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING

from bot.adapter import CallCounts
from bot.clock import FakeClock
from bot.generation.status import EngineStatus
from bot.generation.supervisor import WorkerState
from bot.health import Lag
from bot.metrics import Metrics
from bot.scrape import TALLY_S, Scrape
from bot.store.store import Store
from bot.store.tallies import TallyRepository
from tests.stores import new_store

if TYPE_CHECKING:
    from tests.bot.conftest import OpenBot

LINE = re.compile(r"(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? [-+0-9.eInfNa]+)")
IDLE = EngineStatus(0, 0, WorkerState.STOPPED, None, 0, 0, (), 0.0, False)


def scrape_of(store: Store, clock: FakeClock) -> Scrape:
    return Scrape(
        Metrics(clock),
        TallyRepository(store),
        engine=lambda: IDLE,
        lag=lambda: Lag(0.0, 0.0, 250.0, 1),
        adapters={},
        failing=lambda: {"guard": "the filter failed"},
        statuses=("draft", "published"),
        clock=clock,
    )


async def test_store_that_cannot_be_read_leaves_the_rest(tmp_path: Path) -> None:
    clock = FakeClock()
    async with new_store(tmp_path / "a.sqlite3", clock=clock) as store:
        scrape = scrape_of(store, clock)
    page = await scrape.text()  # the store is closed
    assert "hearthbot_store_up 0\n" in page
    assert "hearthbot_posts" not in page
    assert "hearthbot_worker_up 0\n" in page
    assert "hearthbot_filters_failing 1\n" in page
    assert 'hearthbot_loop_lag_seconds{quantile="1"} 0.25\n' in page


async def test_store_is_not_counted_for_each_reader(tmp_path: Path) -> None:
    clock = FakeClock()
    async with new_store(tmp_path / "a.sqlite3", clock=clock) as store:
        scrape = scrape_of(store, clock)
        assert 'hearthbot_posts{status="draft"} 0\n' in await scrape.text()
        await store.write(
            lambda db: db.execute(
                "INSERT INTO post (id, kind, topic, language, persona, status,"
                " created_utc, updated_utc, title, body)"
                " VALUES ('1', 'tip', '', 'en', '', 'draft', '', '', '', '')"
            )
        )
        await clock.advance(TALLY_S - 1)
        assert 'hearthbot_posts{status="draft"} 0\n' in await scrape.text()
        await clock.advance(1)
        assert 'hearthbot_posts{status="draft"} 1\n' in await scrape.text()


async def test_bot_that_answered_shows_it(open_bot: OpenBot) -> None:
    async with asyncio.timeout(60), open_bot() as bot:
        await bot.ask("@Hearth hello?")
        bot.platform.calls = CallCounts(made=5, limited=2)
        page = await bot.app.scrape.text()
    lines = page.splitlines()
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert 'hearthbot_requests_total{kind="text",outcome="stop"} 1' in lines
    assert 'hearthbot_model_memory_bytes{model="fake"}' in page
    assert 'hearthbot_verdicts_total{filter="' in page
    assert 'hearthbot_platform_calls_total{platform="fake"} 5' in lines
    assert 'hearthbot_platform_limited_total{platform="fake"} 2' in lines
    assert "hearthbot_worker_up 1" in lines
    assert "hearthbot_store_up 1" in lines
    assert 'hearthbot_deliveries{state="unknown"} 0' in lines
    named = [line.split()[2] for line in lines if line.startswith("# TYPE ")]
    assert len(named) == len(set(named)), "a family is there twice"
