"""What a filter decides, and how many decisions become one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

__all__ = ["ALLOW", "Action", "Stage", "Verdict", "combine"]


class Action(IntEnum):
    """What happens to a text, mildest first, so that the strictest of many wins."""

    ALLOW = 0
    """It passes."""
    FLAG = 1
    """It passes, and moderators can see why it was noticed."""
    REDACT = 2
    """It passes in the changed form that the verdict carries."""
    BLOCK = 3
    """It does not pass."""


class Stage(StrEnum):
    """Where a text stands on its way."""

    INPUT = "input"
    """A person wrote it."""
    OUTPUT = "output"
    """A model or a template wrote it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about one text.

    Attributes:
        action: what happens.
        category: "length", "flood", "mention", "word", …; "" if allowed.
        score: how sure, 0 to 1.
        filter: the name of the filter that decided; "" if none had anything to say.
        reason: a sentence for moderators and logs, without the text itself.
        text: the changed form where the action is REDACT, else None; never stored.
        limit: the number that a rule of numbers allows, such as characters.
        retry_after_s: seconds after which the same text would pass; None: never.
        scores: the probability of each category that a classifier looked for, whatever
            the action.
    """

    action: Action
    category: str = ""
    score: float = 0.0
    filter: str = ""
    reason: str = ""
    text: str | None = field(default=None, repr=False)
    limit: int | None = None
    retry_after_s: float | None = None
    scores: Mapping[str, float] = field(default_factory=dict, compare=False)


ALLOW = Verdict(Action.ALLOW)


def combine(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the strictest verdict; of equally strict ones the surest, then the first.

    Redactions are applied one after another by the chain, so the last redacted text is
    the one that counts.
    """
    strictest = ALLOW
    text: str | None = None
    for verdict in verdicts:
        if verdict.action is Action.REDACT:
            text = verdict.text
        if (verdict.action, verdict.score) > (strictest.action, strictest.score):
            strictest = verdict
    if strictest.action is Action.REDACT:
        return replace(strictest, text=text)
    return strictest
