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
from bot.messages import Channel
from bot.preview import PreviewKind, PreviewPart
from bot.publication import Publication, Published
from bot.words import T

__all__ = ["LONGEST_FORUM_NAME", "Publisher", "call_of", "may_call"]

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
    ) -> Published:
        """Send a post; return what it became.

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
            call_of(publication),
            nonce=f"{nonce}.0",
            files=(layout.picture,) if layout.picture else (),
            lane=Lane.POST,
            embed=layout.embed,
            allowed_mentions=may_call(publication),
        )
        there = channel
        if publication.discussion and channel.thread_id is None:
            there = await self._discussion(channel, sent, publication.discussion)
        ids, poll_id = await self._below(
            there, publication, layout, nonce, after_id=sent.id
        )
        if isinstance(place, discord.TextChannel) and place.is_news():
            await self._crosspost(sent)
        first_id = str(sent.id)
        return Published(
            (first_id, *ids),
            poll_message_id=poll_id,
            thread_id="" if there == channel else there.thread_id or "",
            picture_message_id=first_id if layout.picture else "",
        )

    def preview(self, publication: Publication) -> tuple[PreviewPart, ...]:
        """Return the messages that a post becomes; nothing is sent."""
        layout = lay_out(publication, can_unfurl=self._outbox.unfurl_links)
        shown = (
            call_of(publication),
            layout.embed.title or "",
            layout.embed.description or "",
        )
        fields = (str(field.value) for field in layout.embed.fields)
        card = "\n\n".join(part for part in (*shown, *fields) if part.strip())
        parts = [PreviewPart(PreviewKind.CARD, card)]
        parts += [
            PreviewPart(PreviewKind.TEXT, piece)
            for piece in split(layout.rest, self._limits)
            if piece.strip()
        ]
        if publication.poll is not None:
            parts.append(PreviewPart(PreviewKind.POLL, publication.poll.question))
        return tuple(parts)

    async def _below(
        self,
        place: Channel,
        publication: Publication,
        layout: PostLayout,
        nonce: str,
        *,
        after_id: int,
    ) -> tuple[list[str], str]:
        """Send what did not fit into the embed, and the poll; return their ids."""
        pieces = [piece for piece in split(layout.rest, self._limits) if piece.strip()]
        if not pieces and publication.poll is None:
            return [], ""
        earlier = await self._look.at(place, publication, after_id=after_id)
        ids = [
            await self._say(place, piece, f"{nonce}.{number}", earlier)
            for number, piece in enumerate(pieces, 1)
        ]
        if publication.poll is None:
            return ids, ""
        text, poll = poll_text(publication.poll), as_discord_poll(publication.poll)
        return ids, await self._say(place, text, f"{nonce}.poll", earlier, poll=poll)

    async def _say(
        self, place: Channel, text: str, nonce: str, earlier: Earlier, **more: Any
    ) -> str:
        """Send a part that is not there yet; return its id, also where it is."""
        text = shown(text, can_unfurl=self._outbox.unfurl_links)
        sent = earlier.take(text, more.get("poll")) or await self._outbox.send(
            place,
            text,
            nonce=nonce,
            lane=Lane.POST,
            allowed_mentions=discord.AllowedMentions.none(),
            **more,
        )
        return str(sent.id)

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
    ) -> Published:
        found = await self._posted_before(forum, publication)
        thread_id, first_id = found or await self._opened(
            forum, channel, publication, layout
        )
        there = Channel(
            channel.platform,
            channel.id,
            channel.community_id,
            publication.title,
            thread_id=thread_id,
            is_age_restricted=channel.is_age_restricted,
        )
        ids, poll_id = await self._below(
            there, publication, layout, nonce, after_id=int(thread_id)
        )
        return Published(
            (first_id, *ids),
            poll_message_id=poll_id,
            thread_id=thread_id,
            picture_message_id=first_id if layout.picture else "",
        )

    async def _opened(
        self,
        forum: discord.ForumChannel,
        channel: Channel,
        publication: Publication,
        layout: PostLayout,
    ) -> tuple[str, str]:
        """Open a thread; return its id and that of its first message."""
        self._outbox.check_sending(channel, has_files=layout.picture is not None)
        options: dict[str, Any] = {
            "name": publication.title[:LONGEST_FORUM_NAME] or publication.id,
            "content": call_of(publication) or None,
            "embed": layout.embed,
            "applied_tags": _tags(forum, publication),
            "allowed_mentions": may_call(publication),
        }

        async def call() -> discord.channel.ThreadWithMessage:
            if layout.picture is not None:
                options["file"] = self._outbox.file(layout.picture)
            return await forum.create_thread(**options)

        opened = await self._outbox.run(call, key=f"send:{forum.id}", lane=Lane.POST)
        return str(opened.thread.id), str(opened.message.id)

    async def _posted_before(
        self, forum: discord.ForumChannel, publication: Publication
    ) -> tuple[str, str] | None:
        """Return the thread of a post that was sent already: a forum has no nonces."""
        me = self._outbox.client.user
        own = [t for t in forum.threads if me is not None and t.owner_id == me.id]
        for thread in sorted(own, key=lambda t: t.id, reverse=True)[:LOOK_BACK]:
            if thread.name != publication.title[:LONGEST_FORUM_NAME]:
                continue
            first = await self._first_message(thread)
            if first is not None and is_of(first, publication):
                return str(thread.id), str(first.id)
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


def call_of(publication: Publication) -> str:
    """Return what calls the people whom a post is for; "" for nobody."""
    return f"<@&{publication.mention_role}>" if publication.mention_role else ""


def may_call(publication: Publication) -> discord.AllowedMentions:
    """Return whom a post may call: one role at most."""
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
