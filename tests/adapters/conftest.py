"""The adapters that are held to the contract, each with somebody to use it."""

import asyncio
import io
import os
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import pytest
from typing_extensions import override

from adapters.addressing import nothing_chosen
from adapters.console.adapter import ConsoleAdapter
from adapters.fake.adapter import FakeAdapter
from adapters.fake.driver import AdapterDriver
from adapters.fake.inbox import RecordingInbox
from adapters.telegram.markup import render
from adapters.web.adapter import WebAdapter
from bot.adapter import Limits
from bot.clock import SystemClock
from bot.commands.registry import Registry
from bot.config import WebConfig
from bot.messages import Author, Message
from bot.reactions import Reaction, Vote
from bot.store.accounts import AccountRepository
from bot.store.rooms import RoomRepository
from bot.store.store import Store
from bot.store.visitors import VisitorRepository
from bot.words import Words
from tests.adapters.discord.simulated import DiscordDriver
from tests.adapters.telegram.rig import open_rig
from tests.stores import new_store
from tests.telegram_server.chats import ADMIN_RIGHTS, Chat, Member
from tests.telegram_server.messages import Message as TelegramMessage


def pytest_configure(config: pytest.Config) -> None:
    """Let NiceGUI look for its server, also where other tests have loaded torch.

    It asks every object that there is for its class, and one of torch's then warns: as
    an error that ends the start of the page, if it comes before the server.
    """
    config.addinivalue_line(
        "filterwarnings",
        "ignore:.torch.distributed.reduce_op. is deprecated:FutureWarning",
    )


class FakeDriver(AdapterDriver):
    """Uses the platform in memory."""

    channel_ids = ("general", "announcements")
    can_change = True
    can_feel = True

    @override
    async def __aenter__(self) -> "FakeDriver":
        self.inbox = RecordingInbox()
        self.adapter = self.fake = FakeAdapter(
            self.inbox, limits=Limits(2000, edit_interval_s=0.02)
        )
        await self.fake.__aenter__()
        return self

    @override
    async def __aexit__(self, *exc_info: object) -> None:
        await self.fake.__aexit__(None, None, None)

    @override
    async def write(self, text: str, *, channel_id: str) -> None:
        self.fake.say("Ada", text, channel=channel_id)

    @override
    async def press(self, label: str, *, channel_id: str) -> None:
        self.fake.press("Ada", label, channel=channel_id)

    @override
    async def shown(self, *, channel_id: str) -> str:
        channel = self.fake.channel(channel_id)
        return "\n".join(
            posted.message.text
            for posted in self.fake.platform.visible(channel, "Ada")
            if posted.author is None
        )

    @override
    async def num_pictures(self, *, channel_id: str) -> int:
        visible = self.fake.platform.visible(self.fake.channel(channel_id))
        return sum(len(posted.message.attachments) for posted in visible)

    @override
    async def edit(self, message: Message, text: str) -> None:
        self.fake.edit(message, text)

    @override
    async def delete(self, message: Message) -> None:
        self.fake.delete(message)

    @override
    async def react(self, message_id: str, emoji: str, *, channel_id: str) -> None:
        place = self.fake.channel(channel_id)
        self.fake.inbox.reacted(Reaction(place, message_id, "Ada", emoji))

    @override
    async def vote(self, message_id: str, answer: int, *, channel_id: str) -> None:
        place = self.fake.channel(channel_id)
        vote = Vote("fake", place, message_id, person_id="Ada", answers=(answer,))
        self.fake.inbox.voted(vote)


