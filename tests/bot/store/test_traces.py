from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.generation.requests import FinishReason
from bot.store.store import Store
from bot.store.traces import Trace, TraceRepository

FAILED = Trace(
    request_id="1",
    scope_key="=web|=home|=general|-|-",
    message_id="10",
    model="starter",
    persona="hearth",
    created_utc=datetime(2026, 1, 1, tzinfo=UTC),
    duration_ms=12,
    error_id="E1",
)
FINISHED = Trace(
    request_id="2",
    scope_key="=web|=home|=general|-|=ann",
    message_id="11",
    model="starter",
    persona="hearth",
    created_utc=datetime(2026, 1, 2, tzinfo=UTC),
    duration_ms=900,
    seed=2**62,
    prompt_tokens=100,
    completion_tokens=20,
    waited_ms=0,
    first_piece_ms=200,
    finish_reason=FinishReason.LENGTH,
)


@pytest.fixture
def traces(store: Store) -> TraceRepository:
    return TraceRepository(store)


async def test_unknown_error_has_no_trace(traces: TraceRepository) -> None:
    await traces.add(FINISHED)
    assert await traces.by_error("E1") is None


async def test_error_leads_to_its_trace(traces: TraceRepository) -> None:
    await traces.add(FAILED)
    await traces.add(FINISHED)
    assert await traces.by_error("E1") == FAILED


async def test_traces_come_back_oldest_first(traces: TraceRepository) -> None:
    await traces.add(FAILED)
    await traces.add(FINISHED)
    assert await traces.recent(limit=9) == (FAILED, FINISHED)
    assert await traces.recent(limit=1) == (FINISHED,)


async def test_answer_that_was_not_delivered_has_its_error_afterwards(
    traces: TraceRepository,
) -> None:
    await traces.add(FINISHED)
    await traces.failed("other", FINISHED.message_id, "E2")
    assert await traces.by_error("E2") is None
    await traces.failed(FINISHED.request_id, FINISHED.message_id, "E3")
    assert await traces.by_error("E3") == replace(FINISHED, error_id="E3")
