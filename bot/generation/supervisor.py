"""Keeps a worker process alive and passes on what it says."""

import asyncio
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

import msgspec
import structlog

from bot.clock import Clock
from bot.generation.wire import (
    HEADER_BYTES,
    Beat,
    Command,
    Configure,
    Ended,
    Event,
    Loaded,
    Loading,
    Ping,
    Ready,
    Unloaded,
    decode_events,
    encode_frame,
    frame_size,
)
from bot.generation.worker_log import forward_log

__all__ = ["WORKER_COMMAND", "Supervisor", "WorkerState"]

logger = structlog.get_logger(__name__)

WORKER_COMMAND = (sys.executable, "-m", "bot.generation.worker")
FIRST_DELAY_S = 0.5
LAST_DELAY_S = 60.0
MAX_QUICK_DEATHS = 3
PINGS_MISSED = 6
LINE_BYTES = 1024 * 1024


class WorkerState(StrEnum):
    """How a worker is."""

    STARTING = "starting"
    """The process has begun and is not ready."""
    READY = "ready"
    """It takes requests."""
    RESTARTING = "restarting"
    """It ended; another one is started after a while."""
    STOPPED = "stopped"
    """Nothing runs: not yet, or no more."""


class Supervisor:
    """Starts a worker, watches it, and starts it again when it dies or hangs.

    `async with` runs it. Between deaths it waits, each time twice as long, until a
    model was loaded or a request has ended well.

    Args:
        configure: what each new worker is told first.
        clock: for waiting between two starts and for noticing that it hangs.
        on_events: takes what the worker says, in order.
        on_gone: called once after each death; nothing that was sent before is answered
            any more.
        command: what to run; `--fd N` is added.
        hang_s: it is killed when it was silent for so long; not while it loads.
        load_s: it is killed when loading a model takes so long.
        stop_s: how long it may take to end by itself, in real time.
    """

    def __init__(
        self,
        configure: Configure,
        *,
        clock: Clock,
        on_events: Callable[[Sequence[Event]], None],
        on_gone: Callable[[], None],
        command: Sequence[str] = WORKER_COMMAND,
        hang_s: float = 30.0,
        load_s: float = 1800.0,
        stop_s: float = 12.0,
    ) -> None:
        self._configure = configure
        self._clock = clock
        self._on_events = on_events
        self._on_gone = on_gone
        self._command = tuple(command)
        self._hang_s = hang_s
        self._load_s = load_s
        self._stop_s = stop_s
        self._task: asyncio.Task[None] | None = None
        self._pause: asyncio.Future[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._is_stopping = False
        self._num_missed = 0
        self._loading_since: float | None = None
        self._num_deaths = 0  # since something last went well
        self.state = WorkerState.STOPPED
        self.rss_bytes = 0
        self.num_restarts = 0

    async def __aenter__(self) -> "Supervisor":
        self.state = WorkerState.STARTING
        self._task = asyncio.create_task(self._run(), name="supervisor")
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._is_stopping = True
        if self._task is None:
            return
        if self._writer is not None:
            self._writer.close()
        if self._pause is not None:
            self._pause.cancel()
        await self._task
        self.state = WorkerState.STOPPED

    @property
    def pid(self) -> int | None:
        """The process that runs now; None: there is none."""
        return None if self._process is None else self._process.pid

    @property
    def is_ready(self) -> bool:
        """Whether what is sent now is obeyed."""
        return self.state is WorkerState.READY

    @property
    def is_failing(self) -> bool:
        """Whether the worker dies again and again."""
        return self._num_deaths >= MAX_QUICK_DEATHS

    def send(self, command: Command) -> None:
        """Tell the worker something; dropped where there is none."""
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(encode_frame([command]))

    def kill(self, *, reason: str) -> None:
        """End the worker at once; another one is started."""
        if self._process is not None and self._process.returncode is None:
            logger.error("worker is killed", pid=self._process.pid, reason=reason)
            self._process.kill()

    async def _run(self) -> None:
        while not self._is_stopping:
            self.state = WorkerState.STARTING
            try:
                await self._live()
            except Exception:
                logger.exception("worker could not be run")
                self._note_death()
            if not self._is_stopping:
                delay_s = FIRST_DELAY_S * 2 ** (self._num_deaths - 1)
                pausing = self._clock.sleep(min(LAST_DELAY_S, delay_s))
                self._pause = asyncio.ensure_future(pausing)
                await asyncio.wait({self._pause})

    async def _live(self) -> None:
        """Run one worker until it ends."""
        process, reader, writer = await self._spawn()
        self._process, self._writer = process, writer
        self._num_missed, self._loading_since = 0, None
        log = asyncio.create_task(forward_log(process.stdout, pid=process.pid))
        watch = asyncio.create_task(self._watch())
        if self._is_stopping:  # it was asked to while the process was being started
            writer.close()
        try:
            self.send(self._configure)
            await self._read(reader)
        finally:
            self._note_death()
            writer.close()
            watch.cancel()
            await self._end(process)
            await asyncio.wait({log, watch})
            self._process = None
            logger.info("worker ended", pid=process.pid, code=process.returncode)

    def _note_death(self) -> None:
        """Tell the callers at once; only the first time for each worker."""
        if self._is_stopping or self.state is WorkerState.RESTARTING:
            return
        self._writer = None
        self._num_deaths += 1
        self.num_restarts += 1
        self.rss_bytes = 0
        self.state = WorkerState.RESTARTING
        self._on_gone()

    async def _spawn(
        self,
    ) -> tuple[asyncio.subprocess.Process, asyncio.StreamReader, asyncio.StreamWriter]:
        ours, theirs = socket.socketpair()
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                "--fd",
                str(theirs.fileno()),
                pass_fds=(theirs.fileno(),),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                limit=LINE_BYTES,
                env=_environment(os.environ),
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        logger.info("worker started", pid=process.pid)
        return process, *await asyncio.open_unix_connection(sock=ours)

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        """Wait for the process if it was asked to stop, else make sure it is dead."""
        if self._is_stopping:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._stop_s):
                    await process.wait()
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                header = await reader.readexactly(HEADER_BYTES)
                body = await reader.readexactly(frame_size(header))
                events = decode_events(body)
                self._notice(events)
                self._on_events(events)
        except (asyncio.IncompleteReadError, ConnectionError):
            return  # it ended
        except (ValueError, msgspec.DecodeError):
            logger.exception("worker says what cannot be understood")

    def _notice(self, events: Sequence[Event]) -> None:
        self._num_missed = 0
        for event in events:
            match event:
                case Ready():
                    self.state = WorkerState.READY
                case Beat():
                    self.rss_bytes = event.rss_bytes
                case Loading():
                    self._loading_since = self._clock.monotonic()
                case Unloaded():
                    self._loading_since = None
                case Loaded():
                    self._loading_since = None
                    self._num_deaths = 0
                case Ended():
                    self._num_deaths = 0

    async def _watch(self) -> None:
        """Ask for a sign of life now and then; kill what gives none.

        Signs are counted, not seconds: when the bot itself stood still, nobody else is
        to blame.
        """
        while True:
            self.send(Ping())
            await self._clock.sleep(self._hang_s / PINGS_MISSED)
            if self._loading_since is not None:
                if self._clock.monotonic() - self._loading_since > self._load_s:
                    self.kill(reason="loading takes too long")
                    return
                continue
            self._num_missed += 1
            if self._num_missed > PINGS_MISSED:
                self.kill(reason="no sign of life")
                return


def _environment(base: Mapping[str, str]) -> dict[str, str]:
    """Let the worker import this very package, wherever the bot was started."""
    root = str(Path(__file__).parents[2])
    paths = [root, *filter(None, base.get("PYTHONPATH", "").split(os.pathsep))]
    return {**base, "PYTHONPATH": os.pathsep.join(paths), "PYTHONSAFEPATH": "1"}
