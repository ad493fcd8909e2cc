"""Who goes next: pure bookkeeping, without a clock, a loop or a tensor."""

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from bot.errors import OverloadedError
from bot.generation.requests import Owner, Priority
from bot.words import T

__all__ = ["FairQueue"]

V = TypeVar("V")
People = OrderedDict[str, deque[str]]
"""The request ids of each person, in the order in which people have their turns."""


class FairQueue:
    """A bounded queue of request ids that takes turns.

    A class goes before the next one. Inside a class turns go round the communities,
    inside a community round the people, and a person's own requests keep their order.
    Whoever has just had a turn, or is new, stands at the end of the round: between two
    turns of one person everybody else who waits has one.
    """

    def __init__(self, max_waiting: int) -> None:
        self._max_waiting = max_waiting
        self._classes: dict[Priority, OrderedDict[str, People]] = {
            priority: OrderedDict() for priority in Priority
        }
        self._where: dict[str, tuple[Priority, Owner]] = {}
        self._order: list[str] | None = None  # cached until something changes

    def __len__(self) -> int:
        return len(self._where)

    def __contains__(self, request_id: object) -> bool:
        return request_id in self._where

    def push(self, request_id: str, *, owner: Owner, priority: Priority) -> None:
        """Let a request wait.

        Raises:
            OverloadedError: as many wait as may.
        """
        if request_id in self._where:
            raise ValueError(f"request {request_id!r} waits already")
        if len(self) >= self._max_waiting:
            raise OverloadedError(
                T("Too many people are asking at once. Please try again in a minute.")
            )
        people = self._classes[priority].setdefault(owner.community, OrderedDict())
        people.setdefault(owner.person, deque()).append(request_id)
        self._where[request_id] = (priority, owner)
        self._order = None

    def pop(self, may_run: Callable[[str], bool] = lambda _: True) -> str | None:
        """Take out whose turn it is; None if nobody may run.

        Of each person only the first request is asked about: what `may_run` says no to
        keeps its place, and others go before it.
        """
        for priority, communities in self._classes.items():
            for community, people in communities.items():
                for person, ids in people.items():
                    if not may_run(ids[0]):
                        continue
                    request_id = ids[0]
                    self._take(request_id, priority, Owner(community, person))
                    _to_end(people, person)
                    _to_end(communities, community)
                    return request_id
        return None

    def remove(self, request_id: str) -> bool:
        """Take a request out; nobody waits longer because of it. False: not here."""
        if request_id not in self._where:
            return False
        priority, owner = self._where[request_id]
        self._take(request_id, priority, owner)
        return True

    def lanes(self) -> dict[Priority, int]:
        """Return how many wait in each class."""
        found = Counter(priority for priority, _ in self._where.values())
        return {priority: found[priority] for priority in Priority}

    def position(self, request_id: str) -> int | None:
        """Return 1 for the next one, and so on, if nothing else comes; None: not here.

        Linear in what waits, once after each change.
        """
        if request_id not in self._where:
            return None
        return self.order().index(request_id) + 1

    def order(self) -> list[str]:
        """Return who would be taken, first to last, if nothing else came."""
        if self._order is None:
            self._order = [
                request_id
                for communities in self._classes.values()
                for request_id in _rounds(
                    [_rounds(people.values()) for people in communities.values()]
                )
            ]
        return self._order

    def _take(self, request_id: str, priority: Priority, owner: Owner) -> None:
        communities = self._classes[priority]
        people = communities[owner.community]
        people[owner.person].remove(request_id)
        if not people[owner.person]:
            del people[owner.person]
        if not people:
            del communities[owner.community]
        del self._where[request_id]
        self._order = None


def _to_end(ring: OrderedDict[str, V], key: str) -> None:
    if key in ring:
        ring.move_to_end(key)


def _rounds(lines: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the first of each line, then the second of each, and so on."""
    ring = deque(iter(line) for line in lines)
    while ring:
        line = ring.popleft()
        head = next(line, None)
        if head is not None:
            yield head
            ring.append(line)
