"""The gate that a streaming answer passes: nothing is visible before it was judged."""

import asyncio
import re

from bot.messages import Author, Channel
from bot.safety.filter import FilterChain, Judgement, Subject
from bot.safety.units import Units
from bot.safety.verdict import Action, Stage, Verdict, combine

__all__ = ["Gate"]

CONTEXT_LENGTH = 300
"""How many characters of what is already visible are judged with what comes next."""

UNITS_PER_BREATH = 50
"""After so many pieces in a row, others on the event loop have a turn."""

_FIRST_WORD = re.compile(r"\S*\s+")


class Gate:
    """Holds an answer back, judges it piece by piece and lets through what may pass.

    A piece is a sentence, a line, or a closed code block. Each is judged in the light
    of what stands before it; only the piece itself can be redacted or blocked. After a
    block nothing more comes out. One answer, one gate, one caller at a time.

    Attributes:
        blocked: the verdict that ended the answer; None: nothing was blocked.
    """

    def __init__(
        self,
        chain: FilterChain,
        *,
        channel: Channel | None = None,
        author: Author | None = None,
    ) -> None:
        self.blocked: Verdict | None = None
        self._chain = chain
        self._channel = channel
        self._author = author
        self._units = Units()
        self._before = ""
        self._all: list[Verdict] = []
        self._counted: list[Verdict] = []
        self._scores: dict[str, float] = {}
        self._worst: tuple[Action, float] | None = None
        self._noticed = ""  # the piece in which the worst was found

    @property
    def judgement(self) -> Judgement:
        """What was found in the whole answer so far, for the store.

        A score is the highest of all pieces; `seen` is the piece that looked worst.
        """
        return Judgement(
            combine(self._counted),
            "",
            tuple(self._all),
            found=combine(self._all),
            scores=dict(self._scores),
            seen=self._noticed,
        )

    async def feed(self, text: str) -> str:
        """Take more of the answer; return what may be shown now, "" if nothing yet."""
        if self.blocked is not None:
            return ""
        return await self._release(self._units.feed(text))

    async def flush(self) -> str:
        """End the answer; return the rest of what may be shown."""
        if self.blocked is not None:
            return ""
        return await self._release([self._units.flush()])

    async def _release(self, units: list[str]) -> str:
        released: list[str] = []
        for number, unit in enumerate(units, start=1):
            text = await self._judge(unit)
            if self.blocked is not None:
                break
            released.append(text)
            self._before = _end_of(self._before + text)
            if number % UNITS_PER_BREATH == 0:
                await asyncio.sleep(0)
        return "".join(released)

    async def _judge(self, unit: str) -> str:
        """Return what may be shown of a piece, and note what the filters said."""
        if not unit or unit.isspace():
            return unit
        judgement = await self._chain.judge(
            Subject(
                unit, Stage.OUTPUT, self._channel, self._author, before=self._before
            )
        )
        self._note(judgement)
        if judgement.is_blocked:
            self.blocked = judgement.verdict
        return judgement.text

    def _note(self, judgement: Judgement) -> None:
        self._all.extend(judgement.all)
        if judgement.verdict.action is not Action.ALLOW:
            self._counted.append(judgement.verdict)
        for name, score in judgement.scores.items():
            self._scores[name] = max(score, self._scores.get(name, 0.0))
        worst = (judgement.found.action, max(judgement.scores.values(), default=0.0))
        if self._worst is None or worst > self._worst:
            self._worst, self._noticed = worst, judgement.seen


def _end_of(text: str) -> str:
    """Return the end of a text, from the beginning of a word where there is one."""
    if len(text) <= CONTEXT_LENGTH:
        return text
    end = text[-CONTEXT_LENGTH:]
    first_word = _FIRST_WORD.match(end)
    return end[first_word.end() :] if first_word else end
