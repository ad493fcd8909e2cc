"""The page as a platform: rooms in the browser, for people who share this bot."""

from collections.abc import Collection
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial

import structlog
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from typing_extensions import override

from adapters.addressing import Addressing, TalkOf
from adapters.revising import (
    published_as,
    reply_of,
    retract_messages,
    revise_messages,
)
from adapters.web.access import RoomAccess
from adapters.web.audience import Audience
from adapters.web.board import Board
from adapters.web.convert import room_channel
from adapters.web.desk_door import DeskDoor
from adapters.web.desk_entry import DeskEntry
from adapters.web.desk_parts import DeskParts
from adapters.web.desk_shell import DeskShell
from adapters.web.errors import as_platform_errors
from adapters.web.faces import FaceRoutes, Faces
from adapters.web.feeling_routes import FeelingRoutes
from adapters.web.feelings import Feelings
from adapters.web.guard import Guard
from adapters.web.health import Check, health_routes
from adapters.web.intake import Intake
from adapters.web.live import PostSink, RoomReply, RoomSink, reply_parts
from adapters.web.metering import Metering
from adapters.web.page import mount_page, unmount_page
from adapters.web.publish import publish
from adapters.web.room_routes import RoomRoutes
from adapters.web.server import WebServer, address_of, listen
from adapters.web.sessions import Sessions
from adapters.web.setup import PageSetup
from adapters.web.sign_in import Doorkeeper
from adapters.web.visit import Visits
from adapters.web.visitor_routes import VisitorRoutes
from bot.adapter import Adapter, Inbox, Limits, ReplyStream
from bot.avatars import Avatars
from bot.clock import Clock
from bot.commands.registry import Registry
from bot.config import WebConfig
from bot.messages import Button, Channel, Message, Reply
from bot.publication import Publication, Published
from bot.store.accounts import AccountRepository
from bot.store.rooms import RoomRepository
from bot.store.visitors import VisitorRepository
from bot.words import T, Words
from content.content import Content

__all__ = ["WebAdapter"]

logger = structlog.get_logger(__name__)

SESSION_SECRET = "web session"  # noqa: S105  the name of it, not the secret
LIMITS = Limits(
    text_units=100_000,
    edit_interval_s=0.08,
    attachment_bytes=10 * 2**20,
    attachments=4,
)


