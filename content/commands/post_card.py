"""Posts in words: what became of them, where they are, and what comes next."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.store.deliveries import Delivery, DeliveryState
from bot.store.delivery_changes import ChangeKind, ChangeState, DeliveryChange
from bot.store.posts import PostTransition, StoredPost
from bot.words import T, Text, Words
from content.content import Content
from content.posts import PostStatus

__all__ = ["CHANGES", "DELIVERIES", "STATUSES", "card", "line"]

STATUSES: Mapping[PostStatus, Text] = {
    PostStatus.PLANNED: T("planned"),
    PostStatus.DRAFTING: T("being written"),
    PostStatus.PENDING_REVIEW: T("waits for review"),
    PostStatus.APPROVED: T("approved"),
    PostStatus.PUBLISHING: T("going out"),
    PostStatus.PUBLISHED: T("published"),
    PostStatus.REJECTED: T("rejected"),
    PostStatus.EXPIRED: T("expired"),
    PostStatus.SKIPPED: T("skipped"),
    PostStatus.FAILED: T("failed"),
    PostStatus.UNKNOWN: T("may be there or not, please look"),
    PostStatus.RETRACTING: T("being taken away"),
    PostStatus.RETRACTED: T("taken back"),
}
DELIVERIES: Mapping[DeliveryState, Text] = {
    DeliveryState.PLANNED: T("not sent yet"),
    DeliveryState.SENDING: T("being sent"),
    DeliveryState.SENT: T("there"),
    DeliveryState.FAILED: T("not there"),
    DeliveryState.UNKNOWN: T("may be there or not, please look"),
    DeliveryState.EXPIRED: T("not there, it was too late"),
    DeliveryState.WITHDRAWN: T("not there, it was taken back before"),
    DeliveryState.RETRACTED: T("taken away"),
}
CHANGES: Mapping[ChangeKind, Text] = {
    ChangeKind.REVISE: T("the new text"),
    ChangeKind.RETRACT: T("taking it away"),
}
NOT_OVER = (ChangeState.PLANNED, ChangeState.CALLING)


async def line(content: Content, post: StoredPost, words: Words, language: str) -> str:
    """Return a post in one line."""
    status = PostStatus(post.status)
    said = (
        f"- {_time(post.created_utc, content)} · {post.title or post.topic} · "
        f"{words.say(STATUSES[status], language)}"
    )
    reason = (await content.posts.transitions(post.id))[-1].reason
    is_bad = status in (PostStatus.FAILED, PostStatus.REJECTED)
    if is_bad and reason is not None:
        said += f": {words.say(reason, language)}"
    return f"{said} · `{post.id}`"


async def card(content: Content, post: StoredPost, words: Words, language: str) -> str:
    """Return all about a post: its history, its sources, and where it is."""
    status = words.say(STATUSES[PostStatus(post.status)], language)
    lines = [f"**{post.title or post.topic}** · {post.kind} · {status}", f"`{post.id}`"]
    lines += [
        f"- {_time(step.at_utc, content)} · {_step(step, words, language)}"
        for step in await content.posts.transitions(post.id)
    ]
    links = (
        *post.extras.sources,
        *(await content.sources.materials.get(post.id)).links,
    )
    for link in dict.fromkeys(links):
        source = words.say(T("source"), language)
        lines.append(f"- {source}: [{link.title}]({link.url})")
    changes = await content.outgoing.rows.of_post(post.id)
    for delivery in await content.deliveries.of_post(post.id):
        texts = _delivery(content, delivery, changes)
        said = " · ".join(words.say(text, language) for text in texts)
        lines.append(f"- **{delivery.channel_key}** · {said}")
    return "\n".join(lines)


def _step(step: PostTransition, words: Words, language: str) -> str:
    if step.from_status == step.to_status and step.reason is not None:
        return words.say(step.reason, language)  # only its text is another
    said = f"{words.say(STATUSES[PostStatus(step.to_status)], language)} · {step.actor}"
    if step.reason is not None:
        said += f": {words.say(step.reason, language)}"
    return said


def _delivery(
    content: Content, delivery: Delivery, changes: Sequence[DeliveryChange]
) -> Iterator[Text]:
    yield DELIVERIES[delivery.state]
    is_there = delivery.state is DeliveryState.SENT
    if is_there and delivery.published is not None and delivery.published.message_id:
        message_id = delivery.published.message_id
        link = content.places.link(delivery.channel_key, message_id)
        yield T("message {id}", id=link or message_id)
    if delivery.error is not None:
        yield delivery.error
    if delivery.next_attempt_utc is not None:
        yield T("next attempt {time}", time=_time(delivery.next_attempt_utc, content))
    own = [change for change in changes if change.delivery_id == delivery.id]
    if own:
        yield from _change(content, own[-1])


def _change(content: Content, change: DeliveryChange) -> Iterator[Text]:
    """Say what is being done with what was sent, or could not be done."""
    what = CHANGES[change.kind]
    if change.error is not None:
        yield T("{what} did not work: {error}", what=what, error=change.error)
    elif change.state in NOT_OVER:
        yield T("{what} is under way", what=what)
    if change.next_attempt_utc is not None:
        yield T("next attempt {time}", time=_time(change.next_attempt_utc, content))


def _time(moment_utc: datetime, content: Content) -> str:
    return f"{moment_utc.astimezone(content.zone):%Y-%m-%d %H:%M}"
