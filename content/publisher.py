"""Delivers a post to its channels: once each, or it says that it cannot tell."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.adapter import Adapter
from bot.clock import Clock
from bot.errors import GoneError, NetworkError, PlatformError, RateLimitedError
from bot.messages import Attachment, Channel, Publication
from bot.store.deliveries import Delivery, DeliveryRepository, DeliveryState
from bot.store.materials import MaterialRepository
from bot.store.posts import PostRepository, StoredPost
from bot.words import T, Text, Words, join_texts
from content.posts import PostStatus, check_transition

__all__ = ["DrawCover", "Publisher"]

logger = structlog.get_logger(__name__)

MAX_ATTEMPTS = 6
FIRST_RETRY_S = 15.0
LONGEST_RETRY_S = 1800.0
ACTOR = "publisher"


DrawCover = Callable[[StoredPost], Awaitable[Attachment | None]]
"""Draws the cover of a post; None: it gets none."""


class Publisher:
    """Sends posts through the adapters, with a row before each call.

    `adapters` are by platform, the part of a channel's key before the colon.
    """

    def __init__(
        self,
        *,
        posts: PostRepository,
        deliveries: DeliveryRepository,
        materials: MaterialRepository,
        adapters: Mapping[str, Adapter],
        words: Words,
        clock: Clock,
        draw: DrawCover | None = None,
    ) -> None:
        self._posts = posts
        self._deliveries = deliveries
        self._materials = materials
        self._adapters = adapters
        self._words = words
        self._clock = clock
        self._draw = draw
        self._calls: set[asyncio.Task[None]] = set()

    async def publish(
        self,
        post_id: str,
        channels: Sequence[str],
        *,
        tags: tuple[str, ...] = (),
        discuss: bool = False,
        mention_role: str = "",
    ) -> PostStatus:
        """Bring an approved post to its channels; return how that ended.

        Also goes on with a post that was being published when the bot ended. Returns
        when every delivery is settled, which takes long where a platform is down.
        """
        post = await self._posts.get(post_id)
        if post is None:
            raise ValueError(f"there is no post {post_id}")
        deliveries = await self._deliveries.plan(post_id, channels)
        begun_utc = self._clock.now_utc()
        if post.status == PostStatus.APPROVED:
            check_transition(PostStatus(post.status), PostStatus.PUBLISHING)
            await self._posts.transition(
                post_id, post.status, PostStatus.PUBLISHING, actor=ACTOR
            )
        else:
            begun_utc = post.updated_utc
        publication = replace(
            await self._laid_out(post),
            tags=tags,
            discussion=post.title if discuss else "",
            mention_role=mention_role,
            begun_utc=begun_utc,
        )
        async with asyncio.TaskGroup() as group:
            for delivery in deliveries:
                group.create_task(self._deliver(delivery, publication))
        return await self._settle(post_id)

    def places(self, channels: Sequence[str]) -> tuple[Channel, ...]:
        """Return the channels by their keys, without those that are not there."""
        return tuple(
            place for key in channels if (place := self._place(key)) is not None
        )

    def _place(self, channel_key: str) -> Channel | None:
        platform, _, channel_id = channel_key.partition(":")
        adapter = self._adapters.get(platform)
        try:
            return adapter.channel(channel_id) if adapter else None
        except GoneError:
            return None  # the delivery will say so

    async def drain(self, timeout_s: float) -> None:
        """Wait for calls that are under way, so that their answers are not lost."""
        if self._calls:
            await asyncio.wait(self._calls, timeout=timeout_s)

    async def _laid_out(self, post: StoredPost) -> Publication:
        material, extras = await self._materials.get(post.id), post.extras
        return Publication(
            id=post.id,
            title=post.title,
            body=post.body,
            # Where the text has it already, it is not shown twice.
            summary="" if extras.summary in post.body else extras.summary,
            poll=extras.poll,
            sources=tuple(dict.fromkeys((*extras.sources, *material.links))),
            picture=await self._draw(post) if self._draw else None,
            byline=self._words.say(T("Written by AI"), post.language),
        )

    async def _deliver(self, delivery: Delivery, publication: Publication) -> None:
        """Try until the delivery is settled."""
        if delivery.state is DeliveryState.SENDING:
            await self._repeat_or_ask(delivery)
        while True:
            current = await self._deliveries.get(delivery.id)
            if current is None or not _is_open(current):
                return
            if current.next_attempt_utc is not None:
                wait = current.next_attempt_utc - self._clock.now_utc()
                await self._clock.sleep(wait.total_seconds())
            # A call once begun is heard out, even if the bot is told to stop.
            call = asyncio.create_task(self._attempt(current, publication))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)
            await asyncio.shield(call)

    async def _repeat_or_ask(self, delivery: Delivery) -> None:
        """The bot ended in the middle of the call: did the platform get it?"""
        platform = delivery.channel_key.split(":")[0]
        adapter = self._adapters.get(platform)
        if adapter is not None and adapter.can_deduplicate:
            error = T("the answer was never seen")
            await self._deliveries.failed(delivery.id, error, self._clock.now_utc())
            return
        await self._unknown(delivery, T("the bot ended before the answer came"))

    async def _attempt(self, delivery: Delivery, publication: Publication) -> None:
        """Call the platform once and write down what it said."""
        platform, _, channel_id = delivery.channel_key.partition(":")
        adapter = self._adapters.get(platform)
        if adapter is None:
            text = T("the platform {platform} is not running", platform=platform)
            await self._failed(delivery, text)
            return
        if not await self._deliveries.begin(delivery.id):
            return  # somebody else settled it
        if delivery.attempts == 0:
            publication = replace(publication, begun_utc=None)
        try:
            message_id = await adapter.publish(
                adapter.channel(channel_id), publication, nonce=delivery.nonce
            )
        except RateLimitedError as error:
            await self._again(delivery, error, error.retry_after_s)
        except NetworkError as error:
            if adapter.can_deduplicate:
                await self._again(delivery, error, 0)
            else:
                await self._unknown(delivery, error.text)
        except PlatformError as error:
            await self._failed(delivery, error.text)
        except Exception:
            # Each delivery stands for itself: another platform's are not held up.
            logger.exception("delivery failed", channel=delivery.channel_key)
            await self._unknown(delivery, T("the adapter failed, see the log"))
        else:
            await self._deliveries.sent(delivery.id, message_id)
            logger.info(
                "post sent", post=delivery.post_id, channel=delivery.channel_key
            )

    async def _again(
        self, delivery: Delivery, error: PlatformError, least_s: float
    ) -> None:
        """Try again later, each time after twice as long, but not for ever."""
        num_tried = delivery.attempts + 1
        if num_tried < MAX_ATTEMPTS:
            backoff_s = min(FIRST_RETRY_S * 2 ** (num_tried - 1), LONGEST_RETRY_S)
            wait = timedelta(seconds=max(least_s, backoff_s))
            retry_utc = self._clock.now_utc() + wait
            await self._deliveries.failed(delivery.id, error.text, retry_utc)
        elif isinstance(error, NetworkError):
            await self._unknown(delivery, error.text)
        else:
            await self._failed(delivery, error.text)

    async def _failed(self, delivery: Delivery, error: Text) -> None:
        logger.warning(
            "delivery failed",
            post=delivery.post_id,
            channel=delivery.channel_key,
            error=str(error),
        )
        await self._deliveries.failed(delivery.id, error, None)

    async def _unknown(self, delivery: Delivery, error: Text) -> None:
        """Nobody can tell whether it is there: never send it again by itself."""
        logger.warning(
            "delivery unknown: look whether the post is there",
            post=delivery.post_id,
            channel=delivery.channel_key,
            error=str(error),
        )
        await self._deliveries.unknown(delivery.id, error)

    async def _settle(self, post_id: str) -> PostStatus:
        deliveries = await self._deliveries.of_post(post_id)
        status = _outcome([delivery.state for delivery in deliveries])
        reason = join_texts(
            T("{channel}: {error}", channel=delivery.channel_key, error=delivery.error)
            for delivery in deliveries
            if delivery.state is not DeliveryState.SENT and delivery.error is not None
        )
        check_transition(PostStatus.PUBLISHING, status)
        await self._posts.transition(
            post_id, PostStatus.PUBLISHING, status, actor=ACTOR, reason=reason
        )
        logger.info("post settled", post=post_id, status=status.value)
        return status


def _is_open(delivery: Delivery) -> bool:
    """Return whether the platform is to be called (again)."""
    if delivery.state is DeliveryState.FAILED:
        return delivery.next_attempt_utc is not None
    return delivery.state is DeliveryState.PLANNED


def _outcome(states: Sequence[DeliveryState]) -> PostStatus:
    if DeliveryState.UNKNOWN in states:
        return PostStatus.UNKNOWN
    if DeliveryState.SENT in states:
        return PostStatus.PUBLISHED
    return PostStatus.FAILED
