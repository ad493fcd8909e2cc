"""What moderators do with posts that went out, or did not."""

from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence

from bot.adapter import Adapter
from bot.errors import UserError
from bot.messages import Author
from bot.store.deliveries import Delivery, DeliveryRepository, DeliveryState
from bot.store.delivery_changes import (
    ChangeKind,
    ChangeState,
    DeliveryChangeRepository,
)
from bot.store.delivery_decisions import DeliveryDecisions
from bot.store.posts import PostRepository, StoredPost
from bot.words import T
from content.calendar import Calendar
from content.changes import Changes
from content.outcome import outcome
from content.posts import PostStatus, check_transition
from content.publications import Manner
from content.publisher import Publisher
from content.retraction import Retraction
from content.telling import Telling

__all__ = ["Aftermath", "Spawn"]

Spawn = Callable[[Coroutine[None, None, None]], None]
"""Lets work go on in the background; where the bot does not run, at its next start."""

IS_OUT = (PostStatus.PUBLISHING, PostStatus.PUBLISHED, PostStatus.UNKNOWN)
"""A channel may have it."""
IS_COMING = (
    PostStatus.PLANNED,
    PostStatus.DRAFTING,
    PostStatus.PENDING_REVIEW,
    PostStatus.APPROVED,
)
"""No channel has it, and one may get it."""
HAS_FAILED = (DeliveryState.FAILED, DeliveryState.EXPIRED)
IS_BROKEN = (ChangeState.FAILED, ChangeState.UNKNOWN)


