"""The process that owns a device and holds the backends.

Started by bot.generation.supervisor as `python -m bot.generation.worker --fd N`, where
N is one end of a socket pair. The main thread reads commands and hands them on. Ends
when the bot does: then there is nothing more to read. What is printed here, by native
libraries too, ends in the bot's log.
"""

import argparse
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot.generation.dispatcher import Dispatcher
from bot.generation.outbox import Outbox
from bot.generation.wire import (
    HEADER_BYTES,
    Command,
    Configure,
    Ready,
    decode_commands,
    frame_size,
)

__all__ = ["main", "serve"]

logger = structlog.get_logger(__name__)

EXIT_S = 10.0
"""A backend that does not let go within this time is left to the kernel."""


def main(arguments: list[str] | None = None) -> int:
    """Serve the socket whose file descriptor is given until it is closed."""
    parser = argparse.ArgumentParser(prog="python -m bot.generation.worker")
    parser.add_argument("--fd", type=int, required=True)
    descriptor: int = parser.parse_args(arguments).fd
    # Ctrl+C and a service manager reach the whole group: the bot decides what follows.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _log_to_stderr()
    with socket.socket(fileno=descriptor) as connection:
        serve(connection)
    return 0


def serve(connection: socket.socket) -> None:
    """Obey the commands that come through a connection until its other end closes."""
    commands = _commands(connection)
    configure = next(commands, None)
    if not isinstance(configure, Configure):
        return
    outbox = Outbox(connection)
    dispatcher = Dispatcher(outbox.put, configure=configure)
    outbox.put(Ready(os.getpid()))
    for command in commands:
        dispatcher.handle(command)
    with _exit_at_the_latest():
        dispatcher.close()
        outbox.close()


def _commands(connection: socket.socket) -> Iterator[Command]:
    while header := _read(connection, HEADER_BYTES):
        body = _read(connection, frame_size(header))
        if body:
            yield from decode_commands(body)


def _read(connection: socket.socket, size: int) -> bytes:
    """Return so many bytes, or none if the other end closed before."""
    parts = bytearray()
    try:
        while len(parts) < size:
            part = connection.recv(size - len(parts))
            if not part:
                return b""
            parts += part
    except OSError:  # it was killed
        return b""
    return bytes(parts)


@contextmanager
def _exit_at_the_latest() -> Iterator[None]:
    timer = threading.Timer(EXIT_S, os._exit, args=(1,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _log_to_stderr() -> None:
    """Write one JSON object a line, which the bot puts into its own log."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    sys.exit(main())
