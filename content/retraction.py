"""Taking a post away from every channel that has it."""

import asyncio
from collections.abc import Coroutine, Sequence

import structlog

from bot.store.deliveries import DeliveryRepository, DeliveryState
from bot.store.delivery_changes import (
    ChangeKind,
    DeliveryChange,
    DeliveryChangeRepository,
)
from bot.store.delivery_decisions import DeliveryDecisions
from bot.store.posts import PostRepository
from bot.words import T, join_texts
from content.changes import Changes
from content.outcome import outcome
from content.posts import PostStatus, check_transition
from content.publisher import Publisher

__all__ = ["Retraction"]

logger = structlog.get_logger(__name__)

ACTOR = "publisher"


class Retraction:
    """Keeps back what has not been sent, takes away the rest, says how that ended."""

    def __init__(
        self,
        *,
        posts: PostRepository,
        deliveries: DeliveryRepository,
        decisions: DeliveryDecisions,
        rows: DeliveryChangeRepository,
        changes: Changes,
        publisher: Publisher,
    ) -> None:
        self._posts = posts
        self._deliveries = deliveries
        self._decisions = decisions
        self._rows = rows
        self._changes = changes
        self._publisher = publisher

    async def begin(self, post_id: str, *, actor: str) -> Coroutine[None, None, None]:
        """Write down what is to be done with a retracting post; return the doing."""
        await self._keep_back(post_id)
        changes = await self._rows.plan(post_id, ChangeKind.RETRACT, actor=actor)
        return self._take_away(post_id, changes)

    async def resume(self, post_id: str) -> Coroutine[None, None, None]:
        """Return what is left to do with a post that was being retracted."""
        for delivery in await self._deliveries.of_post(post_id):
            if delivery.state is DeliveryState.SENDING:
                error = T("The bot ended before the answer came.")
                await self._deliveries.unknown(delivery.id, error)
        last = (await self._posts.transitions(post_id))[-1]
        rows = [
            change
            for change in await self._rows.of_post(post_id)
            if change.kind is ChangeKind.RETRACT and change.created_utc >= last.at_utc
        ]
        if not rows:
            return await self.begin(post_id, actor=last.actor)
        await self._keep_back(post_id)
        return self._take_away(post_id, [row for row in rows if row.is_open])

    async def _keep_back(self, post_id: str) -> None:
        await self._decisions.withdraw(post_id)
        self._publisher.wake(post_id)

    async def _one(self, post_id: str, change: DeliveryChange) -> None:
        await self._changes.see_through(change)
        await self._keep_back(post_id)  # what was under way may have failed since

    async def _take_away(self, post_id: str, changes: Sequence[DeliveryChange]) -> None:
        async with asyncio.TaskGroup() as group:
            for change in changes:
                group.create_task(self._one(post_id, change))
        deliveries = await self._deliveries.of_post(post_id)
        status = outcome([one.state for one in deliveries])
        if status not in (PostStatus.PUBLISHED, PostStatus.UNKNOWN):
            status = PostStatus.RETRACTED
        errors = {
            change.delivery_id: change.error
            for change in await self._rows.of_post(post_id)
        }
        reason = join_texts(
            T("still in {channel}: {error}", channel=one.channel_key, error=error)
            for one in deliveries
            if (error := errors.get(one.id)) is not None
        )
        old = PostStatus.RETRACTING
        check_transition(old, status)
        await self._posts.transition(post_id, old, status, actor=ACTOR, reason=reason)
        logger.info("post taken away", post=post_id, status=status.value)
