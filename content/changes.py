"""Changes and takes away what was sent: seen through, whatever happens meanwhile."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.adapter import Adapter
from bot.clock import Clock
from bot.errors import GoneError, NetworkError, PlatformError, RateLimitedError
from bot.publication import Publication, Published
from bot.store.deliveries import Delivery, DeliveryRepository, DeliveryState
from bot.store.delivery_changes import (
    ChangeKind,
    ChangeState,
    DeliveryChange,
    DeliveryChangeRepository,
)
from bot.store.posts import PostRepository
from bot.waiting import is_set_within
from bot.words import T, Text
from content.calendar import Calendar
from content.patience import next_attempt
from content.publications import Manner, Publications
from content.telling import Telling

__all__ = ["Changes"]

logger = structlog.get_logger(__name__)

GIVE_UP_AFTER = timedelta(hours=24)
SOON_S = 1.0
LONGEST_NAP_S = 60.0
INTERRUPTED = T(
    "The bot ended before the answer came. Please look whether all of it is there, and "
    "nothing twice."
)
NEVER_SEEN = T("it never became known whether it is there. Please look yourself.")
NO_ID = T("I do not know which message it is. Please do it by hand.")


class Changes:
    """Carries out changes of deliveries, with a row before each call.

    A platform that is down delays only its own, for a day. Moderators are told what
    could not be done.
    """

    def __init__(
        self,
        *,
        changes: DeliveryChangeRepository,
        deliveries: DeliveryRepository,
        adapters: Mapping[str, Adapter],
        posts: PostRepository,
        publications: Publications,
        calendar: Calendar,
        telling: Telling,
        clock: Clock,
    ) -> None:
        self._changes = changes
        self._deliveries = deliveries
        self._adapters = adapters
        self._posts = posts
        self._publications = publications
        self._calendar = calendar
        self._telling = telling
        self._clock = clock
        self._calls: set[asyncio.Task[None]] = set()
        self._turns: dict[int, _Turn] = {}

    async def see_through(self, change: DeliveryChange) -> None:
        """Return when a change is done, was given up and told, or another came.

        Changes of one delivery are made one after the other.
        """
        turn = self._turns.setdefault(change.delivery_id, _Turn())
        turn.num_waiting += 1
        turn.has_come.set()  # one that waits for its platform may be of no use now
        try:
            async with turn.lock:
                turn.has_come.clear()
                await self._see_through(change, turn)
        finally:
            turn.num_waiting -= 1
            if not turn.num_waiting:
                self._turns.pop(change.delivery_id, None)

    async def drain(self, timeout_s: float) -> None:
        """Wait for calls that are under way, so that their answers are not lost."""
        if self._calls:
            await asyncio.wait(self._calls, timeout=timeout_s)

    async def _see_through(self, change: DeliveryChange, turn: "_Turn") -> None:
        was_interrupted = change.state is ChangeState.CALLING
        while True:
            current = await self._changes.get(change.id)
            delivery = await self._deliveries.get(change.delivery_id)
            if current is None or delivery is None or not current.is_open:
                return
            nap_s = self._nap_s(current, delivery)
            if nap_s > 0:
                await is_set_within(turn.has_come, nap_s, self._clock)
                turn.has_come.clear()
                continue
            # A call once begun is heard out, even if the bot is told to stop.
            work = self._make(current, delivery, was_interrupted=was_interrupted)
            call = asyncio.create_task(work)
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)
            await asyncio.shield(call)
            was_interrupted = False

    def _nap_s(self, change: DeliveryChange, delivery: Delivery) -> float:
        if delivery.state is DeliveryState.SENDING:
            return SOON_S  # what it becomes is not known yet
        if change.next_attempt_utc is None:
            return 0.0
        wait_s = (change.next_attempt_utc - self._clock.now_utc()).total_seconds()
        return min(wait_s, LONGEST_NAP_S)

    async def _make(
        self, change: DeliveryChange, delivery: Delivery, *, was_interrupted: bool
    ) -> None:
        """Call the platform once, if there is a need, and write down what it said."""
        adapter = self._adapters.get(delivery.platform)
        if delivery.state is DeliveryState.UNKNOWN and _is_retraction(change):
            await self._failed(change, delivery, NEVER_SEEN)
        elif delivery.state is not DeliveryState.SENT:
            await self._changes.drop(change.id)  # its platform never had it
        elif delivery.published is None or not delivery.published.all_ids:
            await self._failed(change, delivery, NO_ID)
        elif adapter is None:
            text = T(
                "the platform {platform} is not running", platform=delivery.platform
            )
            await self._failed(change, delivery, text)
        elif was_interrupted and not (
            adapter.can_deduplicate or _is_retraction(change)
        ):
            await self._unknown(change, delivery, INTERRUPTED)
        elif await self._changes.begin(change.id):
            await self._call(change, delivery, adapter, delivery.published)

    async def _call(
        self,
        change: DeliveryChange,
        delivery: Delivery,
        adapter: Adapter,
        published: Published,
    ) -> None:
        is_called = False
        try:
            channel = adapter.channel(delivery.channel_id)
            is_called = True
            if _is_retraction(change):
                await adapter.retract(channel, published)
                await self._changes.retracted(change)
            else:
                publication = await self._publication(delivery.post_id)
                new = await adapter.revise(
                    channel, published, publication, nonce=change.nonce
                )
                await self._changes.revised(change, new)
        except RateLimitedError as error:
            await self._again(change, delivery, error.text, error.retry_after_s)
        except NetworkError as error:
            may_repeat = adapter.can_deduplicate or _is_retraction(change)
            if may_repeat or not is_called:
                await self._again(change, delivery, error.text, 0.0)
            else:
                await self._unknown(change, delivery, error.text)
        except GoneError as error:
            if _is_retraction(change) and is_called:
                await self._changes.retracted(change)
            else:
                await self._failed(change, delivery, error.text)
        except PlatformError as error:
            await self._failed(change, delivery, error.text)
        except Exception:
            # Each delivery stands for itself: another platform's are not held up.
            logger.exception("change failed", channel=delivery.channel_key)
            await self._unknown(change, delivery, T("The adapter failed, see the log."))
        else:
            logger.info(
                "post changed",
                post=delivery.post_id,
                channel=delivery.channel_key,
                kind=change.kind.value,
            )

    async def _publication(self, post_id: str) -> Publication:
        """Return a post with the text that it has now."""
        post = await self._posts.get(post_id)
        if post is None:
            raise LookupError(f"there is no post {post_id}")
        schedule = self._calendar.get(post.schedule_id or "")
        return await self._publications.of(post, Manner.of(schedule))

    async def _again(
        self, change: DeliveryChange, delivery: Delivery, error: Text, least_s: float
    ) -> None:
        retry_utc = next_attempt(
            self._clock.now_utc(),
            num_tried=change.attempts + 1,
            until_utc=change.created_utc + GIVE_UP_AFTER,
            least_s=least_s,
        )
        if retry_utc is None:
            await self._failed(change, delivery, error)
        else:
            await self._changes.failed(change.id, error, retry_utc)

    async def _failed(
        self, change: DeliveryChange, delivery: Delivery, error: Text
    ) -> None:
        logger.warning(
            "change failed",
            post=delivery.post_id,
            channel=delivery.channel_key,
            error=str(error),
        )
        await self._changes.failed(change.id, error, None)
        await self._telling.not_changed(delivery, change, error)

    async def _unknown(
        self, change: DeliveryChange, delivery: Delivery, error: Text
    ) -> None:
        await self._changes.unknown(change.id, error)
        is_unsure = not _is_retraction(change)
        await self._telling.not_changed(delivery, change, error, is_unsure=is_unsure)


@dataclass(slots=True)
class _Turn:
    """Who changes a delivery just now, and who waits to."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    has_come: asyncio.Event = field(default_factory=asyncio.Event)
    num_waiting: int = 0


def _is_retraction(change: DeliveryChange) -> bool:
    return change.kind is ChangeKind.RETRACT
