"""A worker process, and what happens when it dies, hangs or talks nonsense."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from bot.clock import FakeClock
from bot.generation.requests import ModelSpec
from bot.generation.supervisor import WORKER_COMMAND, Supervisor, WorkerState
from bot.generation.wire import (
    Configure,
    Event,
    Load,
    Loaded,
    Loading,
    Ready,
    encode_frame,
)

WAIT_S = 30.0
NONSENSE = (
    "import socket, sys; s = socket.socket(fileno=int(sys.argv[2])); "
    "s.sendall(bytes.fromhex('{}')); s.recv(1 << 20); s.recv(1)"
)


@dataclass
class Watched:
    """A supervisor, what it told, and its clock."""

    clock: FakeClock = field(default_factory=FakeClock)
    events: list[Event] = field(default_factory=list)
    num_gone: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def on_events(self, events: Sequence[Event]) -> None:
        self.events.extend(events)
        self.changed.set()

    def on_gone(self) -> None:
        self.num_gone += 1
        self.changed.set()

    async def until(self, is_true: Callable[[], bool]) -> None:
        while not is_true():
            self.changed.clear()
            await self.changed.wait()

    def count(self, cls: type[Event]) -> int:
        return sum(isinstance(event, cls) for event in self.events)


@asynccontextmanager
async def supervised(
    watched: Watched,
    *specs: ModelSpec,
    command: tuple[str, ...] = WORKER_COMMAND,
    stop_s: float = 12.0,
) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(
        Configure(specs),
        clock=watched.clock,
        on_events=watched.on_events,
        on_gone=watched.on_gone,
        command=command,
        stop_s=stop_s,
    )
    async with asyncio.timeout(WAIT_S), supervisor:
        yield supervisor


def script(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


async def test_command_that_is_not_there_is_tried_again_later() -> None:
    watched = Watched()
    with capture_logs() as logs:
        async with supervised(watched, command=("/nowhere/worker",)) as supervisor:
            await watched.until(lambda: watched.num_gone == 1)
            assert supervisor.state is WorkerState.RESTARTING
            await watched.clock.advance(0.5)
            await watched.until(lambda: watched.num_gone == 2)
            await watched.clock.advance(0.9)
            assert watched.num_gone == 2
            await watched.clock.advance(0.1)
            await watched.until(lambda: watched.num_gone == 3)
            assert supervisor.is_failing
    assert any(line["event"] == "worker could not be run" for line in logs)


@pytest.mark.parametrize(
    "sent", ["ffffffff", encode_frame([]).hex() + "00000001c0", "0000000181"]
)
async def test_nonsense_ends_a_worker(sent: str) -> None:
    watched = Watched()
    with capture_logs() as logs:
        async with supervised(watched, command=script(NONSENSE.format(sent))):
            await watched.until(lambda: watched.num_gone == 1)
    assert any("cannot be understood" in line["event"] for line in logs)


async def test_killed_worker_is_started_again_after_a_pause(
    make_spec: Callable[..., ModelSpec],
) -> None:
    watched = Watched()
    async with supervised(watched, make_spec()) as supervisor:
        await watched.until(lambda: watched.count(Ready) == 1)
        pid = supervisor.pid
        assert pid is not None
        assert supervisor.is_ready
        os.kill(pid, signal.SIGKILL)
        await watched.until(lambda: watched.num_gone == 1)
        assert not supervisor.is_ready
        supervisor.send(Load("1", "m"))  # dropped
        while watched.count(Ready) == 1:
            await watched.clock.advance(0.5)
            await asyncio.sleep(0.01)
        assert supervisor.pid != pid
        supervisor.send(Load("2", "m"))
        await watched.until(lambda: watched.count(Loaded) == 1)
        assert not supervisor.is_failing
        assert supervisor.num_restarts == 1


async def test_silent_worker_is_killed() -> None:
    watched = Watched()
    async with supervised(watched) as supervisor:
        await watched.until(lambda: watched.count(Ready) == 1)
        pid = supervisor.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        while watched.num_gone == 0:
            await watched.clock.advance(5)
            await asyncio.sleep(0.01)
        assert watched.clock.monotonic() >= 30


async def test_bot_that_stood_still_blames_nobody() -> None:
    watched = Watched()
    async with supervised(watched) as supervisor:
        await watched.until(lambda: watched.count(Ready) == 1)
        await watched.clock.advance(20)  # several signs are missed in one go
        assert watched.num_gone == 0
        assert supervisor.is_ready


async def test_loading_may_be_silent_for_long_but_not_for_ever(
    make_spec: Callable[..., ModelSpec],
) -> None:
    watched = Watched()
    async with supervised(watched, make_spec(load_delay_s=25)) as supervisor:
        await watched.until(lambda: watched.count(Ready) == 1)
        supervisor.send(Load("1", "m"))
        await watched.until(lambda: watched.count(Loading) == 1)
        pid = supervisor.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        await watched.clock.advance(1700)
        assert watched.num_gone == 0
        await watched.clock.advance(200)
        await watched.until(lambda: watched.num_gone == 1)


async def test_stubborn_worker_is_killed_at_the_end() -> None:
    watched = Watched()
    ready = encode_frame([Ready(1)]).hex()
    code = NONSENSE.format(ready) + "; import time; time.sleep(600)"
    async with supervised(watched, command=script(code), stop_s=0.2) as supervisor:
        await watched.until(lambda: watched.count(Ready) == 1)
    assert supervisor.pid is None
    assert watched.num_gone == 0


async def test_exit_before_the_start_is_harmless() -> None:
    supervisor = Supervisor(
        Configure(()),
        clock=FakeClock(),
        on_events=lambda events: None,
        on_gone=lambda: None,
    )
    await supervisor.__aexit__()
    assert supervisor.state is WorkerState.STOPPED


async def test_output_of_a_worker_goes_to_the_log() -> None:
    watched = Watched()
    code = (
        "import json, sys\n"
        "print('native noise')\n"
        "print('x' * 3_000_000)\n"
        "print(json.dumps({'event': 'trouble', 'level': 'warning', 'model': 'm'}))\n"
        "print(json.dumps({'event': 'e', 'level': 'exec'}))\n"
        "print(json.dumps([1]))\n"
        "sys.stderr.write('to stderr\\n')"
    )
    with capture_logs() as logs:
        async with supervised(watched, command=script(code)):
            await watched.until(lambda: watched.num_gone == 1)
    seen = [(line["log_level"], line["event"], line.get("line")) for line in logs]
    assert ("debug", "worker printed", "native noise") in seen
    assert ("debug", "worker printed", "to stderr") in seen
    assert ("warning", "trouble", None) in seen
    assert not any(event == "e" for _, event, _ in seen)
