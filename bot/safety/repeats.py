"""Notices the same message again and again, by one person or by many."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from bot.clock import Clock
from bot.messages import Author, Channel, Role
from bot.safety.filter import Filter, Subject
from bot.safety.sketch import Sketch, likeness, sketch, weight
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

__all__ = ["Repeats"]

ALIKE = 0.75
"""From this likeness on two messages are the same."""

MIN_WEIGHT = 12
"""Shorter messages ("ok", "good morning") do not count; in letters."""

MIN_CROWD_WEIGHT = 24
"""Many people write the same short message without being a crowd; in letters."""

MAX_REMEMBERED = 200
"""How many messages of a community are remembered."""

MAX_COMMUNITIES = 1000

LONG = 1000
"""From so many characters on the fingerprint is taken in a thread of its own."""


@dataclass(frozen=True, slots=True)
class _Heard:
    at_s: float
    author_id: str
    sketch: Sketch


class Repeats(Filter):
    """Flags, then blocks, what is written nearly alike again and again.

    Counted is what one person writes in all channels of a community, and how many
    people of it write the same. Short messages, private talks, other bots and what has
    no place or author do not count. Every judging counts, so judge a message once.

    Args:
        flag_at: the how manieth message, or person, is flagged.
        block_at: the how manieth is blocked.
        window_s: for how many seconds a message is remembered.
        clock: what time it is.
    """

    name: ClassVar[str] = "repeats"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT})

    def __init__(
        self, *, flag_at: int, block_at: int, window_s: float, clock: Clock
    ) -> None:
        self._flag_at = flag_at
        self._block_at = block_at
        self._window_s = window_s
        self._clock = clock
        # Least recently heard first, so that what is forgotten is at the front.
        self._communities: OrderedDict[tuple[str, str], deque[_Heard]] = OrderedDict()

    @override
    async def judge(self, subject: Subject) -> Verdict:
        author, channel = subject.author, subject.channel
        if author is None or author.is_bot or channel is None or channel.is_private:
            return ALLOW
        if author.role >= Role.MODERATOR:  # their work is much the same again and again
            return ALLOW
        heavy = weight(subject.text)
        if heavy < MIN_WEIGHT:
            return ALLOW
        if len(subject.text) < LONG:
            taken = sketch(subject.text)
        else:
            taken = await asyncio.to_thread(sketch, subject.text)
        return self._judged(taken, author, channel, is_crowd=heavy >= MIN_CROWD_WEIGHT)

    def _judged(
        self, taken: Sketch, author: Author, channel: Channel, *, is_crowd: bool
    ) -> Verdict:
        now_s = self._clock.monotonic()
        heard = self._heard_in(channel)
        alike = list(self._alike(heard, taken, since_s=now_s - self._window_s))
        heard.append(_Heard(now_s, author.id, taken))
        own = [one for one in alike if one.author_id == author.id]
        people = {one.author_id for one in alike} | {author.id}
        num_people = len(people) if is_crowd else 1
        count = max(len(own) + 1, num_people)
        if count < self._flag_at:
            return ALLOW
        first_s = (own or alike)[0].at_s
        return Verdict(
            Action.BLOCK if count >= self._block_at else Action.FLAG,
            category="repeat",
            score=1.0,
            filter=self.name,
            reason="the same message from many people"
            if num_people > len(own)
            else "the same message again and again by one person",
            limit=self._block_at - 1,
            retry_after_s=first_s + self._window_s - now_s,
        )

    def _heard_in(self, channel: Channel) -> deque[_Heard]:
        key = (channel.platform, channel.community_id)
        heard = self._communities.setdefault(key, deque(maxlen=MAX_REMEMBERED))
        self._communities.move_to_end(key)
        if len(self._communities) > MAX_COMMUNITIES:
            self._communities.popitem(last=False)
        return heard

    def _alike(
        self, heard: deque[_Heard], taken: Sketch, *, since_s: float
    ) -> Iterator[_Heard]:
        while heard and heard[0].at_s <= since_s:
            heard.popleft()
        for one in heard:
            if likeness(one.sketch, taken) >= ALIKE:
                yield one
