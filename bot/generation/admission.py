"""Who may use a shared cache of tokens."""

import threading
from collections import deque
from collections.abc import Callable

__all__ = ["Admission"]


class Admission:
    """Lets requests in, first come first served, while their tokens fit together.

    A request holds room for all that it may become, so that no running one ever finds
    the cache full. Safe to use from any thread.
    """

    def __init__(self, num_tokens: int) -> None:
        self._num_tokens = num_tokens
        self._num_free = num_tokens
        self._line: deque[object] = deque()
        self._changed = threading.Condition()
        self._num_inside = 0

    @property
    def num_waiting(self) -> int:
        """How many stand in line."""
        return len(self._line)

    def enter(
        self,
        num_tokens: int,
        *,
        is_cancelled: Callable[[], bool],
        when_alone: Callable[[], None] | None = None,
    ) -> bool:
        """Wait for room; False: cancelled meanwhile, and nothing is held.

        `when_alone` is called if nobody else is inside, before anybody else can enter.
        More than there is at all is taken as all there is.
        """
        wanted = min(num_tokens, self._num_tokens)
        turn = object()
        with self._changed:
            self._line.append(turn)
            self._changed.wait_for(
                lambda: (
                    is_cancelled()
                    or (self._line[0] is turn and self._num_free >= wanted)
                )
            )
            self._line.remove(turn)
            self._changed.notify_all()
            if is_cancelled():
                return False
            if self._num_inside == 0 and when_alone is not None:
                when_alone()
            self._num_inside += 1
            self._num_free -= wanted
            return True

    def leave(self, num_tokens: int) -> None:
        """Give the room back that was asked for."""
        with self._changed:
            self._num_inside -= 1
            self._num_free += min(num_tokens, self._num_tokens)
            self._changed.notify_all()

    def wake(self) -> None:
        """Let those who wait look whether they were cancelled."""
        with self._changed:
            self._changed.notify_all()
