"""Forks bots from a process that has loaded everything once.

To import both SDKs takes a second or two; to fork a process that has them, none. It is
forked itself before its parent begins a loop or a thread.
"""

import asyncio
import gc
import os
import signal
import sys
from pathlib import Path
from typing import TextIO

from content.grammar import grammar_part
from tests.content.kill.orders import Order
from tests.content.kill.posting_bot import live

__all__ = ["Zygote"]

LOG = "log"


class Zygote:
    """Starts one bot at a time and says how it ended."""

    def __init__(self, pid: int, orders: TextIO, reports: int) -> None:
        self._pid = pid
        self._orders = orders
        self._reports = reports
        self._reader = asyncio.StreamReader()

    @classmethod
    def fork(cls) -> "Zygote":
        """Begin one. Only from a process without threads."""
        orders_in, orders_out = os.pipe()
        reports_in, reports_out = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(orders_out)
            os.close(reports_in)
            try:
                _serve(orders_in, reports_out)
            finally:
                os._exit(0)
        os.close(orders_in)
        os.close(reports_out)
        return cls(pid, os.fdopen(orders_out, "w"), reports_in)

    async def __aenter__(self) -> "Zygote":
        loop = asyncio.get_running_loop()
        self._reader = asyncio.StreamReader()
        await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(self._reader),
            os.fdopen(self._reports, "rb"),
        )
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._orders.close()
        await asyncio.to_thread(os.waitpid, self._pid, 0)

    async def start(self, order: Order) -> int:
        """Start a bot; return its process's id."""
        self._orders.write(order.to_line())
        self._orders.flush()
        return int(await self._reader.readline())

    async def ended(self) -> int:
        """Wait for the end of the bot; return its status, -9 where it was killed."""
        return int(await self._reader.readline())


def _serve(orders: int, reports: int) -> None:
    asyncio.run(grammar_part("It is warm.", "en"))  # loads what the writer needs
    gc.collect()
    gc.freeze()
    with os.fdopen(orders) as lines, os.fdopen(reports, "w") as answers:
        for line in lines:
            order = Order.from_line(line)
            pid = os.fork()
            if pid == 0:
                _live(order, lines, answers)
            answers.write(f"{pid}\n")
            answers.flush()
            _, status = os.waitpid(pid, 0)
            answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
            answers.flush()


def _live(order: Order, *inherited: TextIO) -> None:
    """Be a bot; never returns."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for one in inherited:
        os.close(one.fileno())
    log = os.open(Path(order.folder) / LOG, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.dup2(log, 1)
    os.dup2(log, 2)
    code = 1
    try:
        asyncio.run(live(order))
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
