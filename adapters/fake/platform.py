"""A platform in memory: what was posted, what was called, and what went wrong."""

from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.adapter import Limits
from bot.clock import Clock
from bot.errors import GoneError, PlatformError
from bot.messages import Author, Channel, Reply
from bot.words import T

__all__ = ["Call", "CallKind", "Change", "Deed", "FakePlatform", "Fault", "Posted"]


class CallKind(StrEnum):
    """What the bot asked the platform to do."""

    SEND = "send"
    """Post a message."""
    EDIT = "edit"
    """Change a message of the bot."""
    DELETE = "delete"
    """Take a message away."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong with one call.

    Attributes:
        error: what the caller gets.
        happened: the call is carried out all the same; only its answer is lost.
    """

    error: PlatformError
    happened: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call that the bot made, whether it succeeded or not."""

    kind: CallKind
    at_s: float
    message_id: str | None
    message: Reply | None
    error: PlatformError | None


@dataclass(frozen=True, slots=True)
class Posted:
    """A message in a channel. `author` is None for the bot."""

    id: str
    channel: Channel
    author: Author | None
    message: Reply

    def is_visible_to(self, reader_id: str | None) -> bool:
        """Whether a reader sees it; None is somebody whom nothing private concerns."""
        return self.message.only_for in {None, reader_id}


@dataclass(frozen=True, slots=True)
class Change:
    """A message came, changed or went; `text` is None where it went."""

    at_s: float
    channel_key: str
    message_id: str
    text: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done to a person or a message of theirs.

    Attributes:
        kind: "delete", "timeout", "kick" or "ban".
        whom: the id of the person or the message.
    """

    kind: str
    whom: str
    reason: str
    until_utc: datetime | None = None


class FakePlatform:
    """Takes what a real platform would take, and can be told to fail.

    Each call takes the next entry of `faults`, None being no fault; once they are used
    up nothing fails. Only the newest `keep` messages, calls and changes are kept, so
    that it can run for long.
    """

    def __init__(
        self, *, limits: Limits, clock: Clock, latency_s: float = 0.0, keep: int
    ) -> None:
        self.faults: deque[Fault | None] = deque()
        self.calls: deque[Call] = deque(maxlen=keep)
        self.changes: deque[Change] = deque(maxlen=keep)
        self.deeds: list[Deed] = []
        self.untouchable: dict[str, PlatformError] = {}
        self.latency_s = latency_s
        self.is_connected = True
        self.most_in_flight = 0
        self._limits = limits
        self._clock = clock
        self._keep = keep
        self._num_in_flight = 0
        self._num_messages = 0
        self._posted: OrderedDict[str, Posted] = OrderedDict()
        self._nonces: OrderedDict[str, str] = OrderedDict()

    def visible(self, channel: Channel, reader_id: str | None = None) -> list[Posted]:
        """Return the messages that a reader sees in a channel, oldest first."""
        return [
            posted
            for posted in self._posted.values()
            if posted.channel.key == channel.key and posted.is_visible_to(reader_id)
        ]

    def moments(self, channel: Channel) -> Iterator[tuple[str, ...]]:
        """Yield the texts that stood in a channel after each change, oldest first."""
        texts: dict[str, str] = {}
        for change in self.changes:
            if change.channel_key != channel.key:
                continue
            if change.text is None:
                texts.pop(change.message_id, None)
            else:
                texts[change.message_id] = change.text
            yield tuple(texts.values())

    def find(self, message_id: str) -> Posted:
        """Return a message.

        Raises:
            GoneError: it is not there, or not any more.
        """
        if message_id not in self._posted:
            raise GoneError(T("The message is no longer there."))
        return self._posted[message_id]

    def post(self, channel: Channel, message: Reply, author: Author | None) -> str:
        """Put a message into a channel, with no limits or faults, and return its id."""
        self._num_messages += 1
        posted = Posted(str(self._num_messages), channel, author, message)
        self._put(posted)
        return posted.id

    def change(self, message_id: str, message: Reply) -> None:
        """Change a message, with no limits or faults."""
        self._put(replace(self.find(message_id), message=message))

    def remove(self, message_id: str) -> None:
        """Take a message away, with no limits or faults."""
        posted = self.find(message_id)
        del self._posted[message_id]
        self._record(posted, None)

    async def send(self, channel: Channel, message: Reply, *, nonce: str = "") -> str:
        """Post a message of the bot, once for each nonce, and return its id."""
        fault = await self._begin(CallKind.SEND, None, message)
        if nonce and nonce in self._nonces:
            message_id = self._nonces[nonce]
        else:
            self._check(message)
            message_id = self.post(channel, message, None)
            if nonce:
                self._nonces[nonce] = message_id
                _trim(self._nonces, self._keep)
        if fault is not None:
            raise fault.error
        return message_id

    async def edit(
        self, message_id: str, message: Reply, *, keeps_files: bool = False
    ) -> None:
        """Change a message of the bot."""
        fault = await self._begin(CallKind.EDIT, message_id, message)
        self._check(message)
        before = self.find(message_id).message
        files = before.attachments if keeps_files else message.attachments
        self.change(
            message_id, replace(message, attachments=files, only_for=before.only_for)
        )
        if fault is not None:
            raise fault.error

    async def delete(self, message_id: str) -> None:
        """Take a message of the bot away."""
        fault = await self._begin(CallKind.DELETE, message_id, None)
        self.remove(message_id)
        if fault is not None:
            raise fault.error

    def do(self, deed: Deed) -> None:
        """Do something to a person or a message of theirs."""
        if deed.whom in self.untouchable:
            raise self.untouchable[deed.whom]
        if deed.kind == "delete":
            self.remove(deed.whom)
        self.deeds.append(deed)

    async def _begin(
        self, kind: CallKind, message_id: str | None, message: Reply | None
    ) -> Fault | None:
        """Record a call and let it take its time; return a fault for its answer."""
        if not self.is_connected:
            raise PlatformError(T("The connection to the platform was closed."))
        fault = self.faults.popleft() if self.faults else None
        error = None if fault is None else fault.error
        at_s = self._clock.monotonic()
        self.calls.append(Call(kind, at_s, message_id, message, error))
        self._num_in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._num_in_flight)
        try:
            await self._clock.sleep(self.latency_s)
        finally:
            self._num_in_flight -= 1
        if fault is not None and not fault.happened:
            raise fault.error
        return fault

    def _check(self, message: Reply) -> None:
        limits = self._limits
        if limits.count_units(message.text) > limits.text_units:
            raise PlatformError(T("The text is too long."))
        if not message.text.strip() and not message.attachments:
            raise PlatformError(T("The message is empty."))
        if len(message.attachments) > limits.attachments:
            raise PlatformError(T("There are too many files."))
        if any(f.size_bytes > limits.attachment_bytes for f in message.attachments):
            raise PlatformError(T("A file is too large."))

    def _put(self, posted: Posted) -> None:
        self._posted[posted.id] = posted
        _trim(self._posted, self._keep)
        self._record(posted, posted.message.text)

    def _record(self, posted: Posted, text: str | None) -> None:
        at_s = self._clock.monotonic()
        self.changes.append(Change(at_s, posted.channel.key, posted.id, text))


def _trim(kept: OrderedDict[str, Posted] | OrderedDict[str, str], keep: int) -> None:
    while len(kept) > keep:
        kept.popitem(last=False)
