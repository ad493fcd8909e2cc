"""Short answers in any chat: `@bot question`."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
import telegram
from telegram import InlineQueryResultsButton, InputTextMessageContent
from telegram.error import BadRequest
from typing_extensions import override

from adapters.governor import Lane
from adapters.telegram.calls import Kind
from adapters.telegram.chats import PLATFORM
from adapters.telegram.errors import TOO_OLD, is_saying
from adapters.telegram.limits import LIMITS
from adapters.telegram.line import Line
from adapters.telegram.markup import render
from adapters.telegram.texts_out import NO_PREVIEW
from adapters.telegram.whispers import Say
from bot.adapter import Inbox, ReplyStream
from bot.errors import PlatformError
from bot.messages import Attachment, Author, Channel, Message, Reply
from bot.words import T

__all__ = ["PREFIX", "Inline"]

PREFIX = "inline:"
TYPING_S = 1.0
"""So long nothing more may be typed before the question counts as asked."""

ANSWER_S = 12.0
CACHE_S = 300
LEAST_LETTERS = 3
TITLE_LETTERS = 60

logger = structlog.get_logger(__name__)

AskWho = Callable[[telegram.User, Channel], Awaitable[Author]]


@dataclass(slots=True, eq=False)
class _Question:
    id: str
    person_id: str
    answer: asyncio.Future[str] = field(repr=False)


class Inline:
    """Answers what people type behind the bot's name, each person's newest question.

    The answer is the person's own: it is asked as an aside, and no conversation knows
    of it. What takes too long, or gets too long, is offered in a private chat.
    """

    def __init__(self, inbox: Inbox, line: Line, *, who: AskWho, say: Say) -> None:
        self._inbox = inbox
        self._line = line
        self._who = who
        self._say = say
        self._asked: dict[str, _Question] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def ask(self, query: telegram.InlineQuery) -> None:
        """Take up a question; one of the same person that still waits is dropped."""
        person = str(query.from_user.id)
        if (before := self._tasks.pop(person, None)) is not None:
            before.cancel()
        task = asyncio.get_running_loop().create_task(self._answer(query))
        self._tasks[person] = task
        task.add_done_callback(lambda done: self._over(person, done))

    def open(self, message_id: str) -> ReplyStream:
        """Return where the answer to a question of here is written to."""
        return _InlineReply(lambda text: self.settle(message_id, text))

    def settle(self, message_id: str, text: str) -> None:
        """Note the answer to a question, or what is said instead of one."""
        question = self._asked.get(message_id)
        if question is not None and not question.answer.done():
            question.answer.set_result(text)

    async def aclose(self) -> None:
        """Answer nothing more."""
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _over(self, person: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(person) is task:
            del self._tasks[person]

    async def _answer(self, query: telegram.InlineQuery) -> None:
        text = query.query.strip()
        if len(text) < LEAST_LETTERS:
            await self._show(query, "")
            return
        await self._line.clock.sleep(TYPING_S)
        channel = _channel(query.from_user)
        question = _Question(
            f"{PREFIX}{query.id}",
            str(query.from_user.id),
            asyncio.get_running_loop().create_future(),
        )
        self._asked[question.id] = question
        answer = ""
        try:
            self._inbox.message(
                Message(
                    id=question.id,
                    channel=channel,
                    author=await self._who(query.from_user, channel),
                    text=text,
                    created_utc=self._line.clock.now_utc(),
                    is_to_bot=True,
                    is_aside=True,
                )
            )
            late = asyncio.ensure_future(self._line.clock.sleep(ANSWER_S))
            try:
                either: set[asyncio.Future[Any]] = {question.answer, late}
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            finally:
                late.cancel()
            answer = question.answer.result() if question.answer.done() else ""
        finally:
            del self._asked[question.id]
            if not question.answer.done():
                self._inbox.deleted(channel, question.id)
        await self._show(query, answer)

    async def _show(self, query: telegram.InlineQuery, answer: str) -> None:
        rendered = render(answer) if answer.strip() else None
        is_short = rendered is not None and rendered.units <= LIMITS.text_units
        results = []
        if rendered is not None and is_short:
            title, _, rest = rendered.text.partition("\n")
            results.append(
                telegram.InlineQueryResultArticle(
                    id="answer",
                    title=title[:TITLE_LETTERS],
                    description=(title[TITLE_LETTERS:] + rest)[:TITLE_LETTERS] or None,
                    input_message_content=InputTextMessageContent(
                        rendered.text,
                        entities=rendered.to_telegram(),
                        link_preview_options=NO_PREVIEW,
                    ),
                )
            )
        person = str(query.from_user.id)
        label = await self._say(
            T("Ask me in a private chat"), _channel(query.from_user), person
        )

        async def show(_: str) -> None:
            try:
                await self._line.bot.answer_inline_query(
                    query.id,
                    results,
                    cache_time=CACHE_S if results else 0,
                    is_personal=True,
                    button=InlineQueryResultsButton(label, start_parameter="ask"),
                )
            except BadRequest as error:
                if not is_saying(error, TOO_OLD):
                    raise

        try:
            await self._line.calls.run(
                query.id, show, kind=Kind.QUERY, lane=Lane.ACKNOWLEDGE, attempts=2
            )
        except PlatformError as error:
            logger.info("inline question not answered", reason=str(error))


class _InlineReply(ReplyStream):
    """Collects an answer: nothing can be shown before it is whole."""

    def __init__(self, settle: Callable[[str], None]) -> None:
        self._settle = settle

    @override
    async def notice(self, text: str, picture: Attachment | None = None) -> None: ...

    @override
    async def feed(self, text: str) -> None: ...

    @override
    async def finish(self, reply: Reply) -> tuple[str, ...]:
        self._settle(reply.text)
        return ()


def _channel(user: telegram.User) -> Channel:
    return Channel(
        PLATFORM,
        f"{PREFIX}{user.id}",
        f"private:{user.id}",
        is_private=True,
    )
