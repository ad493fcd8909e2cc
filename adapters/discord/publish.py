"""Posts going out: to a channel, an announcement channel, or a forum."""

from typing import Any

import discord
import structlog

from adapters.discord.convert import target_id
from adapters.discord.earlier import Earlier, Look, is_of
from adapters.discord.layout import PostLayout, lay_out
from adapters.discord.outbox import Outbox
from adapters.discord.polls import as_discord_poll, poll_text
from adapters.discord.sink import shown
from adapters.discord.threads import KEEP_OPEN_MINUTES, thread_name
from adapters.governor import Lane
from adapters.splitter import split
from bot.adapter import Limits
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import Channel, Publication
from bot.words import T

__all__ = ["Publisher"]

logger = structlog.get_logger(__name__)

MOST_TAGS, LONGEST_FORUM_NAME = 5, 100
THREAD_EXISTS, CROSSPOSTED = 160004, 40033
LOOK_BACK = 20


class Publisher:
    """Sends posts. Each message of a post has a nonce made of the post's.

    One that was begun before is looked for: nonces are known for minutes only.
    """

    def __init__(self, outbox: Outbox, limits: Limits, clock: Clock) -> None:
        self._outbox = outbox
        self._limits = limits
        self._look = Look(outbox, clock)

    async def publish(
        self, channel: Channel, publication: Publication, *, nonce: str
    ) -> str:
        """Send a post; return the id of its first message.

        Raises:
            PlatformError: it did not go out, or not all of it: the same nonce again
                sends only what is missing.
        """
        layout = lay_out(publication, can_unfurl=self._outbox.unfurl_links)
        place = self._outbox.client.get_channel(target_id(channel))
        if isinstance(place, discord.ForumChannel):
            return await self._to_forum(place, channel, publication, layout, nonce)
        earlier = await self._look.at(channel, publication)
        sent = earlier.first(publication) or await self._outbox.send(
            channel,
            _call(publication),
            nonce=f"{nonce}.0",
            files=(layout.picture,) if layout.picture else (),
            lane=Lane.POST,
            embed=layout.embed,
            allowed_mentions=_may_call(publication),
        )
        there = channel
        if publication.discussion and channel.thread_id is None:
            there = await self._discussion(channel, sent, publication.discussion)
        await self._below(there, publication, layout, nonce, after_id=sent.id)
        if isinstance(place, discord.TextChannel) and place.is_news():
            await self._crosspost(sent)
        return str(sent.id)

    async def _below(
        self,
        place: Channel,
        publication: Publication,
        layout: PostLayout,
        nonce: str,
        *,
        after_id: int,
    ) -> None:
        """Send what did not fit into the embed, and the poll."""
        pieces = [piece for piece in split(layout.rest, self._limits) if piece.strip()]
        if not pieces and publication.poll is None:
            return
        earlier = await self._look.at(place, publication, after_id=after_id)
        for number, piece in enumerate(pieces, 1):
            await self._say(place, piece, f"{nonce}.{number}", earlier)
        if publication.poll is not None:
            text = poll_text(publication.poll)
            poll = as_discord_poll(publication.poll)
            await self._say(place, text, f"{nonce}.poll", earlier, poll=poll)

    async def _say(
        self, place: Channel, text: str, nonce: str, earlier: Earlier, **more: Any
    ) -> None:
        text = shown(text, can_unfurl=self._outbox.unfurl_links)
        if earlier.take(text, more.get("poll")):
            return
        await self._outbox.send(
            place,
            text,
            nonce=nonce,
            lane=Lane.POST,
            allowed_mentions=discord.AllowedMentions.none(),
            **more,
        )

    async def _discussion(
        self, channel: Channel, sent: discord.Message, name: str
    ) -> Channel:
        """Open a thread below a post; without the right to, all stays above."""
        try:
            self._outbox.rights.check(
                target_id(channel), "create_public_threads", "send_messages_in_threads"
            )
            await self._outbox.run(
                lambda: sent.create_thread(
                    name=thread_name(name), auto_archive_duration=KEEP_OPEN_MINUTES
                ),
                key=f"other:{channel.id}",
                lane=Lane.POST,
            )
        except PlatformError as error:
            if _code(error) != THREAD_EXISTS:
                logger.warning("no discussion opened", reason=str(error))
                return channel
        return Channel(
            channel.platform,
            channel.id,
            channel.community_id,
            name,
            thread_id=str(sent.id),
            is_age_restricted=channel.is_age_restricted,
        )

    async def _crosspost(self, sent: discord.Message) -> None:
        try:
            await self._outbox.run(
                sent.publish, key=f"other:{sent.channel.id}", lane=Lane.POST
            )
        except PlatformError as error:
            if _code(error) != CROSSPOSTED:
                logger.warning("post not passed on", reason=str(error))

    async def _to_forum(
        self,
        forum: discord.ForumChannel,
        channel: Channel,
        publication: Publication,
        layout: PostLayout,
        nonce: str,
    ) -> str:
        found = await self._posted_before(forum, publication)
        thread_id = found or await self._opened(forum, channel, publication, layout)
        there = Channel(
            channel.platform,
            channel.id,
            channel.community_id,
            publication.title,
            thread_id=thread_id,
            is_age_restricted=channel.is_age_restricted,
        )
        await self._below(there, publication, layout, nonce, after_id=int(thread_id))
        return thread_id

    async def _opened(
        self,
        forum: discord.ForumChannel,
        channel: Channel,
        publication: Publication,
        layout: PostLayout,
    ) -> str:
        self._outbox.check_sending(channel, has_files=layout.picture is not None)
        options: dict[str, Any] = {
            "name": publication.title[:LONGEST_FORUM_NAME] or publication.id,
            "content": _call(publication) or None,
            "embed": layout.embed,
            "applied_tags": _tags(forum, publication),
            "allowed_mentions": _may_call(publication),
        }

        async def call() -> discord.channel.ThreadWithMessage:
            if layout.picture is not None:
                options["file"] = self._outbox.file(layout.picture)
            return await forum.create_thread(**options)

        opened = await self._outbox.run(call, key=f"send:{forum.id}", lane=Lane.POST)
        return str(opened.thread.id)

    async def _posted_before(
        self, forum: discord.ForumChannel, publication: Publication
    ) -> str | None:
        """Return the thread of a post that was sent already: a forum has no nonces."""
        me = self._outbox.client.user
        own = [t for t in forum.threads if me is not None and t.owner_id == me.id]
        for thread in sorted(own, key=lambda t: t.id, reverse=True)[:LOOK_BACK]:
            if thread.name != publication.title[:LONGEST_FORUM_NAME]:
                continue
            first = await self._first_message(thread)
            if first is not None and is_of(first, publication):
                return str(thread.id)
        return None

    async def _first_message(self, thread: discord.Thread) -> discord.Message | None:
        async def call() -> list[discord.Message]:
            return [one async for one in thread.history(limit=1, oldest_first=True)]

        try:
            found = await self._outbox.run(call, key="other:fetch", lane=Lane.POST)
        except PlatformError as error:
            logger.debug("message not seen", reason=str(error))
            return None
        return found[0] if found else None


def _call(publication: Publication) -> str:
    return f"<@&{publication.mention_role}>" if publication.mention_role else ""


def _may_call(publication: Publication) -> discord.AllowedMentions:
    role = publication.mention_role
    roles = [discord.Object(int(role))] if role.isdecimal() else False
    return discord.AllowedMentions(
        everyone=False, users=False, roles=roles, replied_user=False
    )


def _tags(
    forum: discord.ForumChannel, publication: Publication
) -> list[discord.ForumTag]:
    """Return the forum's tags with the post's names.

    Raises:
        PlatformError: the forum wants a tag, and none of the post's is one of its own.
    """
    wanted = {tag.casefold() for tag in publication.tags}
    found = [tag for tag in forum.available_tags if tag.name.casefold() in wanted]
    if not found and forum.flags.require_tag:
        raise PlatformError(
            T(
                "The forum {name} takes posts with a tag only. It has: {tags}.",
                name=forum.name,
                tags=", ".join(tag.name for tag in forum.available_tags),
            )
        )
    return found[:MOST_TAGS]


def _code(error: PlatformError) -> int | None:
    cause = error.__cause__
    return cause.code if isinstance(cause, discord.HTTPException) else None
