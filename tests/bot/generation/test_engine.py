"""The engine and its real worker, with the fake in it."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from bot.clock import FakeClock
from bot.errors import (
    BackendError,
    BackendGoneError,
    DeadlineError,
    MissingError,
    OutOfMemoryError,
    OverloadedError,
)
from bot.generation.engine import CANCEL_GRACE_S, Engine
from bot.generation.requests import (
    Finished,
    FinishReason,
    GenerationRequest,
    ModelSpec,
    Place,
    Priority,
    TextParams,
)
from bot.generation.supervisor import WorkerState

OpenEngine = Callable[..., AbstractAsyncContextManager[Engine]]
MakeRequest = Callable[..., GenerationRequest]
MakeSpec = Callable[..., ModelSpec]


async def test_submit_unknown_model_is_missing(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine() as engine:
        with pytest.raises(MissingError, match="no model called x"):
            engine.submit(make_request(model="x"))
        with pytest.raises(MissingError):
            await engine.load("x")
        with pytest.raises(MissingError):
            await engine.count_tokens("x", ["a"])


async def test_submit_same_id_twice_is_a_mistake(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(reply="hi") as engine:
        request = make_request()
        ticket = engine.submit(request)
        with pytest.raises(ValueError, match="here already"):
            engine.submit(request)
        await ticket.text()


async def test_submit_more_than_may_wait_is_overloaded(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(max_parallel=1, max_waiting=1, delay_s=0.01) as engine:
        await engine.load("m")
        first = engine.submit(make_request())
        second = engine.submit(make_request())
        with pytest.raises(OverloadedError, match="Too many"):
            engine.submit(make_request())
        assert await first.text()
        assert await second.text()


async def test_failure_reaches_only_its_caller(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(fail_on="bad", delay_s=0.002) as engine:
        good = [engine.submit(make_request(f"q{i}")) for i in range(4)]
        bad = engine.submit(make_request("a bad one"))
        with pytest.raises(BackendError, match="could not answer"):
            await bad.text()
        assert all([await ticket.text() for ticket in good])
        assert bad.finished is None
        assert isinstance(bad.error, BackendError)


async def test_out_of_memory_is_refused_after_a_retry(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(oom_on="huge") as engine:
        with pytest.raises(OutOfMemoryError, match="not enough memory"):
            await engine.submit(make_request("huge")).text()
        assert await engine.submit(make_request()).text()
        assert engine.status().restarts == 0


async def test_missing_model_file_reaches_the_caller(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(missing=True) as engine:
        with pytest.raises(MissingError, match="model m is not here"):
            await engine.submit(make_request()).text()
        with pytest.raises(MissingError):
            await engine.load("m")
        with pytest.raises(MissingError):
            await engine.count_tokens("m", ["a"])
        assert not engine.is_loaded("m")


async def test_model_beyond_the_budget_is_refused(
    open_engine: OpenEngine, make_request: MakeRequest, make_spec: MakeSpec
) -> None:
    spec = make_spec(memory_bytes=2_000_000)
    async with open_engine(spec, memory_bytes=1_000_000) as engine:
        with pytest.raises(OutOfMemoryError, match="needs 2 MB"):
            await engine.load("m")


async def test_two_models_share_a_budget_for_one(
    open_engine: OpenEngine, make_request: MakeRequest, make_spec: MakeSpec
) -> None:
    specs = [make_spec(name, memory_bytes=60, reply=name) for name in ("a", "b")]
    async with open_engine(*specs, memory_bytes=100) as engine:
        tickets = [engine.submit(make_request(model=n)) for n in "abab"]
        assert [await ticket.text() for ticket in tickets] == ["a", "b", "a", "b"]
        assert len(engine.status().models) == 1


async def test_killed_worker_in_sixteen_streams_hangs_nobody(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(delay_s=0.02, tokens=10_000) as engine:
        long = TextParams(max_tokens=1500, seed=1)
        tickets = [engine.submit(make_request(f"q{i}", params=long)) for i in range(16)]
        for ticket in tickets:
            assert await anext(ticket)
        counting = asyncio.create_task(engine.count_tokens("m", ["a"] * 100_000))
        await asyncio.sleep(0)
        pid = engine.status().worker_pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        outcomes = await asyncio.gather(
            *(ticket.text() for ticket in tickets), counting, return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [BackendGoneError] * 17
        short = TextParams(max_tokens=5)
        assert await engine.submit(make_request(params=short)).text()
        assert engine.status().restarts == 1
        assert engine.status().worker_pid not in (None, pid)


async def test_crash_of_one_request_spares_those_that_wait(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(crash_on="boom", max_parallel=1) as engine:
        crashing = engine.submit(make_request("boom"))
        waiting = engine.submit(make_request("fine"))
        with pytest.raises(BackendGoneError, match="ask once more"):
            await crashing.text()
        assert await waiting.text()


async def test_worker_that_never_starts_fails_who_waits(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    clock = FakeClock()
    command = (sys.executable, "-c", "raise SystemExit(3)")
    async with open_engine(clock=clock, worker_command=command) as engine:
        ticket = engine.submit(make_request())
        loading = asyncio.create_task(engine.load("m"))
        reading = asyncio.create_task(ticket.text())
        while not reading.done():
            await clock.advance(1)
            await asyncio.sleep(0.01)
        with pytest.raises(BackendGoneError):
            await reading
        with pytest.raises(BackendGoneError):
            await loading
        with pytest.raises(BackendGoneError):
            engine.submit(make_request())
        assert engine.status().worker is WorkerState.RESTARTING


async def test_deadline_while_waiting_leaves_the_queue(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    clock = FakeClock()
    async with open_engine(clock=clock, max_parallel=1, deaf_on="deaf") as engine:
        await engine.load("m")
        running = engine.submit(make_request("deaf"))
        waiting = engine.submit(make_request(deadline_s=5))
        assert running.place is None
        assert waiting.place == Place(1, None)
        await clock.advance(5)
        with pytest.raises(DeadlineError, match="too long"):
            await waiting.text()
        assert engine.status().waiting == 0
        assert not running.has_ended


async def test_deadline_while_running_frees_the_slot(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    clock = FakeClock()
    async with open_engine(clock=clock, max_parallel=1, delay_s=0.01) as engine:
        long = TextParams(max_tokens=100_000)
        running = engine.submit(make_request(deadline_s=5, params=long))
        await running.wait_started()
        await clock.advance(5)
        with pytest.raises(DeadlineError):
            await running.text()
        assert await engine.submit(make_request()).text()


async def test_cancel_waiting_ends_it_at_once(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(max_parallel=1, delay_s=0.01) as engine:
        running = engine.submit(make_request())
        waiting = engine.submit(make_request())
        waiting.cancel()
        waiting.cancel()
        assert waiting.finished == Finished(FinishReason.CANCELLED, 0, 0)
        assert waiting.place is None
        assert engine.status().waiting == 0 or running.place is not None
        assert await waiting.text() == ""
        assert await running.text()
        running.cancel()
        assert running.finished is not None
        assert running.finished.reason is FinishReason.STOP


async def test_cancel_running_keeps_what_came_and_frees_the_slot(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(max_parallel=1, delay_s=0.01, tokens=10_000) as engine:
        long = TextParams(max_tokens=1500)
        running = engine.submit(make_request(params=long))
        first = await anext(running)
        running.cancel()
        rest = await running.text()
        assert first
        assert len(rest) < 200
        assert running.finished is not None
        assert running.finished.reason is FinishReason.CANCELLED
        short = TextParams(max_tokens=3)
        assert await engine.submit(make_request(params=short)).text()


async def test_cancel_during_loading_answers_at_once(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(load_delay_s=0.3, max_parallel=1) as engine:
        first = engine.submit(make_request())
        await first.wait_started()
        first.cancel()
        assert await first.text() == ""
        assert await engine.submit(make_request()).text()


async def test_cancel_that_is_not_obeyed_kills_the_worker(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    clock = FakeClock()
    async with open_engine(clock=clock, deaf_on="deaf", max_parallel=1) as engine:
        await engine.load("m")
        deaf = engine.submit(make_request("deaf"))
        waiting = engine.submit(make_request())
        deaf.cancel()
        assert await deaf.text() == ""
        reading = asyncio.create_task(waiting.text())
        # In small steps, so that the worker's signs of life are seen in between.
        for _ in range(int(CANCEL_GRACE_S)):
            await clock.advance(1)
            await asyncio.sleep(0.001)
        # The next worker is a process: it cannot be hurried by a clock.
        while not reading.done():
            await clock.advance(0.02)
            await asyncio.sleep(0.01)
        assert await reading
        assert engine.status().restarts == 1


async def test_drain_tells_everybody(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(max_parallel=1, delay_s=0.005) as engine:
        await engine.load("m")
        running = engine.submit(make_request())
        waiting = engine.submit(make_request())
        await engine.drain(30)
        assert await running.text()
        assert engine.status().is_draining
        with pytest.raises(OverloadedError, match="shut down"):
            await waiting.text()
        with pytest.raises(OverloadedError, match="shut down"):
            engine.submit(make_request())
        with pytest.raises(OverloadedError):
            await engine.count_tokens("m", ["a"])


async def test_drain_cuts_off_after_its_time(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    clock = FakeClock()
    async with open_engine(clock=clock, delay_s=0.01, tokens=10_000) as engine:
        running = engine.submit(make_request(params=TextParams(max_tokens=1500)))
        assert await anext(running)
        draining = asyncio.create_task(engine.drain(20))
        await clock.advance(19)
        assert not draining.done()
        await clock.advance(1)
        await draining
        with pytest.raises(OverloadedError, match="shut down"):
            await running.text()


async def test_exit_ends_everybody(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(delay_s=0.01, load_delay_s=0.2) as engine:
        ticket = engine.submit(make_request())
        loading = asyncio.create_task(engine.load("m"))
        await asyncio.sleep(0)
    with pytest.raises(OverloadedError):
        await ticket.text()
    with pytest.raises(OverloadedError):
        await loading
    assert engine.status().worker is WorkerState.STOPPED
    assert engine.status().worker_pid is None


async def test_order_is_chat_command_post_and_takes_turns(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(max_parallel=1, delay_s=0.001) as engine:
        await engine.load("m")
        engine.submit(make_request("first"))
        started: list[str] = []

        async def follow(name: str, request: GenerationRequest) -> None:
            ticket = engine.submit(request)
            await ticket.wait_started()
            started.append(name)
            await ticket.text()

        async with asyncio.TaskGroup() as tasks:
            for name, person, priority in (
                ("post", "a", Priority.POST),
                ("command", "a", Priority.COMMAND),
                ("a1", "a", Priority.CHAT),
                ("a2", "a", Priority.CHAT),
                ("b1", "b", Priority.CHAT),
            ):
                request = make_request(name, person=person, priority=priority)
                tasks.create_task(follow(name, request))
        assert started == ["a1", "b1", "a2", "command", "post"]


async def test_model_with_few_slots_does_not_hold_up_another(
    open_engine: OpenEngine, make_request: MakeRequest, make_spec: MakeSpec
) -> None:
    specs = (
        make_spec("slow", max_parallel=1, deaf_on="deaf"),
        make_spec("quick", reply="hi"),
    )
    async with open_engine(*specs) as engine:
        stuck = engine.submit(make_request("deaf", model="slow"))
        behind = engine.submit(make_request(model="slow", person="bo"))
        assert await engine.submit(make_request(model="quick")).text() == "hi"
        assert behind.place is not None
        assert behind.place.position == 1
        assert not stuck.has_ended


async def test_place_moves_and_is_estimated(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(max_parallel=1, delay_s=0.005) as engine:
        await engine.submit(make_request()).text()
        tickets = [engine.submit(make_request(f"q{i}")) for i in range(3)]
        last = tickets[-1]
        assert last.place is not None
        assert last.place.position == 2
        assert last.place.estimate_s is not None
        assert last.place.estimate_s > 0
        moved = await last.next_place()
        assert moved is not None
        assert moved.position == 1
        assert await last.next_place() is None
        assert await last.next_place() is None
        assert await last.text()


async def test_count_tokens_and_status(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(max_parallel=2) as engine:
        assert engine.status().worker is WorkerState.STARTING
        texts = ["one two", "", "你好", "lone \ud83d"]
        counts = await engine.count_tokens("m", texts)
        assert counts == [2, 0, 2, 2]
        assert engine.is_loaded("m")
        await engine.load("m")
        assert await engine.submit(make_request("a lone \ud83d half")).text()
        status = engine.status()
        assert status.worker is WorkerState.READY
        assert [model.name for model in status.models] == ["m"]
        assert status.tokens_per_s > 0
        assert (status.waiting, status.running, status.restarts) == (0, 0, 0)


async def test_thoughts_are_removed_for_every_backend(
    open_engine: OpenEngine, make_request: MakeRequest
) -> None:
    async with open_engine(reply="<think>secret</think>\n\nHello") as engine:
        ticket = engine.submit(make_request())
        assert await ticket.text() == "Hello"
        assert repr(ticket) == f"<Ticket {ticket.request.id}>"
