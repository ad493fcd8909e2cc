"""/posts: what was written lately, what became of it, and mending that."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.errors import UserError
from bot.messages import Button, Role
from bot.words import T, Text, Words
from content.commands.post_card import STATUSES, card, line
from content.commands.post_stats import stats_answer
from content.content import Content

__all__ = ["STATUSES", "posts_command"]

NUM_SHOWN, MOST_SHOWN = 10, 50
LOOK_BACK = 500
"""So many posts are looked through for those that a moderator may see."""

Act = Callable[[CommandContext, str, str], Awaitable[Answer]]


def posts_command(content: Content, words: Words) -> Command:
    """Return the command that lists posts and lets moderators mend them."""
    actions = _Actions(content, words).table

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        act = actions[str(arguments.get("action", "list"))]
        post_id = str(arguments.get("id", ""))
        return await act(context, post_id, str(arguments.get("text", "")))

    return Command(
        name="posts",
        summary=T("Show posts and what became of them; change or take them back."),
        parameters=(
            Parameter("action", T("What to do."), choices=lambda: tuple(actions)),
            Parameter(
                "id",
                T(
                    "The post's id; for list, how many to show; for stats, how many "
                    "days."
                ),
            ),
            Parameter(
                "text",
                T("For edit: the new text; a first line with # is the title."),
                ParameterType.REST,
            ),
        ),
        min_role=Role.MODERATOR,
        run=run,
    )


class _Actions:
    """What can be done, by the words of a context, an id and the rest of a line."""

    def __init__(self, content: Content, words: Words) -> None:
        self._content = content
        self._words = words
        self.table: Mapping[str, Act] = {
            "list": self._list,
            "show": self._show,
            "retry": self._retry,
            "edit": self._edit,
            "retract": self._retract,
            "there": self._there,
            "send": self._send,
            "stats": partial(stats_answer, content, words),
        }

    async def _list(self, context: CommandContext, number: str, text: str) -> Answer:
        content = self._content
        limit = min(max(1, _whole(number)), MOST_SHOWN)
        posts = await content.outgoing.rights.visible(
            await content.posts.list(limit=LOOK_BACK), context.author, context.channel
        )
        if not posts:
            return Answer(T("There are no posts yet."))
        lines = [
            await line(content, post, self._words, context.language)
            for post in reversed(posts[-limit:])
        ]
        return Answer("\n".join(lines))

    async def _show(self, context: CommandContext, post_id: str, text: str) -> Answer:
        post = await self._content.outgoing.rights.seen(
            post_id, context.author, context.channel
        )
        return Answer(await card(self._content, post, self._words, context.language))

    async def _retry(self, context: CommandContext, post_id: str, text: str) -> Answer:
        unknown = await self._content.corrections.retry(
            post_id, context.author, context.channel
        )
        if not unknown:
            return Answer(self._at_work(T("It is tried again.")))
        say = self._words.say
        there = say(T("It is there"), context.language)
        send = say(T("It is not there: send it"), context.language)
        buttons: list[Button] = []
        for delivery in unknown:
            key = delivery.channel_key
            where = f" ({key})" if len(unknown) > 1 else ""
            answer = f"{post_id} {key}"
            buttons.append(Button(f"{there}{where}", f"/posts there {answer}"))
            buttons.append(Button(f"{send}{where}", f"/posts send {answer}"))
        channels = ", ".join(delivery.channel_key for delivery in unknown)
        text_ = T("Please look into {channels}: is the post there?", channels=channels)
        return Answer(text_, buttons=tuple(buttons))

    async def _edit(self, context: CommandContext, post_id: str, text: str) -> Answer:
        told = await self._content.corrections.edit(
            post_id, text, context.author, context.channel
        )
        return Answer(self._at_work(told))

    async def _retract(
        self, context: CommandContext, post_id: str, text: str
    ) -> Answer:
        post = await self._content.outgoing.rights.changeable(
            post_id, context.author, context.channel
        )
        if text.strip() != "yes":
            sure = f"/posts retract {post_id} yes"
            return Answer(
                T(
                    "Take “{title}” away everywhere it is, with the thread below it? "
                    "To do so: {command}",
                    title=post.title or post.topic,
                    command=sure,
                ),
                buttons=(
                    Button(self._words.say(T("Take it away"), context.language), sure),
                ),
            )
        told = await self._content.corrections.take_back(
            post_id, context.author, context.channel
        )
        return Answer(self._at_work(told), settles=True)

    async def _there(self, context: CommandContext, post_id: str, text: str) -> Answer:
        await self._content.corrections.settle(
            post_id, text.strip(), context.author, context.channel, found=True
        )
        return Answer(T("Thank you. It counts as published there."), settles=True)

    async def _send(self, context: CommandContext, post_id: str, text: str) -> Answer:
        await self._content.corrections.settle(
            post_id, text.strip(), context.author, context.channel, found=False
        )
        return Answer(self._at_work(T("It is sent there now.")), settles=True)

    def _at_work(self, told: Text) -> Text:
        """Say what is done now, or when."""
        if self._content.is_running:
            return told
        return T("{told} That is done as soon as the bot runs.", told=told)


def _whole(number: str) -> int:
    try:
        return int(number or NUM_SHOWN)
    except ValueError as error:
        raise UserError(T("“{value}” is not a whole number.", value=number)) from error
