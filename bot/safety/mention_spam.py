"""Refuses messages that mention too many people."""

import re
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from bot.clock import Clock
from bot.safety.filter import Filter, Subject
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

__all__ = ["MentionSpam"]

WINDOW_S = 60.0

MAX_PEOPLE = 10_000
"""How many people are remembered at once."""

# Code is matched first, so that what looks like a mention in it is passed over.
_MENTION = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`"
    r"|<@(?P<id>[!&]?[0-9]+)>|(?<![\w.@/])@(?P<name>[A-Za-z0-9_]{2,32})\b",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Mention:
    at_s: float
    whom: str


class MentionSpam(Filter):
    """Blocks what mentions more than so many different people or roles.

    They are counted in a message, and in all that one person wrote in any 60 s. A
    blocked message is not counted; every other judging counts, so judge a message once.

    Args:
        limit: how many different mentions are fine.
        clock: what time it is.
    """

    name: ClassVar[str] = "mention_spam"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT})

    def __init__(self, *, limit: int, clock: Clock) -> None:
        self._limit = limit
        self._clock = clock
        # Who mentioned least recently is first, so that what is forgotten is in front.
        self._people: OrderedDict[tuple[str, str], deque[_Mention]] = OrderedDict()

    @override
    async def judge(self, subject: Subject) -> Verdict:
        mentions = _mentions(subject.text, at_most=self._limit + 1)
        if not mentions:
            return ALLOW
        if len(mentions) > self._limit:
            return self._blocked("in one message", None)
        if subject.author is None:
            return ALLOW
        platform = subject.channel.platform if subject.channel else ""
        return self._counted((platform, subject.author.id), mentions)

    def _counted(self, person: tuple[str, str], mentions: frozenset[str]) -> Verdict:
        now_s = self._clock.monotonic()
        lately = self._people.setdefault(person, deque())
        while lately and lately[0].at_s + WINDOW_S <= now_s:
            lately.popleft()
        before = {one.whom for one in lately}
        if len(before | mentions) > self._limit:
            return self._blocked("in a minute", lately[0].at_s + WINDOW_S - now_s)
        lately.extend(_Mention(now_s, whom) for whom in sorted(mentions - before))
        self._people.move_to_end(person)
        if len(self._people) > MAX_PEOPLE:
            self._people.popitem(last=False)
        return ALLOW

    def _blocked(self, where: str, retry_after_s: float | None) -> Verdict:
        return Verdict(
            Action.BLOCK,
            category="mention",
            score=1.0,
            filter=self.name,
            reason=f"more than {self._limit} mentions {where}",
            limit=self._limit,
            retry_after_s=retry_after_s,
        )


def _mentions(text: str, *, at_most: int) -> frozenset[str]:
    """Return different mentions of a text, and stop looking when there are enough."""
    mentions: set[str] = set()
    for found in _MENTION.finditer(text):
        whom = found["id"] or (found["name"] or "").lower()
        if whom:
            mentions.add(whom.lstrip("!"))
        if len(mentions) == at_most:
            break
    return frozenset(mentions)
