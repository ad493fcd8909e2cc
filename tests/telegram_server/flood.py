"""Asking bots to wait."""

import math
from collections import deque

from bot.clock import Clock
from tests.telegram_server.settings import FloodLimits

__all__ = ["Flood", "counts"]

UNCOUNTED = ("sendchataction", "sendmessagedraft")


def counts(method: str) -> bool:
    """Whether calls of a method count as messages: what is sent, and edits."""
    method = method.lower()
    return method not in UNCOUNTED and method.startswith(
        ("send", "editmessage", "copymessage", "forwardmessage")
    )


class Flood:
    """What was sent of late, and who has to wait how long.

    Refused calls do not count. A storm can be ordered: until it is over, every message
    to a chat is refused.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_chat: dict[tuple[int, str], deque[float]] = {}
        self._by_bot: dict[int, deque[float]] = {}
        self._storms: dict[str, float] = {}

    def storm(self, chat_id: int | None, for_s: float) -> None:
        """Refuse messages to a chat, or to any with None, for so long."""
        key = "" if chat_id is None else str(chat_id)
        self._storms[key] = self._clock.monotonic() + for_s

    def wait_s(
        self, bot_id: int, chat_id: str, limits: FloodLimits | None, *, is_group: bool
    ) -> int:
        """Return for how many whole seconds the bot has to wait; 0: it may send."""
        now_s = self._clock.monotonic()
        until_s = [
            end_s
            for key, end_s in self._storms.items()
            if key in ("", chat_id) and end_s > now_s
        ]
        if limits is not None:
            recent = self._by_chat.get((bot_id, chat_id), deque())
            until_s.append(_free_at(recent, limits.chat_burst, _span(limits), now_s))
            if is_group:
                until_s.append(_free_at(recent, limits.group_per_minute, 60, now_s))
            every = self._by_bot.get(bot_id, deque())
            until_s.append(_free_at(every, math.ceil(limits.total_per_s), 1, now_s))
        longest_s = max(until_s, default=now_s) - now_s
        return math.ceil(longest_s) if longest_s > 0 else 0

    def sent(self, bot_id: int, chat_id: str, number: int = 1) -> None:
        """Count messages that went through."""
        now_s = self._clock.monotonic()
        for recent in (
            self._by_chat.setdefault((bot_id, chat_id), deque(maxlen=200)),
            self._by_bot.setdefault(bot_id, deque(maxlen=200)),
        ):
            recent.extend([now_s] * number)


def _span(limits: FloodLimits) -> float:
    """How long a full burst lasts a chat at its rate."""
    return limits.chat_burst / limits.chat_per_s


def _free_at(recent: deque[float], most: int, span_s: float, now_s: float) -> float:
    """Return when fewer than `most` lie within the span."""
    within = [at_s for at_s in recent if at_s > now_s - span_s]
    return now_s if len(within) < most else within[-most] + span_s
