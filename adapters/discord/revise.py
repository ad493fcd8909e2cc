"""Posts that are out on Discord: changed, or taken away."""

from typing import Any

import discord
import structlog

from adapters.discord.convert import target_id
from adapters.discord.layout import PostLayout, lay_out
from adapters.discord.outbox import Outbox
from adapters.discord.publish import LONGEST_FORUM_NAME, call_of, may_call
from adapters.discord.sink import shown
from adapters.discord.threads import thread_name
from adapters.governor import Lane
from adapters.revising import retract_messages, revise_messages
from adapters.splitter import split
from bot.adapter import Limits
from bot.errors import ForbiddenError, GoneError
from bot.messages import Channel, Reply
from bot.publication import Publication, Published

__all__ = ["Revising"]

logger = structlog.get_logger(__name__)


class Revising:
    """Changes posts and takes them away, with the threads that were opened for them.

    What was passed on from an announcement channel, Discord changes by itself.
    """

    def __init__(self, outbox: Outbox, limits: Limits) -> None:
        self._outbox = outbox
        self._limits = limits

    async def revise(
        self,
        channel: Channel,
        published: Published,
        publication: Publication,
        *,
        nonce: str,
    ) -> Published:
        """Change a post; its poll stays as it is.

        Raises:
            PlatformError: Discord did not take it, or not all of it: the same nonce
                again sends only what is missing.
        """
        layout = lay_out(publication, can_unfurl=self._outbox.unfurl_links)
        thread = await self._thread(published)
        if thread is not None:
            await self._reopen(thread, self._name(channel, publication))
        first_id = published.message_id
        await self._change_first(channel, published, publication, layout)
        sink = _BelowSink(self._outbox, _below(channel, published))
        pieces = split(layout.rest, self._limits)
        parts = [Reply(piece) for piece in pieces if piece.strip()]
        ids = await revise_messages(sink, published.message_ids[1:], parts, nonce=nonce)
        return Published(
            (first_id, *ids),
            poll_message_id=published.poll_message_id,
            thread_id=published.thread_id,
            picture_message_id=first_id if layout.picture else "",
        )

    async def retract(self, channel: Channel, published: Published) -> None:
        """Take a post away, and the thread below it with all that is in it.

        Raises:
            ForbiddenError: what the bot wrote is gone, but it may not delete threads.
            PlatformError: Discord did not let it go.
        """
        is_forum = self._is_forum(channel)
        first = channel if not is_forum else _below(channel, published)
        below = [one for one in published.all_ids if one != published.message_id]
        sink = _BelowSink(self._outbox, _below(channel, published))
        await retract_messages(sink, below)
        await retract_messages(_BelowSink(self._outbox, first), [published.message_id])
        thread = await self._thread(published, may_be_gone=True)
        if thread is None:
            return
        self._outbox.rights.check(target_id(channel), "manage_threads")
        await self._outbox.run(
            thread.delete,
            key=f"other:{channel.id}",
            lane=Lane.POST,
            place_id=target_id(channel),
            needs=("manage_threads",),
        )

    async def _change_first(
        self,
        channel: Channel,
        published: Published,
        publication: Publication,
        layout: PostLayout,
    ) -> None:
        place = _below(channel, published) if self._is_forum(channel) else channel
        changes: dict[str, Any] = {
            "content": call_of(publication) or None,
            "embed": layout.embed,
            "allowed_mentions": may_call(publication),
        }
        if layout.picture is not None:
            changes["files"] = (layout.picture,)
        else:
            changes["attachments"] = []
        await self._outbox.edit(place, published.message_id, **changes)

    async def _thread(
        self, published: Published, *, may_be_gone: bool = False
    ) -> discord.Thread | None:
        """Return the thread of a post; None where there never was one."""
        if not published.thread_id:
            return None
        client, thread_id = self._outbox.client, int(published.thread_id)
        found: object = client.get_channel(thread_id)
        try:
            if found is None:  # it rests
                found = await self._outbox.run(
                    lambda: client.fetch_channel(thread_id), key="other:fetch"
                )
        except GoneError:
            if not may_be_gone:
                raise
        return found if isinstance(found, discord.Thread) else None

    async def _reopen(self, thread: discord.Thread, name: str) -> None:
        """Let a thread that rests be written in, and give it its post's new name."""
        changes: dict[str, Any] = {}
        if thread.archived:
            changes["archived"] = False
        if name and thread.name != name:
            changes["name"] = name
        if not changes:
            return

        async def call() -> None:
            await thread.edit(**changes)

        try:
            await self._outbox.run(
                call, key=f"other:{thread.parent_id}", lane=Lane.POST
            )
        except ForbiddenError as error:
            if "archived" in changes:
                raise
            logger.warning("thread keeps its name", reason=str(error))

    def _name(self, channel: Channel, publication: Publication) -> str:
        if self._is_forum(channel):
            return publication.title[:LONGEST_FORUM_NAME]
        return thread_name(publication.discussion) if publication.discussion else ""

    def _is_forum(self, channel: Channel) -> bool:
        place = self._outbox.client.get_channel(target_id(channel))
        return isinstance(place, discord.ForumChannel)


class _BelowSink:
    """The calls for the messages of a post that are plain text."""

    def __init__(self, outbox: Outbox, place: Channel) -> None:
        self._outbox = outbox
        self._place = place

    async def send(self, message: Reply, *, nonce: str) -> str:
        sent = await self._outbox.send(
            self._place,
            shown(message.text, can_unfurl=self._outbox.unfurl_links),
            nonce=nonce,
            lane=Lane.POST,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        return str(sent.id)

    async def edit(self, message_id: str, message: Reply) -> None:
        await self._outbox.edit(
            self._place,
            message_id,
            content=shown(message.text, can_unfurl=self._outbox.unfurl_links),
            allowed_mentions=discord.AllowedMentions.none(),
        )

    async def delete(self, message_id: str) -> None:
        await self._outbox.delete(self._place, message_id)


def _below(channel: Channel, published: Published) -> Channel:
    """Return where all but the first message of a post is."""
    if not published.thread_id:
        return channel
    return Channel(
        channel.platform,
        channel.id,
        channel.community_id,
        channel.name,
        thread_id=published.thread_id,
        is_age_restricted=channel.is_age_restricted,
    )
