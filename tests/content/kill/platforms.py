"""Both platforms on loopback, which outlive the bot, and what people see there."""

import os
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from typing_extensions import override

from tests.discord_server import faults as discord_faults
from tests.discord_server.messages import Message as DiscordMessage
from tests.discord_server.places import Channel
from tests.discord_server.rates import Rate
from tests.discord_server.server import DiscordServer
from tests.telegram_server import faults as telegram_faults
from tests.telegram_server.chats import Chat
from tests.telegram_server.server import TelegramServer

__all__ = ["DISCORD", "PLACES", "TELEGRAM", "Platforms", "Seen", "Trap"]

DISCORD = ("text", "news", "forum")
TELEGRAM = ("channel", "group")
PLACES = (*DISCORD, *TELEGRAM)
SENDS = ("POST /channels/{channel_id}/messages", "POST /channels/{channel_id}/threads")
NO_LIMIT = Rate(100_000, 1.0)


@dataclass(slots=True)
class Seen:
    """What of a post is in a channel.

    Attributes:
        texts: what its messages say, in order.
        num_threads: talks opened below it, or posts of the forum.
        is_passed_on: those who follow the channel have it.
    """

    texts: list[str] = field(default_factory=list)
    num_pictures: int = 0
    num_polls: int = 0
    num_threads: int = 0
    is_passed_on: bool = False


@dataclass(slots=True)
class Trap:
    """Kills the bot in the middle of a call to a platform.

    Attributes:
        platform: whose calls are counted; "": none.
        number: the how-manieth call that sends something, from 1.
        is_carried_out: whether the platform has it before the bot is dead.
        pid: the bot.
    """

    platform: str = ""
    number: int = 0
    is_carried_out: bool = False
    pid: int = 0

    def is_met(self, platform: str, *, is_carried_out: bool) -> bool:
        """Count a call, and kill if it is the one."""
        if platform != self.platform or is_carried_out is not self.is_carried_out:
            return False
        self.number -= 1
        if self.number != 0 or not self.pid:
            return False
        os.kill(self.pid, signal.SIGKILL)
        return True


class _DiscordFaults(discord_faults.Faults):
    def __init__(self, trap: Callable[[], Trap]) -> None:
        super().__init__()
        self._trap = trap

    @override
    def take(self, route: str) -> discord_faults.Fault | None:
        kinds = discord_faults.FaultKind
        if route in SENDS or route.endswith("/crosspost"):
            for done, kind in ((False, kinds.DROP_BEFORE), (True, kinds.DROP_AFTER)):
                if self._trap().is_met("discord", is_carried_out=done):
                    return discord_faults.Fault(kind)
        return super().take(route)


@dataclass(slots=True)
class _TelegramFaults(telegram_faults.Faults):
    trap: Callable[[], Trap] = Trap

    @override
    def take(
        self, method: str, *kinds: telegram_faults.FaultKind
    ) -> telegram_faults.Fault | None:
        kind = telegram_faults.FaultKind.DROP_BEFORE
        is_done = telegram_faults.FaultKind.DROP_AFTER in kinds
        is_send = method.startswith("send") and method != "sendChatAction"
        if is_send and self.trap().is_met("telegram", is_carried_out=is_done):
            return telegram_faults.Fault(kind, method)
        return telegram_faults.Faults.take(self, method, *kinds)


class Platforms:
    """A Discord and a Telegram, each with places to post to.

    Attributes:
        trap: where the bot is killed by them.
    """

    def __init__(self) -> None:
        self.trap = Trap()
        self.discord = DiscordServer(faults=_DiscordFaults(lambda: self.trap))
        self.telegram = TelegramServer(faults=_TelegramFaults(trap=lambda: self.trap))
        rates = self.discord.rates
        rates.everything = rates.everyday = NO_LIMIT
        for route in SENDS:
            rates.by_route[route] = NO_LIMIT
        self._ada = self.telegram.user("Ada")
        self._chats: dict[str, Chat] = {
            "channel": self.telegram.channel("News"),
            "group": self.telegram.supergroup("Friends", self._ada),
        }
        self._channels: dict[str, Channel] = {
            "text": self.discord.general,
            "news": self.discord.news,
            "forum": self.discord.forum,
        }
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> "Platforms":
        await self._stack.enter_async_context(self.discord)
        await self._stack.enter_async_context(self.telegram)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._stack.aclose()

    def key(self, place: str) -> str:
        """Return the key of the channel that a place is."""
        if place in self._chats:
            return f"telegram:{self._chats[place].id}"
        return f"discord:{self._channels[place].id}"

    async def talk(self) -> None:
        """Let somebody write in the group, so that a bot comes to know it."""
        await self._ada.write(self._chats["group"], "Good morning.")

    def forget(self) -> None:
        """Let the time pass after which Discord knows no nonce any more."""
        self.discord.composer.forget_nonces()

    def seen(self, place: str) -> Seen:
        """Look at a place as people do."""
        if place in self._chats:
            return self._seen_on_telegram(self._chats[place])
        return self._seen_on_discord(self._channels[place])

    def _seen_on_telegram(self, chat: Chat) -> Seen:
        seen = Seen()
        for message in chat.by(self.telegram.bot):
            seen.texts.append(message.text)
            seen.num_pictures += message.media is not None
            seen.num_polls += message.poll is not None
        return seen

    def _seen_on_discord(self, channel: Channel) -> Seen:
        seen = Seen()
        threads = [
            one
            for one in self.discord.world.channels.values()
            if one.parent is channel and one.owner_id == self.discord.bot.id
        ]
        seen.num_threads = len(threads)
        for place in (channel, *threads):
            for message in self.discord.messages(place):
                if message.author is self.discord.bot:
                    _look(message, seen)
        return seen


def _look(message: DiscordMessage, seen: Seen) -> None:
    words = [message.content]
    for embed in message.embeds:
        words += [embed.get("title", ""), embed.get("description", "")]
        words += [field["value"] for field in embed.get("fields", ())]
        words.append(embed.get("footer", {}).get("text", ""))
    seen.texts.append("\n".join(word for word in words if word))
    seen.num_pictures += len(message.attachments)
    seen.num_polls += message.poll is not None
    seen.is_passed_on |= message.is_crossposted