class Keys(io.FileIO):
    """The end of a pipe that says it is a terminal."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "rb")
        self.is_at_end = threading.Event()

    @override
    def isatty(self) -> bool:
        return True

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        chunk = super().read(size) or b""
        if not chunk:
            self.is_at_end.set()
        return chunk


class ConsoleDriver(AdapterDriver):
    """Types at a terminal."""

    channel_ids = ("terminal",)
    can_change = False
    can_illustrate = False

    @override
    async def __aenter__(self) -> "ConsoleDriver":
        reading, writing = os.pipe()
        self._keys: BinaryIO = os.fdopen(writing, "wb", buffering=0)
        self._source = Keys(reading)
        self._out, self._around = io.StringIO(), io.StringIO()
        self.inbox = RecordingInbox()
        self.adapter = ConsoleAdapter(
            self.inbox,
            words=Words({}),
            stdin=self._source,
            stdout=self._out,
            stderr=self._around,
        )
        await self.adapter.__aenter__()
        return self

    @override
    async def __aexit__(self, *exc_info: object) -> None:
        self._keys.close()
        # Else the thread might read from another file that got the same number.
        await asyncio.to_thread(self._source.is_at_end.wait, 10)
        await self.adapter.__aexit__(None, None, None)
        self._source.close()

    @override
    async def write(self, text: str, *, channel_id: str) -> None:
        # A pipe holds only so much: the adapter reads while this writes.
        await asyncio.to_thread(self._type, text.encode() + b"\n")

    @override
    async def press(self, label: str, *, channel_id: str) -> None:
        choices = self._around.getvalue().split("[")
        (number,) = [c[0] for c in choices if c[1:].startswith(f"] {label}")][-1:]
        await self.write(number, channel_id=channel_id)

    @override
    async def shown(self, *, channel_id: str) -> str:
        return self._out.getvalue()

    def _type(self, text: bytes) -> None:
        while text:
            text = text[self._keys.write(text) :]


class WebDriver(AdapterDriver):
    """Writes in the rooms of the page."""

    channel_ids = ("general", "announcements")
    can_change = False
    can_feel = True
    person = Author("ada", "Ada")

    @override
    async def __aenter__(self) -> "WebDriver":
        clock, words = SystemClock(), Words({})
        async with AsyncExitStack() as stack:
            # What was opened before something fails is closed again.
            folder = stack.enter_context(TemporaryDirectory())
            path = Path(folder) / "store.sqlite3"
            store = await stack.enter_async_context(new_store(path, clock=clock))
            await stack.enter_async_context(self._adapter(store, clock, words))
            self._stack = stack.pop_all()
        return self

    def _adapter(self, store: Store, clock: SystemClock, words: Words) -> WebAdapter:
        self.inbox = RecordingInbox()
        self.adapter = self.web = WebAdapter(
            WebConfig.model_validate({"port": 0}),
            bot_name="Hearth",
            owners=(),
            language="en",
            inbox=self.inbox,
            registry=Registry((), words),
            words=words,
            rooms=RoomRepository(store),
            visitors=VisitorRepository(store),
            accounts=AccountRepository(store),
            alive=lambda: (True, {}),
            ready=lambda: (True, {}),
            talk_of=nothing_chosen,
            clock=clock,
            limits=Limits(4000, edit_interval_s=0.02),
        )
        return self.web

    @override
    async def __aexit__(self, *exc_info: object) -> None:
        await self._stack.aclose()

    @override
    async def write(self, text: str, *, channel_id: str) -> None:
        await self.web.intake.say(self.person, channel_id, text)

    @override
    async def press(self, label: str, *, channel_id: str) -> None:
        page = await self.web.board.page(channel_id, self.person.id)
        message = next(m for m in reversed(page.events) if label in m["buttons"])
        number = message["buttons"].index(label)
        await self.web.intake.press(self.person, message["id"], number)

    @override
    async def shown(self, *, channel_id: str) -> str:
        page = await self.web.board.page(channel_id, self.person.id)
        return "\n".join(event["text"] for event in page.events if event["bot"])

    @override
    async def num_pictures(self, *, channel_id: str) -> int:
        page = await self.web.board.page(channel_id, self.person.id)
        shown = [len(one["files"]) + bool(one["preview"]) for one in page.events]
        return sum(shown)

    @override
    async def react(self, message_id: str, emoji: str, *, channel_id: str) -> None:
        await self.web.feelings.react(self.person, message_id, emoji, is_added=True)

    @override
    async def vote(self, message_id: str, answer: int, *, channel_id: str) -> None:
        await self.web.feelings.vote(self.person, message_id, answer)


class TelegramDriver(AdapterDriver):
    """Writes in supergroups where the bot is an administrator."""

    can_change = False  # Telegram tells bots of no deletion
    can_feel = True

    @override
    async def __aenter__(self) -> "TelegramDriver":
        async with AsyncExitStack() as stack:
            rig = await stack.enter_async_context(open_rig())
            self.inbox, self._server = rig.inbox, rig.server
            self._ada = rig.server.user("Ada")
            rig.server.private(self._ada)  # who adds stickers has met the bot
            self._chats = {str(chat.id): chat for chat in self._places()}
            self.channel_ids = tuple(self._chats)
            self.adapter = await stack.enter_async_context(rig.adapter())
            self._stack = stack.pop_all()
        return self

    def _places(self) -> list[Chat]:
        places = [self._server.supergroup(name, self._ada) for name in ("One", "Two")]
        for place in places:
            place.members[self._server.bot.id] = Member(
                self._server.bot, "administrator", frozenset(ADMIN_RIGHTS)
            )
        return places

    @override
    async def __aexit__(self, *exc_info: object) -> None:
        await self._stack.aclose()

    @override
    async def write(self, text: str, *, channel_id: str) -> None:
        # As it is: Telegram's apps would have cleaned and split it before.
        chat = self._chats[channel_id]
        now_utc = self._server.clock.now_utc()
        self._server.world.post(TelegramMessage(0, chat, self._ada, now_utc, text=text))

    @override
    async def press(self, label: str, *, channel_id: str) -> None:
        def found() -> list[TelegramMessage]:
            written = self._chats[channel_id].by(self._server.bot)
            return [message for message in written if label in message.labels]

        await self._server.until(found)
        await self._ada.press(found()[-1], label)

    @override
    async def shown(self, *, channel_id: str) -> str:
        chat = self._chats[channel_id]
        written = [m for m in chat.by(self._server.bot) if m.text != "…"]
        texts = [self._text(message) for message in written]
        # A message takes a draft's place, also one that is gone since.
        ever = [m for m in (*chat.messages, *chat.deleted) if m.text != "…"]
        newest = max(
            (m.at_utc for m in ever if m.author is self._server.bot), default=None
        )
        drafts = [d for d in chat.drafts if newest is None or d.at_utc > newest]
        return "\n".join([*texts, *(draft.text for draft in drafts[-1:])])

    @override
    async def num_pictures(self, *, channel_id: str) -> int:
        written = self._chats[channel_id].by(self._server.bot)
        return sum(m.media is not None and m.media.kind == "photo" for m in written)

    @override
    def rendered(self, text: str) -> str:
        return render(text).text

    @override
    async def react(self, message_id: str, emoji: str, *, channel_id: str) -> None:
        # Telegram gives reactions only once the bot has asked for them.
        await self._server.until(lambda: self._server.bot.updates.is_polled)
        await self._ada.react(self._found(message_id, channel_id), emoji)

    @override
    async def vote(self, message_id: str, answer: int, *, channel_id: str) -> None:
        await self._ada.vote(self._found(message_id, channel_id), answer)

    def _found(self, message_id: str, channel_id: str) -> TelegramMessage:
        found = self._chats[channel_id].find(int(message_id))
        assert found is not None
        return found

    def _text(self, message: TelegramMessage) -> str:
        if message.media is None or message.media.kind != "document":
            return message.text
        return message.media.content.decode()  # the text has only its beginning


class TelegramPrivateDriver(TelegramDriver):
    """Writes in a private chat with the bot."""

    @override
    def _places(self) -> list[Chat]:
        return [self._server.private(self._ada)]


DRIVERS: dict[str, Callable[[], AdapterDriver]] = {
    "console": ConsoleDriver,
    "discord": DiscordDriver,
    "fake": FakeDriver,
    "telegram": TelegramDriver,
    "telegram-private": TelegramPrivateDriver,
    "web": WebDriver,
}


@pytest.fixture(params=[*DRIVERS])
async def driver(request: pytest.FixtureRequest) -> AsyncIterator[AdapterDriver]:
    """Return somebody at each platform in turn, connected."""
    async with DRIVERS[request.param]() as connected:
        yield connected
