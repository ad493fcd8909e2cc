"""Which of the waiting calls is the next that may begin, and when."""

import heapq
import itertools
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from adapters.pace import ROUNDING_S, Pace, Rate
from adapters.queued_call import Lane, QueuedCall

__all__ = ["CallQueue"]

Rank = tuple[int, float, int]


@dataclass(slots=True, eq=False)
class _Line:
    """The calls of one lane with the same keys, in order. It waits at one gate."""

    lane: Lane
    keys: tuple[str, ...]
    gates: list["_Gate"]
    rank: Rank
    calls: OrderedDict[QueuedCall, None] = field(default_factory=OrderedDict)


@dataclass(slots=True, eq=False)
class _Gate:
    """A key's pace and who waits for it, the first in rank on top."""

    pace: Pace
    lines: list[tuple[Rank, _Line]] = field(default_factory=list)
    look_s: float | None = None  # when it is looked at again
    num_lines: int = 0  # that go through it, wherever they wait
    num_calls: int = 0


class CallQueue:
    """Waiting calls, each behind the gates of its keys.

    A line of calls waits at the gate that opens last; there, the first in rank goes on
    when it opens. So nothing is looked at that cannot go, and each step costs the
    logarithm of what waits. Between two calls of `next`, every gate where somebody
    waits is closed.
    """

    def __init__(
        self, rates: Mapping[str, Sequence[Rate]], *, post_wait_s: float
    ) -> None:
        self._rates = dict(rates)
        self._post_wait_s = post_wait_s
        self._gates: OrderedDict[str, _Gate] = OrderedDict()  # longest unused first
        self._brake = _Gate(Pace())
        self._lines: dict[tuple[Lane, tuple[str, ...]], _Line] = {}
        self._alarms: list[tuple[float, int, _Gate]] = []
        self._open: list[tuple[Rank, int, _Gate]] = []
        self._count = itertools.count()
        self.num_calls = 0

    @property
    def brake(self) -> Pace:
        """What slows CHAT and POST down, whatever their keys."""
        return self._brake.pace

    @property
    def num_gates(self) -> int:
        """How many keys are remembered."""
        return len(self._gates)

    def pace(self, key: str) -> Pace:
        """Return a key's pace.

        Raises:
            ValueError: the key's class has no rates.
        """
        return self._gate(key).pace

    def num_paused(self, now_s: float) -> int:
        """Return how many keys the platform has asked to wait."""
        return sum(gate.pace.is_paused(now_s) for gate in self._gates.values())

    def ready_s(
        self, keys: Iterable[str], now_s: float, *, is_next: bool = False
    ) -> float:
        """Return when a new call with these keys may begin: behind those that wait.

        With `is_next`, as if none did and in whatever lane.
        """
        gates = [self._gates[key] for key in keys if key in self._gates]
        if is_next:
            times_s = [gate.pace.ready_s(now_s) for gate in gates]
        else:
            times_s = [
                gate.pace.ready_s(now_s, num_ahead=gate.num_calls)
                for gate in [*gates, self._brake]
            ]
        return max([now_s, *times_s])

    def check(self, keys: Sequence[str]) -> None:
        """See to it that each key has rates.

        Raises:
            ValueError: a key's class has none, or there is no key.
        """
        if not keys:
            raise ValueError("a call needs one key at least")
        for key in keys:
            if _class_of(key) not in self._rates:
                raise ValueError(f"no rates for keys like {key!r}")

    def add(self, call: QueuedCall, now_s: float, *, is_first: bool = False) -> None:
        """Let a call wait, behind those like it or before them."""
        self._forget_idle(now_s)
        line = self._lines.get((call.lane, call.keys))
        if line is None:
            line = self._new_line(call, now_s)
        line.calls[call] = None
        if is_first:
            line.calls.move_to_end(call, last=False)
        self._count_call(line, 1)

    def remove(self, call: QueuedCall) -> None:
        """Take out a call that waits."""
        line = self._lines[call.lane, call.keys]
        del line.calls[call]  # an empty line is dropped when its gate opens
        self._count_call(line, -1)

    def drain(self) -> list[QueuedCall]:
        """Take out all calls that wait."""
        calls = [call for line in self._lines.values() for call in line.calls]
        for call in calls:
            self.remove(call)
        return calls

    def next(self, now_s: float) -> QueuedCall | None:
        """Take out the call that begins now; None when none may."""
        self._look(now_s)
        while self._open:
            rank, _, gate = heapq.heappop(self._open)
            if not gate.lines:
                continue
            if gate.lines[0][0] > rank:  # its first went on by another way
                self._offer(gate)
            elif not gate.pace.is_free(now_s):
                self._close(gate, now_s)
            else:
                _, line = heapq.heappop(gate.lines)
                self._offer(gate)
                if (call := self._advance(line, now_s)) is not None:
                    return call
        return None

    def next_look_s(self) -> float | None:
        """Return when a call may begin, at the earliest; None: nothing waits."""
        while self._alarms and self._alarms[0][0] != self._alarms[0][2].look_s:
            heapq.heappop(self._alarms)
        return self._alarms[0][0] if self._alarms and self.num_calls else None

    def _advance(self, line: _Line, now_s: float) -> QueuedCall | None:
        """Take the line's first call if all its gates are open; else it waits on."""
        if not line.calls:
            self._drop(line)
            return None
        if not all(gate.pace.is_free(now_s) for gate in line.gates):
            self._park(line, now_s)
            return None
        call, _ = line.calls.popitem(last=False)
        self._count_call(line, -1)
        for gate in line.gates:
            gate.pace.take(now_s)
        if line.calls:
            line.rank = self._rank(line.lane, now_s)
            self._park(line, now_s)
        else:
            self._drop(line)
        return call

    def _look(self, now_s: float) -> None:
        while self._alarms and self._alarms[0][0] <= now_s + ROUNDING_S:
            at_s, _, gate = heapq.heappop(self._alarms)
            if gate.look_s == at_s:
                gate.look_s = None
                self._offer(gate)

    def _offer(self, gate: _Gate) -> None:
        if gate.lines:
            entry = gate.lines[0][0], next(self._count), gate
            heapq.heappush(self._open, entry)

    def _close(self, gate: _Gate, now_s: float) -> None:
        ready_s = gate.pace.ready_s(now_s)
        if gate.look_s is None or ready_s < gate.look_s:
            gate.look_s = ready_s
            heapq.heappush(self._alarms, (ready_s, next(self._count), gate))

    def _park(self, line: _Line, now_s: float) -> None:
        gate = max(line.gates, key=lambda gate: gate.pace.ready_s(now_s))
        heapq.heappush(gate.lines, (line.rank, line))
        if gate.pace.is_free(now_s):
            self._offer(gate)
        else:
            self._close(gate, now_s)

    def _new_line(self, call: QueuedCall, now_s: float) -> _Line:
        gates = [self._gate(key) for key in call.keys]
        if call.lane >= Lane.CHAT:
            gates.append(self._brake)
        line = _Line(call.lane, call.keys, gates, self._rank(call.lane, now_s))
        self._lines[call.lane, call.keys] = line
        for gate in gates:
            gate.num_lines += 1
        self._park(line, now_s)
        return line

    def _drop(self, line: _Line) -> None:
        del self._lines[line.lane, line.keys]
        for gate in line.gates:
            gate.num_lines -= 1

    def _rank(self, lane: Lane, now_s: float) -> Rank:
        # CHAT and POST are told apart by time alone, so that a POST comes up.
        behind_s = self._post_wait_s if lane is Lane.POST else 0.0
        return min(lane, Lane.CHAT), now_s + behind_s, next(self._count)

    def _count_call(self, line: _Line, change: int) -> None:
        self.num_calls += change
        for gate in line.gates:
            gate.num_calls += change

    def _gate(self, key: str) -> _Gate:
        gate = self._gates.get(key)
        if gate is None:
            self.check((key,))
            gate = self._gates[key] = _Gate(Pace(self._rates[_class_of(key)]))
        self._gates.move_to_end(key)
        return gate

    def _forget_idle(self, now_s: float) -> None:
        # A few at a time, more than a call can add: what is kept stays bounded.
        for key in list(itertools.islice(self._gates, 8)):
            gate = self._gates[key]
            if gate.num_lines == 0 and gate.pace.is_idle(now_s):
                del self._gates[key]
            else:
                self._gates.move_to_end(key)


def _class_of(key: str) -> str:
    return key.partition(":")[0]
