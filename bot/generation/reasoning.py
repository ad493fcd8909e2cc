"""Keeps what a model thinks aloud away from readers."""

from bot.generation.stopping import held_back

__all__ = ["OPENING_TAGS", "SPECIAL_MARKS", "ReasoningFilter"]

PAIRS = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("<reflection>", "</reflection>"),
    ("<seed:think>", "</seed:think>"),
    ("[think]", "[/think]"),
    ("◁think▷", "◁/think▷"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|channel|>analysis<|message|>", "<|end|>"),
    ("<|channel|>commentary<|message|>", "<|end|>"),
)
"""How models mark their thoughts, in lower case: begin and end."""

NOISE = (
    "<|channel|>final<|message|>",
    "<|start|>assistant",
    "<|begin_of_solution|>",
    "<|end_of_solution|>",
    "<|return|>",
)
"""Marks around the answer itself: they go, the answer stays."""

OPENING_TAGS = tuple(begin for begin, _ in PAIRS)
"""What a prompt may end with when a template has begun the thinking already."""

SPECIAL_MARKS = frozenset(
    {
        *(tag for pair in PAIRS for tag in pair),
        *("<|channel|>", "<|message|>", "<|start|>", "<|end|>", "<|return|>"),
    }
)
"""Special tokens that have to stay in the text for this filter to work."""

_ENDS = dict(PAIRS)
_OUTSIDE = (*OPENING_TAGS, *dict.fromkeys(end for _, end in PAIRS), *NOISE)


class ReasoningFilter:
    """Removes a model's thoughts from its text.

    A thought that is never closed goes on to the end. An end without a beginning is
    dropped as a mark; a backend whose template begins the thinking itself feeds the
    beginning first. A tag right after a backtick is being talked about, and stays.
    The pieces that a text comes in make no difference.
    """

    def __init__(self) -> None:
        self._held = ""
        self._end: str | None = None  # what ends the thought we are in
        self._last = ""  # the last character that was let through or removed
        self._blank = ""  # white space in front of the answer, not shown so far
        self._has_shown = False
        self._has_thought = False

    def feed(self, text: str) -> str:
        """Return what may be shown now."""
        self._held += text
        shown = []
        while (step := self._step()) is not None:
            shown.append(step)
        num_held = held_back(self._held.lower(), self._marks())
        rest = self._held[: len(self._held) - num_held]
        self._held = self._held[len(rest) :]
        shown.append(self._pass(rest))
        return "".join(shown)

    def flush(self) -> str:
        """End the text and return the rest of it."""
        rest, self._held = self._held, ""
        return self._pass(rest)

    def _marks(self) -> tuple[str, ...]:
        return _OUTSIDE if self._end is None else (self._end,)

    def _step(self) -> str | None:
        """Go past the next mark and return what stood before it; None: no mark."""
        lower = self._held.lower()
        found = [(lower.find(m), m) for m in self._marks() if m in lower]
        if not found:
            return None
        start, mark = min(found)
        before = self._pass(self._held[:start])
        raw = self._held[start : start + len(mark)]
        self._held = self._held[start + len(mark) :]
        if self._end is None and self._last == "`":
            return before + self._pass(raw)
        self._end = _ENDS.get(mark) if self._end is None else None
        self._has_thought = True
        self._last = ""
        return before

    def _pass(self, text: str) -> str:
        """Return what of the text is for readers, without the space after a thought."""
        if text:
            self._last = text[-1]
        if self._end is not None:
            return ""
        if self._has_shown:
            return text
        text = self._blank + text
        if not text.strip():
            self._blank = text
            return ""
        self._has_shown = True
        return text.lstrip() if self._has_thought else text
