"""/posts: what was written lately, and what became of it."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.messages import Role
from bot.words import T, Text, Words
from content.content import Content
from content.posts import PostStatus

__all__ = ["posts_command"]

NUM_SHOWN, MOST_SHOWN = 10, 50
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
}


def posts_command(content: Content, words: Words) -> Command:
    """Return the command that lists the latest posts, the newest first."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        limit = min(max(1, int(arguments.get("number", NUM_SHOWN))), MOST_SHOWN)
        posts = await content.posts.list(limit=limit)
        if not posts:
            return Answer(T("There are no posts yet."))
        lines: list[str] = []
        for post in reversed(posts):
            status = PostStatus(post.status)
            line = (
                f"- {_time(post.created_utc, content.zone)} · "
                f"{post.title or post.topic} · "
                f"{words.say(STATUSES[status], context.language)}"
            )
            reason = (await content.posts.transitions(post.id))[-1].reason
            is_bad = status in (PostStatus.FAILED, PostStatus.REJECTED)
            if is_bad and reason is not None:
                line += f": {words.say(reason, context.language)}"
            lines.append(line)
        return Answer("\n".join(lines))

    return Command(
        name="posts",
        summary=T("Show the latest posts and what became of them."),
        parameters=(
            Parameter("number", T("How many to show."), ParameterType.INTEGER),
        ),
        min_role=Role.MODERATOR,
        run=run,
    )


def _time(moment_utc: datetime, zone: ZoneInfo) -> str:
    return f"{moment_utc.astimezone(zone):%Y-%m-%d %H:%M}"
