"""A small Telegram with its Bot API on loopback, for tests and for trying out.

    async with TelegramServer(clock=clock) as server:
        ada, group = server.user("Ada"), server.group("Friends")
        app = ApplicationBuilder().token(server.token).base_url(server.base_url)
        app.base_file_url(server.base_file_url)
        ...
        message = await ada.write(group, "/start@hearth_bot")
        await server.until(lambda: group.by(server.bot))
        await ada.press(group.by(server.bot)[-1], "Stop")

What people see is in `chat.messages` (each with `text`, `entities`, `media`, `buttons`,
`thread_id`, `versions`), `chat.deleted`, `chat.actions_seen` and `chat.drafts`. What
the bot did is in `server.calls`; what is to go wrong next is said to `server.faults`,
and `server.flood(chat, 30)` orders a storm. `server.settings.flood = FloodLimits()`
turns Telegram's limits on; they and long polls run on the server's clock.

By hand: `python -m tests.telegram_server --port 8081`.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType

from aiohttp import web

from bot.clock import Clock, SystemClock
from tests.telegram_server.accounts import Account, BotAccount
from tests.telegram_server.calls import CallLog
from tests.telegram_server.chats import ADMIN_RIGHTS, Chat, Member
from tests.telegram_server.endpoint import Endpoint
from tests.telegram_server.faults import Faults
from tests.telegram_server.flood import Flood
from tests.telegram_server.organisers import Organiser
from tests.telegram_server.senders import Sender
from tests.telegram_server.settings import Settings
from tests.telegram_server.updates import UpdateQueue
from tests.telegram_server.webhooks import Deliverer
from tests.telegram_server.world import World
from tests.telegram_server.writers import Writer

__all__ = ["Person", "TelegramServer"]

MOST_S = 10.0


@dataclass(slots=True, eq=False)
class Person(Writer, Sender, Organiser):
    """A person: writes, sends, presses, comes and goes, runs chats."""


class TelegramServer:
    """The server, the people on it, and what is to go wrong.

    Attributes:
        world: all that is there.
        bot: the bot that is there from the beginning.
        calls: every call that came, in order.
        faults: what is to go wrong next.
        settings: the limits.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        settings: Settings | None = None,
        port: int = 0,
        routes: Iterable[web.RouteDef] = (),
        faults: Faults | None = None,
    ) -> None:
        self.clock = clock or SystemClock()
        self.settings = settings or Settings()
        self.world = World(self.clock)
        self.calls = CallLog()
        self.faults = faults or Faults()
        self._flood = Flood(self.clock)
        self._endpoint = Endpoint(
            self.world,
            settings=self.settings,
            faults=self.faults,
            flood=self._flood,
            calls=self.calls,
        )
        self._port = port
        self._runner: web.AppRunner | None = None
        self._delivery: asyncio.Task[None] | None = None
        self._routes = tuple(routes)
        self.bot = self.add_bot("Hearth", username="hearth_bot")
        self._owner = self.user("Olga")

    async def __aenter__(self) -> "TelegramServer":
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen, on the port of before if there was one."""
        application = self._endpoint.application()
        application.add_routes(self._routes)
        self._runner = web.AppRunner(
            application,
            handler_cancellation=True,
            access_log=None,
            shutdown_timeout=0.1,
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = int(self._runner.addresses[0][1])
        self._delivery = asyncio.create_task(Deliverer(self.world).run())

    async def stop(self) -> None:
        """Listen no more; connections that wait for an answer are dropped."""
        self._endpoint.drop_all()
        if self._delivery is not None:
            self._delivery.cancel()
            await asyncio.wait({self._delivery})
            self._delivery = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def restart(self) -> None:
        """Go away and come back on the same port; nothing is forgotten."""
        await self.stop()
        await self.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot wants as `base_url`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """What python-telegram-bot wants as `base_file_url`."""
        return f"{self.url}/file/bot"

    @property
    def token(self) -> str:
        """The first bot's token."""
        return self.bot.token

    def add_bot(
        self, first_name: str, *, username: str = "", privacy: bool = True
    ) -> BotAccount:
        """Make another bot."""
        number = self.world.next_number("bot", 7_000_000_001)
        bot = BotAccount(
            number,
            first_name,
            username=username or f"{first_name.lower()}_bot",
            is_bot=True,
            token=f"{number}:AAtest{'x' * 29}",
            privacy=privacy,
            updates=UpdateQueue(first_id=100_000_001 + 1000 * (number % 1000)),
        )
        self.world.bots[bot.token] = bot
        self.world.accounts[bot.id] = bot
        return bot

    def user(
        self,
        first_name: str,
        *,
        username: str = "",
        last_name: str = "",
        language_code: str = "en",
    ) -> Person:
        """Make another person."""
        person = Person(
            self.world.next_number("user", 1001),
            first_name,
            last_name,
            username,
            language_code,
            world=self.world,
        )
        self.world.accounts[person.id] = person
        return person

    def private(self, person: Person, bot: BotAccount | None = None) -> Chat:
        """Return the private chat of a person with the bot, which has been started."""
        chat = person.place(bot or self.bot)
        chat.is_started = True
        return chat

    def group(self, title: str, *members: Account, owner: Person | None = None) -> Chat:
        """Make a basic group with the bot in it."""
        number = self.world.next_number("group", 4_000_001)
        return self._chat(Chat(-number, "group", title), members, owner)

    def supergroup(
        self,
        title: str,
        *members: Account,
        owner: Person | None = None,
        username: str = "",
        is_forum: bool = False,
    ) -> Chat:
        """Make a supergroup with the bot in it, with topics if it is a forum."""
        chat = Chat(
            self._channel_id(), "supergroup", title, username, is_forum=is_forum
        )
        return self._chat(chat, members, owner)

    def channel(
        self,
        title: str,
        *members: Account,
        owner: Person | None = None,
        username: str = "",
        discussion: Chat | None = None,
        bot_rights: Iterable[str] = ADMIN_RIGHTS,
    ) -> Chat:
        """Make a channel that the bot runs with others."""
        chat = Chat(self._channel_id(), "channel", title, username)
        if discussion is not None:
            chat.linked, discussion.linked = discussion, chat
        self._chat(chat, members, owner)
        chat.members[self.bot.id] = Member(
            self.bot, "administrator", frozenset(bot_rights)
        )
        return chat

    def _channel_id(self) -> int:
        number = self.world.next_number("channel", 1_000_000_001)
        return -1_000_000_000_000 - number

    def _chat(
        self, chat: Chat, members: Iterable[Account], owner: Person | None
    ) -> Chat:
        """Put people into a new chat, without a word about it to anybody."""
        self.world.chats[chat.id] = chat
        owner = owner or self._owner
        chat.members[owner.id] = Member(owner, "creator")
        for account in (self.bot, *members):
            sees_all = isinstance(account, BotAccount) and not account.privacy
            member = Member(account, sees_all=sees_all)
            chat.members.setdefault(account.id, member)
        return chat

    @property
    def owner(self) -> Person:
        """Who has made the chats that nobody else was named for."""
        return self._owner

    def flood(self, chat: Chat | None, for_s: float) -> None:
        """Order a storm: messages to a chat, or to all, are refused for so long."""
        self._flood.storm(None if chat is None else chat.id, for_s)

    async def until(
        self, is_so: Callable[[], object], *, timeout_s: float = MOST_S
    ) -> None:
        """Wait until something is so; it is looked at whenever anything changes.

        Raises:
            TimeoutError: it never was.
        """
        async with asyncio.timeout(timeout_s):
            await self.world.until(lambda: bool(is_so()))
