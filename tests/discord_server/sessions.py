"""Sessions of the gateway: what was sent, so that it can be sent again."""

import asyncio
import json
import zlib
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from tests.discord_server.intents import Intent
from tests.discord_server.refusals import Json

__all__ = ["Connection", "Session"]


class Connection:
    """One web socket; `zlib-stream` shares one compressor over all of it."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.session: Session | None = None
        self.is_ended_here = False
        self.received_s: deque[float] = deque()  # when, for the limit of 120 a minute
        self._request = request
        self._lock = asyncio.Lock()
        self._zlib = None
        if request.query.get("compress") == "zlib-stream":
            self._zlib = zlib.compressobj()

    async def send(self, op: int, body: object = None, **more: object) -> None:
        """Send a payload; one that nobody can receive any more is lost."""
        text = json.dumps({"op": op, "d": body, "s": None, "t": None} | more)
        async with self._lock:
            try:
                if self._zlib is None:
                    await self.socket.send_str(text)
                    return
                packed = self._zlib.compress(text.encode())
                packed += self._zlib.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(packed)
            except ConnectionError:
                return

    async def close(self, code: int) -> None:
        """Close in order, saying why."""
        self.is_ended_here = True
        await self.socket.close(code=code)

    def cut(self) -> None:
        """Break the connection without a word."""
        self.is_ended_here = True
        if self._request.transport is not None:
            self._request.transport.abort()


@dataclass(eq=False)
class Session:
    """What one IDENTIFY began.

    Attributes:
        sent: every event with its number, for RESUME.
        connection: None while the bot is away.
    """

    id: str
    shard: int
    num_shards: int
    intents: Intent
    connection: Connection | None
    can_resume: bool = True
    sent: list[tuple[str, Json]] = field(default_factory=list)

    def sees(self, guild_id: str | None) -> bool:
        """Whether events of a guild, or (None) of DMs, go to this shard."""
        if guild_id is None:
            return self.shard == 0
        return (int(guild_id) >> 22) % self.num_shards == self.shard

    async def dispatch(
        self, event: str, body: Json, *, is_silent: bool = False
    ) -> None:
        """Send an event now, or when the bot comes back."""
        self.sent.append((event, body))
        if self.connection is not None and not is_silent:
            await self._send(self.connection, len(self.sent))

    async def resume(self, connection: Connection, last_seen: int) -> None:
        """Send what was missed, in order, then go on."""
        if self.connection is not None:
            self.connection.session = None
        self.connection = None
        while last_seen < len(self.sent):
            last_seen += 1
            await self._send(connection, last_seen)
        self.connection = connection
        connection.session = self
        await self.dispatch("RESUMED", {})

    async def _send(self, connection: Connection, number: int) -> None:
        event, body = self.sent[number - 1]
        await connection.send(0, body, s=number, t=event)
