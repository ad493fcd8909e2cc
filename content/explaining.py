"""How a post came about: for /why."""

from collections.abc import Sequence

from bot.commands.command import CommandContext
from bot.commands.why import Explain, explain_judgement
from bot.store.posts import PostTransition
from bot.words import T, Text
from content.content import Content
from content.judging import desk_of
from content.posts import PostStatus

__all__ = ["explain_post"]

TOLD = (PostStatus.APPROVED, PostStatus.PUBLISHED)
"""What became of a post that its reader asks about."""


def explain_post(content: Content) -> Explain:
    """Return the explanation of messages that are posts; anyone may ask."""

    async def explain(context: CommandContext, message_id: str) -> Sequence[Text]:
        delivery = await content.deliveries.of_message(context.channel.key, message_id)
        if delivery is None:
            return ()
        judged = await content.judgements.of_message(
            delivery.post_id, desk_of(delivery.post_id)
        )
        steps = await content.posts.transitions(delivery.post_id)
        texts = [text for one in judged for text in explain_judgement(one)]
        return (*texts, *(_step(step) for step in steps if step.to_status in TOLD))

    return explain


def _step(step: PostTransition) -> Text:
    when = f"{step.at_utc:%Y-%m-%d %H:%M}"
    if step.from_status == step.to_status:
        return T("Changed by {actor}, {when} UTC.", actor=step.actor, when=when)
    if step.to_status == PostStatus.PUBLISHED:
        return T("Published {when} UTC.", when=when)
    if step.reason is None:
        return T("Approved by {actor}, {when} UTC.", actor=step.actor, when=when)
    return T(
        "Approved by {actor}, {when} UTC: {reason}",
        actor=step.actor,
        when=when,
        reason=step.reason,
    )
