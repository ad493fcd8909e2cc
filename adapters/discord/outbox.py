"""The calls to Discord: in their turn, with a look at the rights before."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import discord

from adapters.discord.convert import target_id
from adapters.discord.errors import counts_as_invalid, platform_errors
from adapters.discord.files import DescribeVoice, as_discord_files
from adapters.discord.rights import Rights
from adapters.governor import Governor, Lane
from adapters.invalid_budget import InvalidBudget
from adapters.pace import Rate
from bot.errors import ForbiddenError, GoneError, NetworkError, PlatformError
from bot.messages import Attachment, Channel
from bot.words import T

__all__ = ["BAN", "RATES", "Outbox", "short_nonce"]

R = TypeVar("R")

RATES: Mapping[str, Sequence[Rate]] = {
    "all": (Rate(45, 1.0),),
    "send": (Rate(5, 5.0),),
    "edit": (Rate(5, 5.0),),
    "other": (),
    "hook": (),
}
"""How fast calls go out: below Discord's 50 a second, and what channels bear."""

BAN = InvalidBudget(limit=10_000, window_s=600.0, counts=counts_as_invalid)
"""So many refused calls, and Discord shuts the bot out."""

LONGEST_NONCE = 25
NO_RIGHT = frozenset({50001, 50013})
DEFAULT_FILE_BYTES = 10 * 2**20


def short_nonce(nonce: str) -> str:
    """Return a nonce that Discord takes; the same for the same."""
    if len(nonce) <= LONGEST_NONCE:
        return nonce
    return hashlib.sha256(nonce.encode()).hexdigest()[:LONGEST_NONCE]


