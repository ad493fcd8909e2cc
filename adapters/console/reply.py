"""An answer on the terminal: only the new part is written, nothing is edited."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

from typing_extensions import override

from adapters.console.screen import Screen
from bot.adapter import ReplyStream
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import Attachment, Button, Reply
from bot.waiting import is_set_within
from bot.words import T, Text

__all__ = ["ConsoleReply", "Floor"]

FLOOR_S = 60.0
"""So long an answer waits for another that was begun and says nothing more."""


class Floor:
    """Who may write: one answer at a time, so that no two are mixed."""

    def __init__(self, screen: Screen, *, clock: Clock) -> None:
        self._screen = screen
        self._clock = clock
        self._speaker: ConsoleReply | None = None
        self._is_free = asyncio.Event()

    @property
    def is_free(self) -> bool:
        """Whether nobody is writing."""
        return self._speaker is None

    def take(self, reply: "ConsoleReply") -> bool:
        """Take the floor if it is free; return whether the reply has it now."""
        if self._speaker is None:
            self._speaker = reply
        return self._speaker is reply

    async def wait(self, reply: "ConsoleReply") -> None:
        """Take the floor once it is free, or once its holder has been silent long."""
        while not self.take(reply):
            self._is_free.clear()
            if not await is_set_within(self._is_free, FLOOR_S, self._clock):
                self._speaker = None
                self._screen.write("\n")

    def leave(self, reply: "ConsoleReply") -> None:
        """Give the floor to whoever waits."""
        if self._speaker is reply:
            self._speaker = None
            self._is_free.set()


class ConsoleReply(ReplyStream):
    """One answer, written as it grows.

    Attributes:
        id: of the message it becomes.
        screen: where it is written.
        floor: who may write.
        offer: lists buttons as choices; called again with others, or none, they take
            the place of the earlier ones of this answer.
        ended: is told once the answer stands there, or could not be written.
    """

    def __init__(
        self,
        *,
        screen: Screen,
        floor: Floor,
        say: Callable[[Text], str],
        offer: Callable[["ConsoleReply", tuple[Button, ...]], None],
        ended: Callable[["ConsoleReply"], None],
        buttons: tuple[Button, ...] = (),
    ) -> None:
        self.id = uuid4().hex
        self._screen = screen
        self._floor = floor
        self._say = say
        self._offer = offer
        self._ended = ended
        self._buttons = buttons
        self._notice = ""
        self._fed = ""
        self._written = ""  # the part of the answer that stands there
        self._is_closed = False

    @override
    async def notice(self, text: str, picture: Attachment | None = None) -> None:
        is_news = text != self._notice and not self._fed
        if is_news and self._floor.is_free and not self._is_closed:
            self._notice = text
            self._screen.note(text, style="dim")

    @override
    async def feed(self, text: str) -> None:
        self._fed += text
        # Blanks at the end are kept back: the answer may stop before them.
        ready = self._fed.rstrip()
        if len(ready) > len(self._written) and not self._is_closed:
            if not self._floor.take(self):
                return
            if not self._written:
                self._offer(self, self._buttons)
            self._screen.write(ready[len(self._written) :])
            self._written = ready

    @override
    async def finish(self, reply: Reply) -> tuple[str, ...]:
        try:
            if not self._is_closed:
                await self._floor.wait(self)
                self._write_end(reply)
                await self._screen.written()
            if self._is_closed or self._screen.is_gone.is_set():
                raise PlatformError(T("The terminal was closed."))
        finally:
            self._floor.leave(self)
            self._ended(self)
        is_there = reply.text.strip() or reply.attachments
        return (self.id,) if is_there else ()

    def close(self) -> None:
        """Write nothing more."""
        self._is_closed = True
        self._floor.leave(self)

    def _write_end(self, reply: Reply) -> None:
        if not reply.text.startswith(self._written):
            taken_back = T("(What stands above was taken back.)")
            self._screen.write(f"\n{self._say(taken_back)}\n")
            self._written = ""
        rest = reply.text.removeprefix(self._written)
        if self._written or rest.strip():
            # A line of its own ends the answer, unless it ends in one.
            self._screen.write(rest if rest.endswith("\n") else f"{rest}\n")
        self._written = reply.text
        for file in reply.attachments:
            size_kb = max(1, file.size_bytes // 1024)
            text = T("File: {name}, {size} KB", name=file.name, size=size_kb)
            self._screen.note(self._say(text), style="cyan")
        self._offer(self, reply.buttons)
