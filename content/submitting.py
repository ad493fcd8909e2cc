"""Makes a post of a picture that was drawn in a chat; moderators decide about it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.enlarging import side_of, sized
from bot.errors import UserError
from bot.messages import Attachment, Author, Channel
from bot.provenance import Provenance, marked
from bot.safety.filter import FilterChain, Subject
from bot.safety.verdict import Stage
from bot.store.posts import PostExtras, StoredPost
from bot.store.schedules import StoredSchedule
from bot.words import T, Text
from content.content import Content
from content.kinds.phrasing import capital
from content.posts import PostStatus
from content.runner import post_id_of

__all__ = ["Submitted", "submit_picture"]

KIND = "picture"
MIN_SIDE_PX = 512
"""A smaller picture is enlarged: in a channel it would look lost."""
MAX_TITLE, MAX_BODY, MAX_SCENE = 60, 600, 280


@dataclass(frozen=True, slots=True)
class Submitted:
    """A picture as a PNG, with the words that it was drawn to."""

    png: bytes = field(repr=False)
    prompt: str = field(repr=False)
    provenance: Provenance


async def submit_picture(
    content: Content,
    chain: FilterChain,
    submitted: Submitted,
    schedule: StoredSchedule,
    by: Author,
) -> StoredPost:
    """Put a post before the moderators, to go where a schedule posts; return it.

    Words and picture are judged by the rules of each of those places first.

    Raises:
        UserError: a filter refuses it, or the schedule is gone.
    """
    places = content.places(schedule.channels)
    picture = await asyncio.to_thread(_attachment, submitted)
    post = await _judged(content, _draft(content, submitted, schedule), places)
    await _check_picture(chain, picture, places)
    run = await content.calendar.plan_now(schedule.id)
    if run is None:
        raise UserError(
            T("There is no schedule “{id}”. /schedule shows them.", id=schedule.id)
        )
    post = replace(post, id=post_id_of(run))
    reason = T("{name} wants a picture of this channel as a post", name=by.name)
    await content.posts.create(post, actor=by.name, reason=reason)
    await content.illustrating.take(post, picture)
    await content.review.open(
        post.id,
        communities=content.places.communities(schedule.channels),
        approvals=max(1, schedule.approvals),
        minutes=schedule.review_minutes,
    )
    content.corrections.begin(run)
    return post


def _draft(
    content: Content, submitted: Submitted, schedule: StoredSchedule
) -> StoredPost:
    now_utc, prompt = content.clock.now_utc(), " ".join(submitted.prompt.split())
    title = capital(_cut(prompt, MAX_TITLE))
    bot = content.config.bot
    return StoredPost(
        id=schedule.id,  # it gets its own once it is sure that there will be a post
        kind=KIND,
        topic=title,
        status=PostStatus.PENDING_REVIEW,
        language=schedule.language or bot.language,
        persona=schedule.persona or bot.persona,
        created_utc=now_utc,
        updated_utc=now_utc,
        title=title,
        body=capital(_cut(prompt, MAX_BODY)),
        schedule_id=schedule.id,
        extras=PostExtras(scene=_cut(prompt, MAX_SCENE)),
    )


async def _judged(
    content: Content, post: StoredPost, places: Sequence[Channel]
) -> StoredPost:
    """Return a post with the words that filters left of it."""
    ending = await content.writer.judged(post, post.title, post.body, places)
    if ending.title is None or ending.body is None:
        raise _refused(ending.reason or "")
    scene = _cut(ending.body, MAX_SCENE)
    return replace(
        post, title=ending.title, body=ending.body, extras=PostExtras(scene=scene)
    )


async def _check_picture(
    chain: FilterChain, picture: Attachment, places: Sequence[Channel]
) -> None:
    for place in places or (None,):
        subject = Subject("", Stage.OUTPUT, place, attachments=(picture,))
        judgement = await chain.judge(subject)
        if judgement.is_blocked:
            verdict = judgement.verdict
            raise _refused(verdict.reason or verdict.category)


def _refused(reason: Text | str) -> UserError:
    return UserError(T("That cannot be a post: {reason}", reason=reason))


def _attachment(submitted: Submitted) -> Attachment:
    png = submitted.png
    if side_of(png) < MIN_SIDE_PX:
        png = sized(png, MIN_SIDE_PX)
    return Attachment(
        "picture.png",
        "image/png",
        marked(png, submitted.provenance),
        provenance=submitted.provenance,
    )


def _cut(text: str, most: int) -> str:
    """Return a text that is not too long, cut between words."""
    if len(text) <= most:
        return text
    return text[:most].rpartition(" ")[0] or text[:most]
