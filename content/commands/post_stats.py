"""`posts stats`: what people made of the posts of late."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.commands.command import Answer, CommandContext
from bot.errors import UserError
from bot.messages import Attachment, Role
from bot.preferences import community_key
from bot.words import T, Text, Tn, Words
from content.content import Content
from content.post_stats import PostStats, TopicStats
from content.sources.plain_text import shortened

__all__ = ["stats_answer"]

DAYS, MOST_DAYS = 30, 365
NUM_LISTED, NUM_BARS, NUM_TOPICS = 5, 8, 3
MAX_TITLE = 60  # characters
Say = Callable[[Text], str]
NAMES = (T("reactions"), T("votes"), T("replies"))


async def stats_answer(
    content: Content, words: Words, context: CommandContext, days: str, rest: str = ""
) -> Answer:
    """Return how the posts of some days did, with a chart.

    Moderators see what their own community made of them; owners see all.

    Args:
        days: how many; "": the usual.

    Raises:
        UserError: it is no number of days.
    """
    num_days = _number(days.strip())
    since_utc = content.clock.now_utc() - timedelta(days=num_days)
    is_owner = context.author.role is Role.OWNER
    communities = None if is_owner else {community_key(context.channel)}
    posts = await content.stats.posts(since_utc, communities, limit=1000)
    if not posts:
        return Answer(
            Tn(
                "Nothing was posted here in the last day.",
                "Nothing was posted here in the last {n} days.",
                num_days,
            )
        )
    topics = await content.stats.topics(since_utc, communities)
    best = sorted(posts, key=lambda post: -post.score)

    def say(text: Text) -> str:
        return words.say(text, context.language)

    lines = [f"**{say(_heading(num_days))}** · {say(_sums(posts))}"]
    lines += [f"- {_line(post)}" for post in best[:NUM_LISTED]]
    liked = _liked(topics)
    if liked:
        lines.append(say(T("Best liked topics: {topics}", topics=liked)))
    if not any(post.score for post in posts):
        return Answer("\n".join(lines))
    return Answer("\n".join(lines), attachments=(await _chart(best, num_days, say),))


def _number(days: str) -> int:
    if not days:
        return DAYS
    if not (days.isascii() and days.isdigit()):
        raise UserError(T("“{value}” is not a number of days, such as 30.", value=days))
    return min(max(1, int(days[:6])), MOST_DAYS)


def _heading(days: int) -> Text:
    return Tn("The last day", "The last {n} days", days)


def _sums(posts: Sequence[PostStats]) -> Text:
    return T(
        "{posts}, {reactions}, {votes}, {replies}",
        posts=Tn("{n} post", "{n} posts", len(posts)),
        reactions=Tn(
            "{n} reaction", "{n} reactions", sum(post.reactions for post in posts)
        ),
        votes=Tn("{n} vote", "{n} votes", sum(post.votes for post in posts)),
        replies=Tn("{n} reply", "{n} replies", sum(post.replies for post in posts)),
    )


def _line(post: PostStats) -> str:
    counts = (("👍", post.reactions), ("🗳", post.votes), ("💬", post.replies))
    shown = " ".join(f"{sign} {num}" for sign, num in counts if num)
    title = shortened(post.title or post.topic, MAX_TITLE)
    return f"{title} · {shown or '–'}"


def _liked(topics: Sequence[TopicStats]) -> str:
    """Return the topics that do better than usual, and by how much."""
    return ", ".join(
        f"{shortened(topic.topic, MAX_TITLE)} (×{topic.weight:.1f})"
        for topic in topics[:NUM_TOPICS]
        if topic.weight > 1.05
    )


async def _chart(best: Sequence[PostStats], days: int, say: Say) -> Attachment:
    # Drawing takes a while to load: only who asks for it pays for it.
    from bot.charts.bars import Bar, draw_bars

    bars = [
        Bar(post.title or post.topic, (post.reactions, post.votes, post.replies))
        for post in best[:NUM_BARS]
        if post.score
    ]
    names = [say(name) for name in NAMES]
    return await draw_bars(say(_heading(days)), names, bars)
