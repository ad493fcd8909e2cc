"""Delivers a post to its channels: once each, or it says that it cannot tell."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.adapter import Adapter
from bot.clock import Clock
from bot.errors import NetworkError, PlatformError, RateLimitedError
from bot.store.deliveries import Delivery, DeliveryRepository, DeliveryState
from bot.store.posts import PostRepository
from bot.waiting import is_set_within
from bot.words import T, Text, join_texts
from content.gate import AreHeld, nothing_is_held
from content.outcome import outcome
from content.patience import next_attempt
from content.posts import PostStatus, check_transition
from content.publications import Edition, Manner, Publications
from content.telling import Telling

__all__ = ["Publisher"]

logger = structlog.get_logger(__name__)

LEAST_PATIENCE = timedelta(minutes=15)
HELD_NAP_S, LONGEST_NAP_S = 20.0, 60.0
"""The clock on the wall may jump, so it is read this often."""
ACTOR, PLAIN = "publisher", Manner()


@dataclass(slots=True)
class _Round:
    """A post that is going out.

    Attributes:
        begun_utc: when it went out first: since then parts of it may be there.
        changed: set when deliveries were taken back, so that nobody waits for them.
        unsure: deliveries of which a call had no answer: they may be there.
    """

    edition: Edition
    begun_utc: datetime
    until_utc: datetime
    group: asyncio.TaskGroup
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    unsure: set[int] = field(default_factory=set)


class Publisher:
    """Sends posts through the adapters, with a row before each call.

    `adapters` are by platform, the part of a channel's key before the colon. A platform
    that is down delays only its own deliveries, until they are too late.
    """

    def __init__(
        self,
        *,
        posts: PostRepository,
        deliveries: DeliveryRepository,
        publications: Publications,
        adapters: Mapping[str, Adapter],
        telling: Telling,
        clock: Clock,
        are_held: AreHeld = nothing_is_held,
    ) -> None:
        self._posts, self._deliveries = posts, deliveries
        self._publications = publications
        self._adapters = adapters
        self._telling, self._are_held = telling, are_held
        self._clock = clock
        self._calls: set[asyncio.Task[None]] = set()
        self._rounds: dict[str, _Round] = {}

    async def publish(
        self, post_id: str, channels: Sequence[str], manner: Manner = PLAIN
    ) -> PostStatus:
        """Bring an approved post to its channels; return how that ended.

        Also goes on with a post that was being published when the bot ended. Returns
        when every delivery is settled, which takes long where a platform is down.
        """
        status = await self._begin(post_id)
        if status is not PostStatus.PUBLISHING:
            return status
        deliveries = await self._deliveries.plan(post_id, channels)
        edition = Edition(
            post_id, posts=self._posts, publications=self._publications, manner=manner
        )
        patience = max(timedelta(minutes=manner.patience_minutes), LEAST_PATIENCE)
        begun = await self._begun_utc(post_id)
        until_utc = max(begun) + patience
        try:
            async with asyncio.TaskGroup() as group:
                self._rounds[post_id] = _Round(edition, min(begun), until_utc, group)
                for delivery in deliveries:
                    self.join(delivery)
        finally:
            self._rounds.pop(post_id, None)
        return await self._settle(post_id)

    def join(self, delivery: Delivery) -> bool:
        """Send a delivery along with the others of its post, if they are on the way."""
        current = self._rounds.get(delivery.post_id)
        if current is not None:
            current.group.create_task(self._deliver(delivery, current))
        return current is not None

    def wake(self, post_id: str) -> None:
        """Look at a post's deliveries again: some were taken back."""
        if (current := self._rounds.get(post_id)) is not None:
            current.changed.set()

    def is_at_work(self, post_id: str) -> bool:
        """Return whether a post is on its way just now."""
        return post_id in self._rounds

    async def drain(self, timeout_s: float) -> None:
        """Wait for calls that are under way, so that their answers are not lost."""
        if self._calls:
            await asyncio.wait(self._calls, timeout=timeout_s)

    async def _begin(self, post_id: str) -> PostStatus:
        """Let an approved post go out; return what it is then."""
        old, new = PostStatus.APPROVED, PostStatus.PUBLISHING
        check_transition(old, new)
        await self._posts.transition(post_id, old, new, actor=ACTOR)
        post = await self._posts.get(post_id)
        if post is None:
            raise ValueError(f"there is no post {post_id}")
        return PostStatus(post.status)

    async def _begun_utc(self, post_id: str) -> list[datetime]:
        """Return when a post began to go out, and when it did so again."""
        steps = await self._posts.transitions(post_id)
        return [
            step.at_utc
            for step in steps
            if step.to_status == PostStatus.PUBLISHING != step.from_status
        ]

    async def _deliver(self, delivery: Delivery, current: _Round) -> None:
        """Try until the delivery is settled."""
        if delivery.state is DeliveryState.SENDING:
            await self._repeat_or_ask(delivery)
        while True:
            found = await self._deliveries.get(delivery.id)
            if found is None or not _is_open(found):
                return
            wait_s = await self._wait_s(found)
            if wait_s > 0:
                nap_s = min(wait_s, LONGEST_NAP_S)
                await is_set_within(current.changed, nap_s, self._clock)
                current.changed.clear()
                continue
            # A call once begun is heard out, even if the bot is told to stop.
            call = asyncio.create_task(self._attempt(found, current))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)
            await asyncio.shield(call)

    async def _wait_s(self, delivery: Delivery) -> float:
        """Return how long a delivery is not to be tried: posts may rest there."""
        if await self._are_held((delivery.channel_key,)):
            return HELD_NAP_S
        next_utc = delivery.next_attempt_utc
        return (next_utc - self._clock.now_utc()).total_seconds() if next_utc else 0.0

    async def _repeat_or_ask(self, delivery: Delivery) -> None:
        """The bot ended in the middle of the call: did the platform get it?"""
        adapter = self._adapters.get(delivery.platform)
        if adapter is not None and adapter.can_deduplicate:
            error = T("the answer was never seen")
            await self._deliveries.failed(delivery.id, error, self._clock.now_utc())
            return
        await self._unknown(delivery, T("The bot ended before the answer came."))

    async def _attempt(self, delivery: Delivery, current: _Round) -> None:
        """Call the platform once and write down what it said."""
        adapter = self._adapters.get(delivery.platform)
        if adapter is None:
            text = T(
                "the platform {platform} is not running", platform=delivery.platform
            )
            await self._failed(delivery, text)
            return
        publication = await current.edition.current()
        if not await self._deliveries.begin(delivery.id):
            return  # somebody else settled it
        is_called = False
        if delivery.attempts > 0:
            publication = replace(publication, begun_utc=current.begun_utc)
        try:
            channel = adapter.channel(delivery.channel_id)
            is_called = True
            published = await adapter.publish(
                channel, publication, nonce=delivery.nonce
            )
        except RateLimitedError as error:
            await self._again(delivery, error, current, least_s=error.retry_after_s)
        except NetworkError as error:
            if is_called:
                current.unsure.add(delivery.id)
            if adapter.can_deduplicate or not is_called:
                await self._again(delivery, error, current)
            else:
                await self._unknown(delivery, error.text)
        except PlatformError as error:
            await self._failed(delivery, error.text)
        except Exception:
            # Each delivery stands for itself: another platform's are not held up.
            logger.exception("delivery failed", channel=delivery.channel_key)
            await self._unknown(delivery, T("The adapter failed, see the log."))
        else:
            await self._deliveries.sent(delivery.id, published)
            logger.info(
                "post sent", post=delivery.post_id, channel=delivery.channel_key
            )

    async def _again(
        self,
        delivery: Delivery,
        error: PlatformError,
        current: _Round,
        *,
        least_s: float = 0.0,
    ) -> None:
        """Try again later, until the post is too late."""
        retry_utc = next_attempt(
            self._clock.now_utc(),
            num_tried=delivery.attempts + 1,
            until_utc=current.until_utc,
            least_s=least_s,
        )
        if retry_utc is not None:
            await self._deliveries.failed(delivery.id, error.text, retry_utc)
        elif delivery.id in current.unsure:
            await self._unknown(delivery, error.text)
        else:
            logger.warning("delivery too late", channel=delivery.channel_key)
            await self._deliveries.expired(delivery.id, error.text)
            await self._tell(delivery)

    async def _failed(self, delivery: Delivery, error: Text) -> None:
        logger.warning(
            "delivery failed",
            post=delivery.post_id,
            channel=delivery.channel_key,
            error=str(error),
        )
        await self._deliveries.failed(delivery.id, error, None)
        await self._tell(delivery)

    async def _unknown(self, delivery: Delivery, error: Text) -> None:
        """Nobody can tell whether it is there: never send it again by itself."""
        logger.warning(
            "delivery unknown: look whether the post is there",
            post=delivery.post_id,
            channel=delivery.channel_key,
            error=str(error),
        )
        await self._deliveries.unknown(delivery.id, error)
        await self._tell(delivery)

    async def _tell(self, delivery: Delivery) -> None:
        found = await self._deliveries.get(delivery.id)
        if found is not None and found.state is DeliveryState.UNKNOWN:
            await self._telling.unknown(found)
        elif found is not None:
            await self._telling.not_sent(found)

    async def _settle(self, post_id: str) -> PostStatus:
        deliveries = await self._deliveries.of_post(post_id)
        status = outcome([delivery.state for delivery in deliveries])
        reason = join_texts(
            T("{channel}: {error}", channel=delivery.channel_key, error=delivery.error)
            for delivery in deliveries
            if delivery.state is not DeliveryState.SENT and delivery.error is not None
        )
        check_transition(PostStatus.PUBLISHING, status)
        is_settled = await self._posts.transition(
            post_id, PostStatus.PUBLISHING, status, actor=ACTOR, reason=reason
        )
        logger.info("post settled", post=post_id, status=status.value)
        post = None if is_settled else await self._posts.get(post_id)
        return PostStatus(post.status) if post else status  # it may be taken away


def _is_open(delivery: Delivery) -> bool:
    """Return whether the platform is to be called (again)."""
    if delivery.state is DeliveryState.FAILED:
        return delivery.next_attempt_utc is not None
    return delivery.state is DeliveryState.PLANNED
