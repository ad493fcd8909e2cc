"""The answers that are being written or shown right now: to stop, or to wait for."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from bot.messages import Author, Channel, Role

__all__ = ["Cancellable", "RunningAnswers", "Showing"]


class Cancellable(Protocol):
    """Something that can be stopped, more than once without harm."""

    def cancel(self) -> object:
        """Stop it."""


@dataclass(frozen=True, slots=True)
class _Answer:
    channel: Channel
    message_id: str
    asker_id: str
    work: Cancellable


class RunningAnswers:
    """Answers by their request id, from submission to the last word."""

    def __init__(self) -> None:
        self._answers: dict[str, _Answer] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def add(
        self,
        request_id: str,
        work: Cancellable,
        *,
        channel: Channel,
        asker: Author,
        message_id: str,
    ) -> None:
        """Take up an answer."""
        self._answers[request_id] = _Answer(channel, message_id, asker.id, work)

    def has(self, channel: Channel, message_id: str) -> bool:
        """Return whether a message is being answered."""
        return any(
            answer.channel.key == channel.key and answer.message_id == message_id
            for answer in self._answers.values()
        )

    def remove(self, request_id: str) -> None:
        """Let go of an answer; one that is not there is no error."""
        self._answers.pop(request_id, None)

    def stop(
        self, channel: Channel, author: Author, *, request_id: str | None = None
    ) -> int:
        """Stop answers in a channel on a person's behalf; return how many.

        Members stop what they asked for themselves, moderators anything in the channel.
        """
        return self._stop(
            lambda key, answer: (
                answer.channel.key == channel.key
                and request_id in (None, key)
                and (author.id == answer.asker_id or author.role >= Role.MODERATOR)
            )
        )

    def stop_for_message(self, channel: Channel, message_id: str) -> int:
        """Stop what is being answered to a message; return how many."""
        return self._stop(
            lambda _, answer: (
                answer.channel.key == channel.key and answer.message_id == message_id
            )
        )

    def stop_for_person(self, platform: str, person_id: str) -> int:
        """Stop what a person asked for anywhere on a platform; return how many."""
        return self._stop(
            lambda _, answer: (
                answer.channel.platform == platform and answer.asker_id == person_id
            )
        )

    def stop_all(self) -> int:
        """Stop everything everywhere; return how many answers that were."""
        return self._stop(lambda *_: True)

    def _stop(self, is_meant: "_IsMeant") -> int:
        meant = [
            answer for key, answer in self._answers.items() if is_meant(key, answer)
        ]
        for answer in meant:
            answer.work.cancel()
        return len(meant)


class Showing:
    """Written answers on their way to the platform, which did not name them yet."""

    def __init__(self) -> None:
        self._shown: dict[tuple[str, str], asyncio.Event] = {}

    @contextmanager
    def going_on(self, channel: Channel, question_id: str) -> Iterator[None]:
        """Say that the answer to a question is being shown while the block runs."""
        key, shown = (channel.key, question_id), asyncio.Event()
        self._shown[key] = shown
        try:
            yield
        finally:
            shown.set()
            if self._shown.get(key) is shown:
                del self._shown[key]

    async def over(self, channel: Channel, question_id: str) -> None:
        """Wait until it is known as which messages the answer to a question stands."""
        shown = self._shown.get((channel.key, question_id))
        if shown is not None:
            await shown.wait()


class _IsMeant(Protocol):
    def __call__(self, request_id: str, answer: _Answer, /) -> bool: ...
