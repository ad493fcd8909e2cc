"""A person chats in the terminal: `hearthbot run --console`."""

import asyncio
import sys
from collections import OrderedDict
from dataclasses import replace
from typing import ClassVar, TextIO
from uuid import uuid4

import structlog
from typing_extensions import override

from adapters.console.keyboard import ByteSource, Keyboard
from adapters.console.lines import Line
from adapters.console.reply import ConsoleReply, Floor
from adapters.console.screen import Screen
from bot.adapter import Adapter, Inbox, Limits, ReplyStream
from bot.clock import Clock, SystemClock
from bot.errors import GoneError
from bot.messages import Author, Button, Channel, Message, Press, Reply, Role
from bot.publication import Publication, Published
from bot.waiting import is_set_within
from bot.words import T, Text, Words

__all__ = ["ConsoleAdapter"]

logger = structlog.get_logger(__name__)

TERMINAL = Channel("console", "terminal", "console", "terminal", is_private=True)
ANSWER_S = 900.0
"""So long the next line of a pipe waits for the answer to the one before."""
NUM_NONCES = 1000


class ConsoleAdapter(Adapter):
    """The terminal as a platform with one channel and one person, who owns it.

    At a terminal each line is a message at once, and lines pasted together are one
    message. From a pipe each line is a message, handed in once the one before was
    answered. A number presses the button with that number. Only answers go to
    `stdout`; the rest goes to `stderr`.

    Attributes:
        done: set once the person has left and what they asked is answered.
    """

    name: ClassVar[str] = "console"
    limits = Limits(1_000_000, edit_interval_s=0.0)  # a terminal takes any length
    can_edit: ClassVar[bool] = False
    can_hide: ClassVar[bool] = True  # there is nobody else
    can_deduplicate: ClassVar[bool] = True
    can_offer: ClassVar[bool] = False  # they would be listed below every answer

    def __init__(
        self,
        inbox: Inbox,
        *,
        words: Words,
        language: str | None = None,
        clock: Clock | None = None,
        stdin: ByteSource | None = None,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
    ) -> None:
        self.done = asyncio.Event()
        self._inbox = inbox
        self._words = words
        self._language = language
        self._clock = clock or SystemClock()
        # Unbuffered: a buffer's lock, held by a waiting thread, would stop the exit.
        raw = stdin or open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115
        self._keyboard = Keyboard(raw, clock=self._clock)
        self._screen = Screen(stdout or sys.stdout, stderr or sys.stderr)
        self._floor = Floor(self._screen, clock=self._clock)
        self._author = Author(
            "owner", self._say(T("Owner")), Role.OWNER, language=language
        )
        self._choices: tuple[Button, ...] = ()
        self._chooser: ConsoleReply | None = None  # the answer that offered them
        self._asking: Press | None = None  # its button waits for a line
        self._open: dict[ConsoleReply, str | None] = {}  # → what it answers
        # What has no answer yet → whether it is a command, whose answer names nothing.
        self._waiting: dict[str, bool] = {}
        self._answered = asyncio.Event()
        self._nonces: OrderedDict[str, tuple[str, ...]] = OrderedDict()
        self._is_closed = False
        self._task: asyncio.Task[None] | None = None

    @property
    @override
    def left(self) -> asyncio.Event:
        return self.done

    @override
    async def __aenter__(self) -> "ConsoleAdapter":
        self._screen.open()
        self._task = asyncio.create_task(self._listen())
        self._keyboard.open()
        self._prompt()
        return self

    @override
    async def __aexit__(self, *exc_info: object) -> None:
        self._is_closed = True
        self._keyboard.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        for reply in tuple(self._open):
            reply.close()
        await self._screen.close()
        self.done.set()

    @override
    async def role_of(self, channel: Channel, person_id: str) -> Role:
        return Role.OWNER if person_id == self._author.id else Role.MEMBER

    @override
    def channel(self, channel_id: str) -> Channel:
        if channel_id != TERMINAL.id:
            raise GoneError(T("There is no channel {name}.", name=channel_id))
        return TERMINAL

    @override
    async def send(
        self, channel: Channel, reply: Reply, *, nonce: str = ""
    ) -> tuple[str, ...]:
        self.channel(channel.id)
        if nonce and nonce in self._nonces:
            return self._nonces[nonce]
        ids = await self._open_reply(reply.reply_to_id, ()).finish(reply)
        if nonce:
            self._nonces[nonce] = ids
            if len(self._nonces) > NUM_NONCES:
                self._nonces.popitem(last=False)
        return ids

    @override
    async def revise(
        self,
        channel: Channel,
        published: Published,
        publication: Publication,
        *,
        nonce: str,
    ) -> Published:
        changed = self._say(T("This post has changed:"))
        text = f"{changed}\n\n{publication.text}"
        await self.send(channel, Reply(text), nonce=nonce)
        return published

    @override
    async def retract(self, channel: Channel, published: Published) -> None:
        text = self._say(T("A post further up was taken back."))
        nonce = f"retract.{published.message_id}"
        await self.send(channel, Reply(text), nonce=nonce)

    @override
    def open_reply(
        self, message: Message, *, buttons: tuple[Button, ...] = ()
    ) -> ReplyStream:
        return self._open_reply(message.id, buttons)

    def _open_reply(
        self, answers: str | None, buttons: tuple[Button, ...]
    ) -> ConsoleReply:
        reply = ConsoleReply(
            screen=self._screen,
            floor=self._floor,
            say=self._say,
            offer=self._offer,
            ended=self._ended,
            buttons=buttons,
        )
        if self._is_closed:
            reply.close()
        self._open[reply] = answers
        return reply

    def _ended(self, reply: ConsoleReply) -> None:
        answers = self._open.pop(reply, None)
        self._waiting = {
            message_id: is_command
            for message_id, is_command in self._waiting.items()
            if message_id != answers and not (is_command and answers is None)
        }
        self._answered.set()
        if not self._open:
            self._prompt()

    def _offer(self, reply: ConsoleReply, buttons: tuple[Button, ...]) -> None:
        """List buttons as choices; an answer without any keeps those of others."""
        if buttons:
            self._choices, self._chooser = buttons, reply
            labels = (f"[{n}] {button.label}" for n, button in enumerate(buttons, 1))
            self._screen.note("  ".join(labels), style="cyan")
        elif self._chooser is reply:
            self._choices, self._chooser = (), None

    def _prompt(self) -> None:
        if (
            self._keyboard.is_typed
            and self._screen.has_terminal
            and not self._is_closed
        ):
            self._screen.note("> ", style="bold", end="")

    def _say(self, text: Text) -> str:
        return self._words.say(text, self._language)

    async def _listen(self) -> None:
        gone = asyncio.create_task(self._screen.is_gone.wait())
        talk = asyncio.create_task(self._converse())
        try:
            await asyncio.wait({gone, talk}, return_when=asyncio.FIRST_COMPLETED)
            if talk.done():
                talk.result()
        finally:
            gone.cancel()
            talk.cancel()
            self.done.set()

    async def _converse(self) -> None:
        async for line in self._keyboard.entries():
            self._take(line)
            if not self._keyboard.is_typed:
                await self._wait_answers()

    def _take(self, line: Line) -> None:
        """Hand in a line as a message, or as the press of a button."""
        if line.is_damaged:
            text = T(
                "Some of that could not be read (it is no UTF-8) and was replaced."
            )
            self._screen.note(self._say(text), style="yellow")
        message_id = uuid4().hex
        press = self._pressed(line.text.strip())
        if self._asking is not None:  # the next line is the answer
            self._prompt()
        elif press is not None:
            self._waiting[message_id] = True
            self._inbox.pressed(press)
        elif line.text.strip():
            self._waiting[message_id] = line.text.startswith("/")
            self._inbox.message(self._message(message_id, line.text))
        elif not self._open:
            self._prompt()

    def _message(self, message_id: str, text: str) -> Message:
        return Message(
            id=message_id,
            channel=TERMINAL,
            author=self._author,
            text=text,
            created_utc=self._clock.now_utc(),
            is_to_bot=True,
        )

    def _pressed(self, text: str) -> Press | None:
        """Return what a line presses; None: nothing, or the button asks for more."""
        if self._asking is not None:
            asking, self._asking = self._asking, None
            line = f"{asking.command} {text}"
            return replace(asking, command=line) if text else None
        if self._chooser is None or not text.isdecimal() or len(text) > 2:
            return None
        number = int(text)
        if not 0 < number <= len(self._choices):
            return None
        button = self._choices[number - 1]
        press = Press(TERMINAL, self._author, button.command, self._chooser.id)
        if not button.asks:
            return press
        self._asking = press
        self._screen.note(button.asks, style="cyan")
        return None

    async def _wait_answers(self) -> None:
        while self._waiting:
            self._answered.clear()
            if not await is_set_within(self._answered, ANSWER_S, self._clock):
                break
        if self._waiting:
            logger.warning("no answer came", num_messages=len(self._waiting))
            self._waiting.clear()