class WebAdapter(Adapter):
    """Serves the page; what is written there is kept in the store."""

    name = "web"
    can_hide = True
    can_deduplicate = True

    def __init__(
        self,
        config: WebConfig,
        *,
        bot_name: str,
        owners: Collection[str],
        language: str,
        inbox: Inbox,
        registry: Registry,
        words: Words,
        rooms: RoomRepository,
        visitors: VisitorRepository,
        accounts: AccountRepository,
        alive: Check,
        ready: Check,
        talk_of: TalkOf,
        clock: Clock,
        limits: Limits = LIMITS,
        content: Content | None = None,
        parts: DeskParts | None = None,
        avatars: Avatars | None = None,
        metering: Metering | None = None,
    ) -> None:
        """Take what the page shows; without content and parts there is no desk."""
        self.limits = limits
        self._config = config
        self._owners = tuple(owners)
        self._language = language
        self._registry = registry
        self._words = words
        self._rooms = rooms
        self._visitors = visitors
        self._accounts = accounts
        self._alive = alive
        self._ready = ready
        self._clock = clock
        self._desk = (content, parts) if content and parts else None
        self._metering = metering
        access = RoomAccess(config.rooms, config.moderator_rooms)
        self.board = Board(
            access=access,
            bot_name=bot_name,
            repository=rooms,
            audience=Audience(access),
            clock=clock,
        )
        addressing = Addressing(
            names=(), prefix="", talk_channels=config.talk_rooms, talk_of=talk_of
        )
        self.intake = Intake(self.board, inbox, addressing=addressing)
        self.feelings = Feelings(self.board, rooms.feelings, inbox, clock=clock)
        self._avatars = avatars
        self._faces = Faces(self.board, avatars)
        self._replies: set[RoomReply] = set()
        self._exit = AsyncExitStack()
        self._url = ""

    @property
    @override
    def url(self) -> str:
        """Where the page is, once it is open: with the real port."""
        return self._url

    @override
    async def __aenter__(self) -> "WebAdapter":
        self.board.open()
        note = self._words.say(T("(interrupted)"), self._language)
        await self._rooms.end_interrupted("/stop", note)
        listener = listen(self._config.host, self._config.port)
        async with AsyncExitStack() as stack:
            stack.callback(listener.close)
            if self._desk is not None:
                await stack.enter_async_context(self._desk[1].pulse)
            sessions = Sessions(
                key=await self._accounts.secret(SESSION_SECRET),
                visitors=self._visitors,
                owners=self._owners,
                clock=self._clock,
            )
            visits = Visits(sessions, self._words, language=self._language)
            app = self._app(visits)
            stack.callback(unmount_page)
            guard = Guard(
                app, visits=visits, host=self._config.host, url=self._config.url
            )
            server = WebServer(GZipMiddleware(guard), listener)
            await stack.enter_async_context(server)
            stack.push_async_callback(self._close_replies)
            if self._avatars is not None:
                stack.enter_context(self._avatars.watched(self._faces.show))
            self._exit = stack.pop_all()
        self._url = address_of(self._config.host, listener)
        logger.info("page open", url=self._url)
        return self

    @override
    async def __aexit__(self, *exc_info: object) -> None:
        await self._exit.aclose()
        logger.info("page closed")

    @override
    def channel(self, channel_id: str) -> Channel:
        self.board.access.check(channel_id)
        return room_channel(channel_id)

    @override
    async def send(
        self, channel: Channel, reply: Reply, *, nonce: str = ""
    ) -> tuple[str, ...]:
        sink = RoomSink(self.board, self.channel(channel.id).id)
        sent = [
            await sink.send(part, nonce=f"{nonce}.{number}" if nonce else "")
            for number, part in enumerate(reply_parts(reply, self.limits))
        ]
        return tuple(sent)

    @override
    async def publish(
        self, channel: Channel, publication: Publication, *, nonce: str
    ) -> Published:
        return await publish(self.board, self.channel(channel.id), publication, nonce)

    @override
    async def revise(
        self,
        channel: Channel,
        published: Published,
        publication: Publication,
        *,
        nonce: str,
    ) -> Published:
        sink = PostSink(self.board, self.channel(channel.id).id)
        plain = replace(publication, poll=None)  # its poll stays as it is
        parts = reply_parts(reply_of(plain), self.limits)
        old_ids = published.message_ids
        ids = await revise_messages(sink, old_ids, parts, nonce=nonce)
        poll_id = published.poll_message_id
        return replace(published_as(ids, plain), poll_message_id=poll_id)

    @override
    async def retract(self, channel: Channel, published: Published) -> None:
        sink = PostSink(self.board, self.channel(channel.id).id)
        await retract_messages(sink, published.all_ids)

    @override
    async def change(self, channel: Channel, message_id: str, reply: Reply) -> None:
        with as_platform_errors():
            await self.board.settle(message_id, reply.text, reply.buttons)

    @override
    async def delete_message(
        self, channel: Channel, message_id: str, *, reason: str
    ) -> None:
        with as_platform_errors():
            await self.board.remove(message_id)

    @override
    def open_reply(
        self, message: Message, *, buttons: tuple[Button, ...] = ()
    ) -> ReplyStream:
        self.channel(message.channel.id)
        reply = RoomReply(
            self.board,
            message,
            limits=self.limits,
            clock=self._clock,
            buttons=buttons,
            on_end=self._replies.discard,
        )
        self._replies.add(reply)
        return reply

    async def _close_replies(self) -> None:
        self.board.close()
        for reply in tuple(self._replies):
            await reply.aclose()

    def _app(self, visits: Visits) -> FastAPI:
        talk_rooms = frozenset(self._config.talk_rooms)
        board, audience = self.board, self.board.audience
        doorkeeper = Doorkeeper(self._accounts, self._clock)
        faces = FaceRoutes(self._faces, board.access, visits)
        rooms = RoomRoutes(
            board, self.intake, self.feelings, self._faces, visits, self.limits
        )
        oneself = VisitorRoutes(
            visits=visits,
            visitors=self._visitors,
            doorkeeper=doorkeeper,
            audience=audience,
            clock=self._clock,
            bot_name=board.bot_name,
        )
        setup = PageSetup(
            board,
            visits,
            partial(self._registry.for_role, on=self),
            self.limits,
            talk_rooms,
            desk_url="/desk" if self._desk else "",
        )
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.router.routes += health_routes(alive=self._alive, ready=self._ready)
        if self._metering is not None:
            app.router.routes.append(self._metering.route())
        app.router.routes += rooms.routes()
        app.router.routes += FeelingRoutes(self.feelings, visits).routes()
        app.router.routes += faces.routes()
        app.router.routes += oneself.routes()
        if self._desk is not None:
            content, parts = self._desk
            door = DeskDoor(visits, board=board, content=content, parts=parts)
            app.router.routes += DeskEntry(door, doorkeeper).routes()
            app.router.routes += DeskShell(content, door, board.bot_name).routes()
        mount_page(app, audience, setup.draw, title=board.bot_name)
        return app
