"""What is written to a terminal: safe, in order, and without blocking the loop."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TextIO

import structlog
from rich.console import Console
from rich.text import Text as Styled

__all__ = ["Screen", "neutral"]

logger = structlog.get_logger(__name__)

# A picture of each control character stands for it; C1 characters have none.
_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"}
_PICTURES |= {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)


def neutral(text: str) -> str:
    """Return a text that cannot steer the terminal.

    Escapes could move the cursor, set the title, or hide what was said before.
    """
    return text.replace("\r\n", "\n").translate(_PICTURES)


class Screen:
    """The two streams of a terminal.

    Answers go to `stdout` as they are; everything around them (choices, notices,
    the prompt) goes to `stderr`, in colours where that is a terminal and NO_COLOR is
    not set. Writing happens in a thread, in the order of the calls; closing waits for
    it `close_s`, since a terminal may have been stopped.
    """

    def __init__(self, stdout: TextIO, stderr: TextIO, *, close_s: float = 5.0) -> None:
        self.has_terminal = stderr.isatty()
        self.is_gone = asyncio.Event()
        """Set once nobody reads `stdout` any more."""
        self._stdout = stdout
        self._close_s = close_s
        self._console = Console(
            file=stderr, soft_wrap=True, highlight=False, markup=False, emoji=False
        )
        self._jobs: asyncio.Queue[Callable[[], None]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to write."""
        self._task = asyncio.create_task(self._work())

    async def close(self) -> None:
        """Write what is left, and stop."""
        try:
            async with asyncio.timeout(self._close_s):
                await self._jobs.join()
        except TimeoutError:
            logger.warning("terminal takes nothing")
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def write(self, text: str) -> None:
        """Write a part of an answer; it is made harmless."""
        self._jobs.put_nowait(partial(self._write, neutral(text)))

    def note(self, text: str, *, style: str = "", end: str = "\n") -> None:
        """Write something around the answers."""
        styled = Styled(neutral(text), "" if self._console.no_color else style)
        self._jobs.put_nowait(partial(self._console.print, styled, end=end))

    async def written(self) -> None:
        """Wait until all that was handed over is written."""
        await self._jobs.join()

    async def _work(self) -> None:
        while True:
            job = await self._jobs.get()
            try:
                await asyncio.to_thread(job)
            except (OSError, ValueError) as error:  # the reader left, or closed it
                if not self.is_gone.is_set():
                    logger.warning("terminal is gone", reason=type(error).__name__)
                self.is_gone.set()
            finally:
                self._jobs.task_done()

    def _write(self, text: str) -> None:
        # A terminal may know fewer letters than the text has.
        encoding = self._stdout.encoding or "utf-8"
        self._stdout.write(text.encode(encoding, "replace").decode(encoding))
        self._stdout.flush()
