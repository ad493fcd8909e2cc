"""Posts, laid out for Telegram: a picture with its text, sources, a poll."""

from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import Any

from adapters.governor import Lane
from adapters.splitter import split
from adapters.telegram.entities import utf16_units
from adapters.telegram.errors import NotSentError
from adapters.telegram.limits import CAPTION_UNITS, LIMITS
from adapters.telegram.line import Line
from adapters.telegram.markup import render
from adapters.telegram.place import Place
from adapters.telegram.sent_parts import SentParts
from adapters.telegram.sink import TelegramSink
from bot.errors import NetworkError, RateLimitedError
from bot.messages import Channel, Reply
from bot.preview import PreviewKind, PreviewPart
from bot.publication import Poll, Publication, Published
from bot.store.settings import SettingsRepository

__all__ = ["AGAIN_S", "Publishing", "post_text", "preview"]

KEEP = 200
AGAIN_S = 60.0
QUESTION_UNITS, ANSWER_UNITS, EXPLANATION_UNITS = 300, 100, 200
MOST_ANSWERS = 12
LONGEST_S = 2_628_000


@dataclass(slots=True)
class _Sending:
    """A post on its way to a chat: its sink knows which parts are there."""

    sink: TelegramSink
    poll_id: str = ""


class Publishing:
    """Sends posts, each part of one once.

    A post that was begun and comes again under its nonce goes on where it ended, also
    after a restart. Where
    Telegram did not say whether a part arrived, and it cannot be found, the error says
    so and nothing is repeated.
    """

    def __init__(self, line: Line, settings: SettingsRepository) -> None:
        self._line = line
        self._parts = SentParts(settings)
        self._begun: OrderedDict[str, _Sending] = OrderedDict()

    async def publish(
        self, channel: Channel, post: Publication, *, nonce: str
    ) -> Published:
        """Send a post; return what it became.

        Raises:
            PlatformError: Telegram did not take it.
        """
        sending = await self._sending(channel, nonce)
        try:
            try:
                return await self._send(sending, channel, post, nonce)
            except NotSentError:
                raise
            except NetworkError:
                return await self._send(sending, channel, post, nonce)  # looks for it
        except NotSentError as error:
            # Nothing of this part is there: it may be tried again without any doubt.
            raise RateLimitedError(AGAIN_S) from error

    async def sink(self, channel: Channel, nonce: str) -> TelegramSink:
        """Return what sends the parts of a post; for the same nonce the same."""
        return (await self._sending(channel, nonce)).sink

    async def forget(self, nonce: str) -> None:
        """Let go of a sending that is whole."""
        await self._parts.forget(nonce)

    async def _send(
        self, sending: _Sending, channel: Channel, post: Publication, nonce: str
    ) -> Published:
        sink = sending.sink
        text = post_text(post)
        pictures = (post.picture,) if post.picture else ()
        is_caption = _is_caption(post, text)
        picture_id = poll_message_id = ""
        if pictures and not is_caption:
            bare = Reply("", attachments=pictures)
            picture_id = await sink.send(bare, nonce=f"{nonce}.picture")
        pieces = [piece for piece in split(text, LIMITS) if piece.strip()]
        ids: list[str] = []
        for number, piece in enumerate(pieces):
            files = pictures if is_caption else ()
            message = Reply(piece, attachments=files)
            ids.append(await sink.send(message, nonce=f"{nonce}.{number}"))
        if is_caption:
            picture_id = ids[0]
        if post.poll is not None:
            poll_message_id = await self._ask(sending, channel, post.poll, nonce)
        await self.forget(nonce)
        return Published(
            tuple(ids),
            poll_message_id=poll_message_id,
            poll_id=sending.poll_id,
            picture_message_id=picture_id,
        )

    async def _ask(
        self, sending: _Sending, channel: Channel, poll: Poll, nonce: str
    ) -> str:
        place = Place.of(channel)
        is_quiz = poll.correct is not None

        async def ask(here: str) -> int:
            message = await self._line.bot.send_poll(
                here,
                poll.question,
                list(poll.answers),
                type="quiz" if is_quiz else "regular",
                explanation=poll.explanation or None if is_quiz else None,
                api_kwargs=_right_answer(poll.correct),
                open_period=min(poll.hours * 3600, LONGEST_S),
                message_thread_id=place.thread_id,
            )
            if message.poll is not None:
                sending.poll_id = message.poll.id
            return message.message_id

        if not _fits(poll):
            lines = [poll.question, *(f"- {answer}" for answer in poll.answers)]
            return await sending.sink.send(
                Reply("\n".join(lines)), nonce=f"{nonce}.poll"
            )
        return await sending.sink.once(f"{nonce}.poll", ask, None)

    async def _sending(self, channel: Channel, nonce: str) -> _Sending:
        key = f"{channel.key} {nonce}"
        if key not in self._begun:
            known = await self._parts.of(nonce) if nonce else {}
            sink = TelegramSink(
                self._line,
                Place.of(channel),
                lane=Lane.POST,
                is_final=True,
                can_look=self._line.chats.is_known_group(channel.id),
                may_repeat=False,
                sent=known,
                note=partial(self._parts.note, nonce) if nonce else None,
            )
            self._begun[key] = _Sending(sink)
            while len(self._begun) > KEEP:
                self._begun.popitem(last=False)
        return self._begun[key]


def preview(post: Publication) -> tuple[PreviewPart, ...]:
    """Return the messages that a post becomes; nothing is sent."""
    text = post_text(post)
    pieces = [piece for piece in split(text, LIMITS) if piece.strip()]
    if _is_caption(post, text):
        parts = [PreviewPart(PreviewKind.CAPTION, piece) for piece in pieces]
    else:
        alone = [PreviewPart(PreviewKind.PICTURE)] if post.picture else []
        parts = [*alone, *(PreviewPart(PreviewKind.TEXT, piece) for piece in pieces)]
    if post.poll is not None:
        parts.append(PreviewPart(PreviewKind.POLL, post.poll.question))
    return tuple(parts)


def post_text(post: Publication) -> str:
    """Return a post as one text in markdown, its number small at the end."""
    sources = "\n".join(f"- [{link.title}]({link.url})" for link in post.sources)
    byline = f"*{post.byline}*" if post.byline else ""
    small = " · ".join(part for part in (byline, f"`{post.id}`") if part)
    parts = (f"# {post.title}" if post.title else "", post.body, sources, small)
    return "\n\n".join(part for part in parts if part.strip())


def _is_caption(post: Publication, text: str) -> bool:
    """Whether a post's text fits below its picture."""
    return post.picture is not None and render(text).units <= CAPTION_UNITS


def _right_answer(index: int | None) -> dict[str, Any]:
    """Name it as Bot API 10 does and as it was before: own servers may be older."""
    if index is None:
        return {}
    return {"correct_option_ids": [index], "correct_option_id": index}


def _fits(poll: Poll) -> bool:
    """Whether Telegram takes it as a poll; else it goes as a text."""
    return (
        2 <= len(poll.answers) <= MOST_ANSWERS
        and utf16_units(poll.question) <= QUESTION_UNITS
        and all(utf16_units(answer) <= ANSWER_UNITS for answer in poll.answers)
        and utf16_units(poll.explanation) <= EXPLANATION_UNITS
        and poll.explanation.count("\n") <= 2
    )