class Outbox:
    """Sends, changes and takes away messages.

    Every call waits for its turn at the governor, and raises the errors of a platform.

    Args:
        unfurl_links: whether links show their pages.
        describe_voice: without it voice messages go out as files with sound.
    """

    def __init__(
        self,
        client: discord.Client,
        governor: Governor,
        rights: Rights,
        *,
        unfurl_links: bool,
        describe_voice: DescribeVoice | None = None,
    ) -> None:
        self.client = client
        self.governor = governor
        self.rights = rights
        self.unfurl_links = unfurl_links
        self.describe_voice = describe_voice

    async def send(
        self,
        place: Channel,
        text: str,
        *,
        nonce: str = "",
        reply_to_id: str | None = None,
        view: discord.ui.View | None = None,
        files: Sequence[Attachment] = (),
        lane: Lane = Lane.CHAT,
        **more: Any,
    ) -> discord.Message:
        """Send a message; `more` goes to discord.py as it is."""
        there = target_id(place)
        self.check_sending(place, has_files=bool(files))
        self._check_sizes(there, files)
        options: dict[str, Any] = {
            "content": text or None,
            "suppress_embeds": not self.unfurl_links and "embed" not in more,
            **more,
        }
        if nonce:
            options["nonce"] = short_nonce(nonce)
        if view is not None:
            options["view"] = view
        if reply_to_id is not None and reply_to_id.isdecimal():
            options["reference"] = discord.MessageReference(
                message_id=int(reply_to_id), channel_id=there, fail_if_not_exists=False
            )
            options["mention_author"] = True

        async def call() -> discord.Message:
            if files:  # made anew for each try: sending uses them up
                options["files"] = as_discord_files(files)
            sent: discord.Message = await self.messageable(place).send(**options)
            return sent

        needs = self._needs(place, has_files=bool(files))
        return await self.run(
            call, key=f"send:{there}", lane=lane, place_id=there, needs=needs
        )

    def file(self, file: Attachment) -> discord.File:
        """Return one file for one call."""
        return as_discord_files((file,))[0]

    def check_sending(self, place: Channel, *, has_files: bool = False) -> None:
        """See whether the bot may send there.

        Raises:
            ForbiddenError: it may not.
        """
        needs = self._needs(place, has_files=has_files)
        self.rights.check(target_id(place), *needs)

    def _needs(self, place: Channel, *, has_files: bool) -> tuple[str, ...]:
        if place.is_private:
            return ()
        in_thread = place.thread_id is not None
        sending = "send_messages_in_threads" if in_thread else "send_messages"
        also = ("attach_files",) if has_files else ()
        return ("view_channel", sending, *also)

    def _check_sizes(self, there: int, files: Sequence[Attachment]) -> None:
        guild = getattr(self.client.get_channel(there), "guild", None)
        most = guild.filesize_limit if guild is not None else DEFAULT_FILE_BYTES
        for file in files:
            if file.size_bytes > most:
                raise PlatformError(
                    T(
                        "“{name}” is larger than this server takes ({most} MiB).",
                        name=file.name,
                        most=most // 2**20,
                    )
                )

    async def edit(self, place: Channel, message_id: str, **changes: Any) -> None:
        """Change a message of the bot. A newer change takes a waiting one's place."""
        there = target_id(place)
        message = self.message(place, message_id)
        files = changes.pop("files", ())
        if files and not place.is_private:
            self.rights.check(there, "attach_files")
        self._check_sizes(there, files)

        async def call() -> None:
            if files:
                changes["attachments"] = as_discord_files(files)
            await message.edit(**changes)

        await self.run(call, key=f"edit:{there}", merge=f"edit:{message_id}")

    async def delete(self, place: Channel, message_id: str) -> None:
        """Take a message of the bot away; one that is gone is no error."""
        message = self.message(place, message_id)
        try:
            await self.run(message.delete, key=f"other:{target_id(place)}")
        except GoneError:
            return

    async def type(self, place: Channel) -> None:
        """Show for ten seconds that the bot is at it."""

        async def call() -> None:
            await self.messageable(place).typing()

        await self.run(call, key=f"other:{target_id(place)}")

    async def react(self, place: Channel, message_id: str, sign: str) -> None:
        """Put a sign under a message."""
        self.rights.check(target_id(place), "add_reactions", "read_message_history")
        message = self.message(place, message_id)
        await self.run(
            lambda: message.add_reaction(sign), key=f"other:{target_id(place)}"
        )

    async def unreact(self, place: Channel, message_id: str, sign: str) -> None:
        """Take the bot's sign away again."""
        message, me = self.message(place, message_id), self.client.user
        if me is not None:
            await self.run(
                lambda: message.remove_reaction(sign, me),
                key=f"other:{target_id(place)}",
            )

    async def direct(self, person_id: str) -> Channel:
        """Return the private channel with a person."""
        person = discord.Object(int(person_id))
        found = await self.run(
            lambda: self.client.create_dm(person), key="other:direct"
        )
        return Channel(
            "discord", str(found.id), f"private:{person_id}", is_private=True
        )

    def messageable(self, place: Channel) -> discord.abc.Messageable:
        """Return where a message to a channel is sent.

        Raises:
            PlatformError: nobody can write there.
        """
        there = target_id(place)
        found = self.client.get_channel(there)
        if found is None:
            guild_id = None if place.is_private else int(place.community_id)
            return self.client.get_partial_messageable(there, guild_id=guild_id)
        if isinstance(found, discord.abc.Messageable):
            return found
        raise PlatformError(
            T("Nobody can write in {name}: choose a text channel.", name=place.name)
        )

    def message(self, place: Channel, message_id: str) -> discord.PartialMessage:
        """Return a message of a channel, without asking Discord for it."""
        there = target_id(place)
        return self.client.get_partial_messageable(there).get_partial_message(
            int(message_id)
        )

    async def run(
        self,
        call: Callable[[], Awaitable[R]],
        *,
        key: str,
        lane: Lane = Lane.CHAT,
        merge: str | None = None,
        place_id: int | None = None,
        needs: Sequence[str] = (),
    ) -> R:
        """Make any call in its turn.

        `needs` are the rights that the call takes in a place: they are named where
        Discord refuses it, though the bot seemed to have them.
        """
        if self.client.user is None:
            raise NetworkError(T("Discord is not connected yet."))

        async def mapped() -> R:
            try:
                with platform_errors():
                    return await call()
            except ForbiddenError as error:
                if place_id is None or not _is_missing_right(error):
                    raise
                raise self.rights.lacking(place_id, *needs) from error.__cause__

        keys = (key,) if key.startswith("hook") else ("all", key)
        return await self.governor.run(mapped, keys=keys, lane=lane, merge=merge)


def _is_missing_right(error: ForbiddenError) -> bool:
    cause = error.__cause__
    return isinstance(cause, discord.Forbidden) and cause.code in NO_RIGHT
