"""The worker process from the outside, and the frames it speaks in."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
import psutil
import pytest

from bot.errors import BackendGoneError, MissingError
from bot.generation.outbox import Outbox
from bot.generation.requests import (
    Finished,
    FinishReason,
    GenerationRequest,
    ModelSpec,
)
from bot.generation.wire import (
    HEADER_BYTES,
    Beat,
    Chunk,
    Command,
    Configure,
    Ended,
    Event,
    Failed,
    Load,
    Loaded,
    Ping,
    Ready,
    decode_commands,
    decode_events,
    encode_frame,
    failure,
    frame_size,
)
from bot.generation.wire_requests import begin
from bot.generation.worker import serve
from bot.words import T, Tn

WAIT_S = 30.0
LIGHT_MB = 80
HEAVY = ("torch", "transformers", "xllamacpp", "httpx", "pydantic", "nicegui")


class Line:
    """The bot's end of the line to a worker."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(WAIT_S)
        self._connection = connection
        self.events: list[Event] = []

    def send(self, *commands: Command) -> None:
        self._connection.sendall(encode_frame(commands))

    def until(self, cls: type[Event]) -> Event:
        """Read frames until one of this kind came."""
        while True:
            for event in self.events:
                if isinstance(event, cls):
                    self.events.remove(event)
                    return event
            self.events.extend(decode_events(self._read()))

    def _read(self) -> bytes:
        header = self._connection.recv(HEADER_BYTES, socket.MSG_WAITALL)
        return self._connection.recv(frame_size(header), socket.MSG_WAITALL)


@contextmanager
def process() -> Iterator[tuple[Line, subprocess.Popen[bytes], socket.socket]]:
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "bot.generation.worker"]
    with ours, theirs:
        worker = subprocess.Popen(  # noqa: S603 - our own module
            [*command, "--fd", str(theirs.fileno())], pass_fds=(theirs.fileno(),)
        )
        theirs.close()
        try:
            yield Line(ours), worker, ours
        finally:
            ours.close()
            try:
                worker.wait(WAIT_S)
            finally:
                worker.kill()
                worker.wait()


def test_worker_ends_when_the_bot_is_gone(make_spec: Callable[..., ModelSpec]) -> None:
    with process() as (line, worker, connection):
        line.send(Configure((make_spec(),)), Load("1", "m"))
        line.until(Loaded)
        connection.close()
        assert worker.wait(WAIT_S) == 0


def test_worker_ignores_the_signals_of_its_group() -> None:
    with process() as (line, worker, _):
        line.send(Configure(()))
        line.until(Ready)
        worker.send_signal(signal.SIGINT)
        worker.send_signal(signal.SIGTERM)
        line.send(Ping())
        line.until(Beat)
        assert worker.poll() is None


def test_worker_is_light_and_imports_nothing_heavy(
    make_spec: Callable[..., ModelSpec],
) -> None:
    code = (
        "import sys, bot.generation.worker, bot.generation.fake\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    result = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert (result.stdout, result.stderr) == ("[]\n", "")
    with process() as (line, worker, _):
        line.send(Configure((make_spec(),)), Load("1", "m"))
        line.until(Loaded)
        rss_mb = psutil.Process(worker.pid).memory_info().rss / 1e6
        assert rss_mb < LIGHT_MB


def test_worker_without_a_configuration_ends() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(encode_frame([Ping()]))
        serve(theirs)
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(b"\0\0")  # half a header
        ours.close()
        serve(theirs)


def test_serve_answers_a_request_in_order(
    make_spec: Callable[..., ModelSpec],
    make_request: Callable[..., GenerationRequest],
) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        serving = threading.Thread(target=serve, args=(theirs,), daemon=True)
        serving.start()
        line = Line(ours)
        request = make_request()
        line.send(Configure((make_spec(reply="one two three"),)), begin(request))
        ready = line.until(Ready)
        assert isinstance(ready, Ready)
        assert ready.pid == os.getpid()
        ended = line.until(Ended)
        assert isinstance(ended, Ended)
        assert ended.finished.reason is FinishReason.STOP
        texts = [event.text for event in line.events if isinstance(event, Chunk)]
        assert "".join(texts) == "one two three"
        ours.shutdown(socket.SHUT_RDWR)
        serving.join(WAIT_S)
        assert not serving.is_alive()


def test_outbox_puts_many_pieces_into_one_frame() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        outbox = Outbox(theirs)
        finished = Finished(FinishReason.STOP, 1, 2)
        sent: tuple[Event, ...] = (
            Chunk("a", "1"),
            Chunk("b", "x"),
            Chunk("a", "2"),
            Ended("b", finished),
            Chunk("a", "3"),
        )
        for one in sent:
            outbox.put(one)
        outbox.close()
        theirs.close()
        raw = b"".join(iter(lambda: ours.recv(65536), b""))
    events: list[Event] = []
    while raw:
        size = frame_size(raw[:HEADER_BYTES])
        events += decode_events(raw[HEADER_BYTES : HEADER_BYTES + size])
        raw = raw[HEADER_BYTES + size :]
    assert len(events) < 5
    texts = {"a": "", "b": ""}
    for event in events:
        if isinstance(event, Chunk):
            texts[event.id] += event.text
    assert texts == {"a": "123", "b": "x"}
    assert Ended("b", finished) in events


def test_outbox_to_nobody_ends_quietly() -> None:
    ours, theirs = socket.socketpair()
    ours.close()
    with theirs:
        outbox = Outbox(theirs)
        outbox.put(Ready(1))
        outbox.close()


def test_frames_that_are_too_long_or_no_frames_are_refused() -> None:
    with pytest.raises(ValueError, match="a frame of"):
        frame_size(b"\xff\xff\xff\xff")
    with pytest.raises(msgspec.DecodeError):
        decode_commands(b"\xc0")


def test_errors_cross_with_their_texts() -> None:
    inner = T("the file {name}", name="x\ud83d")
    text = Tn("{n} of {what}", "{n} of {what}", 2, what=inner)
    frame = encode_frame([failure("1", MissingError(text))])
    (event,) = decode_events(frame[HEADER_BYTES:])
    assert isinstance(event, Failed)
    error = event.exception()
    assert type(error) is MissingError
    assert str(error) == "2 of the file x?"
    assert type(failure("1", BackendGoneError(inner)).exception()).__name__ == (
        "BackendError"
    )