class Aftermath:
    """Corrects, takes back and repeats posts; each wish is a row before it is done."""

    def __init__(
        self,
        *,
        posts: PostRepository,
        deliveries: DeliveryRepository,
        decisions: DeliveryDecisions,
        rows: DeliveryChangeRepository,
        changes: Changes,
        retraction: Retraction,
        publisher: Publisher,
        calendar: Calendar,
        telling: Telling,
        adapters: Mapping[str, Adapter],
        spawn: Spawn,
    ) -> None:
        self._posts = posts
        self._deliveries = deliveries
        self._decisions = decisions
        self._rows = rows
        self._changes = changes
        self._retraction = retraction
        self._publisher = publisher
        self._calendar = calendar
        self._telling = telling
        self._adapters = adapters
        self._spawn = spawn

    async def start(self, at_work: Collection[str | None]) -> None:
        """Take up what was left unfinished; runs go on with posts `at_work`."""
        for post in await self._posts.list(status=PostStatus.RETRACTING):
            self._spawn(await self._retraction.resume(post.id))
        for post in await self._posts.list(status=PostStatus.PUBLISHING):
            if post.id not in at_work:
                self._spawn(self._publish(post.id))
        for change in await self._rows.unfinished():
            if change.kind is ChangeKind.REVISE:
                self._spawn(self._changes.see_through(change))
        for delivery in await self._deliveries.unfinished():
            if delivery.state is DeliveryState.UNKNOWN:
                self._spawn(self._telling.ask(delivery))

    def check_editable(self, post: StoredPost) -> None:
        """Let only posts be changed that are out, or about to go out.

        Raises:
            UserError: it is none of those.
        """
        if post.status not in (*IS_OUT, PostStatus.APPROVED):
            raise UserError(
                T("This post can no longer be changed: {id} is not out.", id=post.id)
            )

    async def edit(self, post: StoredPost, by: Author, *, title: str, body: str) -> int:
        """Give a post its new text, already judged, everywhere; return to how many.

        Raises:
            UserError: it is not out (any more).
        """
        self.check_editable(post)
        # Before the text: after a crash a change to the same text does no harm, and a
        # text that nobody gets would.
        changes = await self._rows.plan(post.id, ChangeKind.REVISE, actor=by.name)
        if not await self._posts.transition(
            post.id,
            post.status,
            post.status,
            actor=by.name,
            reason=T("edited by {name}", name=by.name),
            title=title,
            body=body,
        ):
            for change in changes:
                await self._rows.drop(change.id)
            raise _too_late(post)
        for change in changes:
            self._spawn(self._changes.see_through(change))
        return len(changes)

    async def withdraw(self, post: StoredPost, by: Author) -> bool:
        """Keep a post back that is not out yet; False: it is none of those."""
        if PostStatus(post.status) not in IS_COMING:
            return False
        check_transition(PostStatus(post.status), PostStatus.REJECTED)
        if not await self._posts.transition(
            post.id,
            post.status,
            PostStatus.REJECTED,
            actor=by.name,
            reason=T("withdrawn by {name}", name=by.name),
        ):
            raise _too_late(post)
        return True

    async def retract(self, post: StoredPost, by: Author) -> None:
        """Take a post away wherever it is.

        Raises:
            UserError: it is not out (any more).
        """
        if PostStatus(post.status) not in IS_OUT:
            raise UserError(T("The post {id} is not out.", id=post.id))
        old, new = PostStatus(post.status), PostStatus.RETRACTING
        check_transition(old, new)
        reason = T("taken back by {name}", name=by.name)
        if not await self._posts.transition(
            post.id, old, new, actor=by.name, reason=reason
        ):
            raise _too_late(post)
        self._spawn(await self._retraction.begin(post.id, actor=by.name))

    async def retry(self, post: StoredPost, by: Author) -> int:
        """Do again what failed with the channels of a post; return how much that is."""
        deliveries = await self._deliveries.of_post(post.id)
        failed = [
            one
            for one in deliveries
            if one.state in HAS_FAILED and one.next_attempt_utc is None
        ]
        if failed:
            await self._send(post, failed, by, was=HAS_FAILED)
        return len(failed) + await self._retry_changes(post, deliveries, by)

    async def unknown(self, post: StoredPost) -> tuple[Delivery, ...]:
        """Return the deliveries of a post that nobody can tell of."""
        deliveries = await self._deliveries.of_post(post.id)
        return tuple(d for d in deliveries if d.state is DeliveryState.UNKNOWN)

    async def found(self, delivery: Delivery, by: Author) -> None:
        """Note that a post is there, says a moderator.

        Raises:
            UserError: that was decided already.
        """
        if not await self._decisions.is_there(delivery.id):
            raise _decided(delivery)
        post = await self._posts.get(delivery.post_id)
        if post is None or post.status != PostStatus.UNKNOWN:
            return
        deliveries = await self._deliveries.of_post(post.id)
        status = outcome([one.state for one in deliveries])
        if status is not PostStatus.UNKNOWN:
            check_transition(PostStatus.UNKNOWN, status)
            reason = T("{name} found it there", name=by.name)
            await self._posts.transition(
                post.id, post.status, status, actor=by.name, reason=reason
            )

    async def missed(self, delivery: Delivery, by: Author) -> None:
        """Send a post again that is not there, says a moderator.

        Raises:
            UserError: that was decided already.
        """
        post = await self._posts.get(delivery.post_id)
        if post is None or delivery.state is not DeliveryState.UNKNOWN:
            raise _decided(delivery)
        await self._send(post, [delivery], by, was=(DeliveryState.UNKNOWN,))

    async def _send(
        self,
        post: StoredPost,
        deliveries: Sequence[Delivery],
        by: Author,
        *,
        was: Sequence[DeliveryState],
    ) -> None:
        status = PostStatus(post.status)
        if status is not PostStatus.PUBLISHING:
            check_transition(status, PostStatus.PUBLISHING)
            reason = T("{name} wants it sent again", name=by.name)
            if not await self._posts.transition(
                post.id, status, PostStatus.PUBLISHING, actor=by.name, reason=reason
            ):
                raise _too_late(post)
        for delivery in deliveries:
            adapter = self._adapters.get(delivery.platform)
            # Where a platform knows a nonce again, that is one more safeguard.
            is_kept = adapter is not None and adapter.can_deduplicate
            is_kept = is_kept or delivery.state is not DeliveryState.UNKNOWN
            await self._decisions.send_again(
                delivery.id, was, nonce=delivery.nonce if is_kept else ""
            )
            if (planned := await self._deliveries.get(delivery.id)) is not None:
                self._publisher.join(planned)
        if not self._publisher.is_at_work(post.id):
            self._spawn(self._publish(post.id))

    async def _retry_changes(
        self, post: StoredPost, deliveries: Sequence[Delivery], by: Author
    ) -> int:
        last = {
            change.delivery_id: change for change in await self._rows.of_post(post.id)
        }
        sent = {one.id for one in deliveries if one.state is DeliveryState.SENT}
        broken = [
            change
            for change in last.values()
            if change.delivery_id in sent
            and change.state in IS_BROKEN
            and not change.is_open
        ]
        kinds = {change.kind for change in broken}
        if ChangeKind.RETRACT in kinds:
            await self.retract(post, by)
        elif kinds:
            for change in await self._rows.plan(
                post.id, ChangeKind.REVISE, actor=by.name
            ):
                self._spawn(self._changes.see_through(change))
        return len(broken)

    async def _publish(self, post_id: str) -> None:
        post = await self._posts.get(post_id)
        if post is not None and not self._publisher.is_at_work(post_id):
            schedule = self._calendar.get(post.schedule_id or "")
            await self._publisher.publish(post_id, (), Manner.of(schedule))


def _too_late(post: StoredPost) -> UserError:
    return UserError(
        T("The post {id} has just changed: look with /posts show {id}.", id=post.id)
    )


def _decided(delivery: Delivery) -> UserError:
    return UserError(
        T("That is decided: look with /posts show {id}.", id=delivery.post_id)
    )
