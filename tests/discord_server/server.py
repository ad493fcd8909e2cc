"""Discord on loopback, for tests: an HTTP API, a gateway and the people behind them.

`async with DiscordServer() as server:` serves on a free port. It is strict where
Discord is: what Discord refuses, it refuses, with Discord's code.
"""

from typing import Self

from aiohttp import web

from bot.clock import Clock, SystemClock
from tests.discord_server.api import Api
from tests.discord_server.calls import Call
from tests.discord_server.compose import Composer
from tests.discord_server.endpoint import PREFIX, Endpoint
from tests.discord_server.faults import Fault, FaultKind, Faults
from tests.discord_server.feed import Feed
from tests.discord_server.gateway import Gateway
from tests.discord_server.interactions import Interactions
from tests.discord_server.messages import Message
from tests.discord_server.people import People
from tests.discord_server.permissions import Permission
from tests.discord_server.places import Channel, Guild, Kind, Member, Overwrite, User
from tests.discord_server.rates import Rates
from tests.discord_server.world import World

__all__ = ["TOKEN", "DiscordServer"]

TOKEN = "MTIz.made.up-token"


class DiscordServer(People):
    """A small Discord.

    There is one guild, `guild`, with `general`, `news` (announcements), `adults` (age
    restricted), `forum` (tags "idea" and "bug") and `thread` (in general); `ann` and
    `ben` are members, `mod` may moderate, `owner` owns it, `stranger` is nowhere.
    More of all that is made through `world`.

    Attributes:
        clock: decides on time-outs of interactions, on limits and ages.
        gateway: drops, reconnects, invalid sessions, allowed intents.
        rates: the limits and how many calls met them.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        token: str = TOKEN,
        faults: Faults | None = None,
    ) -> None:
        self.clock = clock or SystemClock()
        self.token = token
        world = World(self.clock)
        self.gateway = Gateway(world, token, self.clock)
        self.rates = Rates(self.clock)
        self.composer = Composer(world, self.clock)
        feed = Feed(world, self.gateway)
        interactions = Interactions(world, self.composer, feed, self.clock)
        super().__init__(world, feed, self.composer, interactions)
        self.feed = feed
        self._faults = faults or Faults()
        api = Api(
            world, self.gateway, feed, self.composer, interactions, self.rates,
            self.clock,
        )  # fmt: skip
        self._endpoint = Endpoint(api, self._faults, token)
        self._runner: web.AppRunner | None = None
        self.api_url = ""
        self._furnish()

    def _furnish(self) -> None:
        world = self.world
        self.bot = world.bot
        self.owner, self.mod = world.add_user("olga"), world.add_user("mo")
        self.ann, self.ben = world.add_user("ann"), world.add_user("ben")
        self.stranger = world.add_user("sam")
        self.guild = world.add_guild("Hearth", self.owner)
        rights = (
            Permission.MANAGE_MESSAGES
            | Permission.MODERATE_MEMBERS
            | Permission.KICK_MEMBERS
        )
        self.mod_role = world.add_role(self.guild, "Moderators", rights)
        world.add_member(self.guild, self.mod, self.mod_role)
        world.add_member(self.guild, self.ann)
        world.add_member(self.guild, self.ben)
        self.general = world.add_channel(self.guild, "general")
        self.news = world.add_channel(self.guild, "news", Kind.NEWS)
        self.adults = world.add_channel(self.guild, "adults", is_age_restricted=True)
        self.forum = world.add_channel(
            self.guild, "forum", Kind.FORUM, tags=("idea", "bug")
        )
        self.thread = world.add_thread(self.general, "a thread", self.ann)

    @property
    def gateway_url(self) -> str:
        """Where the gateway is."""
        return self.gateway.url

    @property
    def calls(self) -> list[Call]:
        """Every call to the API, oldest first; no token is in it."""
        return self._endpoint.calls

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        self._endpoint.add_to(app)
        app.router.add_get("/attachments/{channel_id}/{file_id}/{name}", self._file)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/", self.gateway.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.api_url = f"http://127.0.0.1:{port}{PREFIX}"
        self.gateway.url = f"ws://127.0.0.1:{port}/gateway"
        self.composer.files_url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.gateway.drop()
        assert self._runner is not None
        await self._runner.cleanup()

    def called(self, route: str) -> list[Call]:
        """Return the calls of one route, oldest first."""
        return [call for call in self.calls if call.route == route]

    def messages(self, channel: Channel, reader: User | None = None) -> list[Message]:
        """Return what stands in a channel, what is for the reader alone included."""
        found = list(channel.messages.values())
        if reader is not None:
            hidden = channel.hidden.values()
            found += [message for message in hidden if message.only_for == reader.id]
        return sorted(found, key=lambda message: int(message.id))

    def said(self, channel: Channel, reader: User | None = None) -> list[str]:
        """Return the texts of the bot's messages in a channel."""
        found = self.messages(channel, reader)
        return [message.content for message in found if message.author is self.bot]

    def flood(
        self,
        place: str | Channel | None,
        seconds: float,
        *,
        is_global: bool = False,
    ) -> None:
        """Answer 429 for so long: for a route, a channel or (None) everything."""
        self.rates.storm(place, seconds, is_global=is_global)

    def fail(
        self, route: str | None = None, *, status: int = 500, times: int = 1
    ) -> None:
        """Answer the next calls of a route with an error status."""
        self._faults.order(Fault(FaultKind.STATUS, route, times, status=status))

    def cut(
        self, route: str | None = None, *, is_carried_out: bool, times: int = 1
    ) -> None:
        """Break the connection of the next calls, before or after they are done."""
        kind = FaultKind.DROP_AFTER if is_carried_out else FaultKind.DROP_BEFORE
        self._faults.order(Fault(kind, route, times))

    def slow(self, route: str | None = None, *, delay_s: float, times: int = 1) -> None:
        """Let the answers of the next calls take their time."""
        self._faults.order(Fault(FaultKind.SLOW, route, times, delay_s=delay_s))

    def deny(self, channel: Channel, permission: Permission) -> None:
        """Take a right from the bot in a channel."""
        overwrite = channel.overwrites.setdefault(
            self.bot.id, Overwrite(is_member=True)
        )
        overwrite.deny |= permission

    async def invite(self, guild: Guild) -> None:
        """Put the bot into a guild."""
        self.world.add_member(guild, self.bot)
        await self.feed.guild("GUILD_CREATE", guild, unavailable=False)

    async def remove_bot(self, guild: Guild) -> None:
        """Throw the bot out of a guild."""
        await self.feed.guild("GUILD_DELETE", guild, unavailable=False)
        del guild.members[self.bot.id]

    async def join(self, guild: Guild, user: User) -> Member:
        """Let a person join a guild."""
        member = self.world.add_member(guild, user)
        await self.feed.member("GUILD_MEMBER_ADD", guild, member)
        return member

    async def leave(self, guild: Guild, user: User) -> None:
        """Let a person leave a guild."""
        member = guild.members.pop(user.id)
        await self.feed.member("GUILD_MEMBER_REMOVE", guild, member)

    async def delete_channel(self, channel: Channel) -> None:
        """Delete a channel, as a moderator would."""
        self.world.remove_channel(channel)
        event = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        await self.feed.channel(event, channel)

    async def update_channel(self, channel: Channel) -> None:
        """Tell the bot that a channel was changed."""
        event = "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE"
        await self.feed.channel(event, channel)

    async def _file(self, request: web.Request) -> web.Response:
        file = self.world.files.get(request.match_info["file_id"])
        if file is None or file.name != request.match_info["name"]:
            return web.Response(status=404)
        return web.Response(body=file.content, content_type=file.media_type)
