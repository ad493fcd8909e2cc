"""The gateway: HELLO, IDENTIFY, RESUME, heartbeats, and all that goes wrong there."""

import json
import secrets
from collections.abc import Awaitable, Callable

from aiohttp import WSMsgType, web

from bot.clock import Clock
from tests.discord_server.intents import KNOWN_BITS, PRIVILEGED, Intent
from tests.discord_server.payloads import guild_json, member_json, user_json
from tests.discord_server.refusals import Json
from tests.discord_server.sessions import Connection, Session
from tests.discord_server.world import World

__all__ = ["Gateway"]

MOST_A_MINUTE = 120
LARGEST_BYTES = 4096
FAREWELLS = {1000, 1001}  # with these the bot ends its session


class Gateway:
    """Serves the bot's web sockets.

    Attributes:
        allowed: the privileged intents that the application may use.
        is_silent: heartbeats are not acknowledged and events are only kept.
        closes: the codes that connections were closed with from here.
        num_identifies, num_resumes: how often a bot came, and came back.
        presences: what the bot said of itself, newest last.
    """

    def __init__(self, world: World, token: str, clock: Clock) -> None:
        self.allowed = PRIVILEGED
        self.num_shards = 1
        self.heartbeat_interval_s = 41.25
        self.identifies_left = 1000
        self.is_silent = False
        self.url = ""
        self.closes: list[int] = []
        self.num_identifies = 0
        self.num_resumes = 0
        self.num_heartbeats = 0
        self.presences: list[Json] = []
        self.sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()
        self._world = world
        self._token = token
        self._clock = clock
        self._ops: dict[int, Callable[[Connection, Json], Awaitable[None]]] = {
            2: self._identify,
            3: self._presence,
            4: self._voice_state,
            6: self._resume,
            8: self._members,
        }

    @property
    def is_connected(self) -> bool:
        """Whether every shard of the bot is there and has identified."""
        live = {s.shard for s in self.sessions.values() if s.connection is not None}
        return len(live) == self.num_shards

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one web socket until it closes."""
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self._connections.add(connection)
        interval_ms = int(self.heartbeat_interval_s * 1000)
        await connection.send(10, {"heartbeat_interval": interval_ms})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._received(connection, message.data)
        finally:
            self._leave(connection)
        return socket

    async def dispatch(
        self,
        event: str,
        body: Callable[[Session], Json | None],
        *,
        guild_id: str | None,
        needs: Intent = Intent.NONE,
    ) -> None:
        """Send an event to the session that it is for; `body` may be None for it."""
        for session in list(self.sessions.values()):
            wants = not needs or bool(session.intents & needs)
            if not (session.sees(guild_id) and wants):
                continue
            shown = body(session)
            if shown is not None:
                await session.dispatch(event, shown, is_silent=self.is_silent)

    async def drop(self, *, resumable: bool = True, code: int | None = None) -> None:
        """End all connections: with a code, or (None) by breaking them."""
        for session in self.sessions.values():
            session.can_resume = session.can_resume and resumable
        for connection in list(self._connections):
            if connection.session is not None:
                connection.session.connection = None
            if code is None:
                connection.cut()
            else:
                await connection.close(code)

    async def reconnect(self) -> None:
        """Ask the bot to come back and resume (op 7)."""
        for connection in list(self._connections):
            await connection.send(7)

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Say that the session is not valid (op 9)."""
        for session in self.sessions.values():
            session.can_resume = resumable
        for connection in list(self._connections):
            await connection.send(9, resumable)

    async def ask_heartbeat(self) -> None:
        """Ask for a heartbeat at once (op 1)."""
        for connection in list(self._connections):
            await connection.send(1)

    async def _received(self, connection: Connection, text: str) -> None:
        if self._is_too_fast(connection):
            await self._close(connection, 4008)
            return
        try:
            payload = json.loads(text)
            op, body = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError):
            await self._close(connection, 4002)
            return
        if len(text.encode()) > LARGEST_BYTES:
            await self._close(connection, 4002)
        elif op == 1:
            self.num_heartbeats += 1
            if not self.is_silent:
                await connection.send(11)
        elif op not in self._ops:
            await self._close(connection, 4001)
        elif op not in {2, 6} and connection.session is None:
            await self._close(connection, 4003)
        else:
            await self._ops[op](connection, body)

    async def _identify(self, connection: Connection, body: Json) -> None:
        shard, num_shards = body.get("shard") or (0, 1)
        intents = body.get("intents", 0)
        code = 0
        if connection.session is not None:
            code = 4005
        elif body.get("token") != self._token:
            code = 4004
        elif intents & ~KNOWN_BITS:
            code = 4013
        elif intents & PRIVILEGED & ~self.allowed:
            code = 4014
        elif not 0 <= shard < num_shards:
            code = 4010
        if code:
            await self._close(connection, code)
            return
        self.num_identifies += 1
        self.identifies_left -= 1
        session = Session(
            secrets.token_hex(8), shard, num_shards, Intent(intents), connection
        )
        connection.session = session
        for old in list(self.sessions.values()):
            if old.shard == shard:
                del self.sessions[old.id]
        self.sessions[session.id] = session
        await self._welcome(session)

    async def _welcome(self, session: Session) -> None:
        bot = self._world.bot
        guilds = [
            guild
            for guild in self._world.guilds.values()
            if bot.id in guild.members and session.sees(guild.id)
        ]
        ready: Json = {
            "v": 10,
            "user": user_json(bot),
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [session.shard, session.num_shards],
            "application": {"id": self._world.application_id, "flags": 0},
            "private_channels": [],
        }
        await session.dispatch("READY", ready)
        if not session.intents & Intent.GUILDS:
            return
        with_members = bool(session.intents & Intent.GUILD_MEMBERS)
        for guild in guilds:
            if guild.is_available:
                shown = guild_json(guild, bot, with_members=with_members)
                await session.dispatch("GUILD_CREATE", shown)

    async def _resume(self, connection: Connection, body: Json) -> None:
        if body.get("token") != self._token:
            await self._close(connection, 4004)
            return
        session = self.sessions.get(body.get("session_id", ""))
        if session is None or not session.can_resume:
            await connection.send(9, False)
            return
        last_seen = body.get("seq") or 0
        if last_seen > len(session.sent):
            await self._close(connection, 4007)
            return
        self.num_resumes += 1
        await session.resume(connection, last_seen)

    async def _presence(self, connection: Connection, body: Json) -> None:
        self.presences.append(body)

    async def _voice_state(self, connection: Connection, body: Json) -> None:
        pass  # nobody is in a voice channel here

    async def _members(self, connection: Connection, body: Json) -> None:
        assert connection.session is not None
        guild = self._world.guild(str(body["guild_id"]))
        wanted = {str(id_) for id_ in body.get("user_ids") or ()}
        query, limit = body.get("query"), body.get("limit") or 1000
        found = [
            member_json(member)
            for member in guild.members.values()
            if (member.user.id in wanted)
            or (query is not None and member.user.name.startswith(query))
        ]
        chunk: Json = {
            "guild_id": guild.id,
            "members": found[:limit],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        if body.get("nonce"):
            chunk["nonce"] = body["nonce"]
        await connection.session.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    def _is_too_fast(self, connection: Connection) -> bool:
        now_s = self._clock.monotonic()
        times = connection.received_s
        while times and times[0] <= now_s - 60.0:
            times.popleft()
        times.append(now_s)
        return len(times) > MOST_A_MINUTE

    async def _close(self, connection: Connection, code: int) -> None:
        self.closes.append(code)
        await connection.close(code)

    def _leave(self, connection: Connection) -> None:
        self._connections.discard(connection)
        session = connection.session
        if session is None:
            return
        if session.connection is connection:
            session.connection = None
        is_farewell = connection.socket.close_code in FAREWELLS
        if is_farewell and not connection.is_ended_here:
            session.can_resume = False
