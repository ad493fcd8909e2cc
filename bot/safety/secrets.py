"""Takes keys, tokens and passwords out of what comes in and goes out."""

import asyncio
import re
from typing import ClassVar

from typing_extensions import override

from bot.safety.filter import Filter, Subject
from bot.safety.verdict import ALLOW, Action, Stage, Verdict
from bot.secret_patterns import secret_spans

__all__ = ["REMOVED", "Secrets"]

REMOVED = "[secret removed]"

LONG = 1000
"""From so many characters on a text is searched in a thread of its own."""

BEFORE = 200
"""So much of what stands before a text is looked at, in characters."""

MAX_ROUNDS = 5

# What follows where the start of a private key was just removed.
_GOES_ON = re.compile(
    r"\s*(?:[A-Za-z0-9+/=]{16,}+\s*)*+(?:-{5}END [A-Z ]{0,50}-{5}\s*)?"
)


class Secrets(Filter):
    """Redacts API keys, tokens of bots, private keys and passwords in addresses.

    They are known by their looks, so ordinary long words and numbers stay.
    """

    name: ClassVar[str] = "secrets"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT, Stage.OUTPUT})
    acts_in_shadow: ClassVar[bool] = True

    @override
    async def judge(self, subject: Subject) -> Verdict:
        before, text = subject.before[-BEFORE:], subject.text
        if len(text) < LONG:
            safe = without_secrets(text, before=before)
        else:
            safe = await asyncio.to_thread(without_secrets, text, before=before)
        if safe == text:
            return ALLOW
        return Verdict(
            Action.REDACT,
            category="secret",
            score=1.0,
            filter=self.name,
            reason="has a key, a token or a password",
            text=safe,
        )


def without_secrets(text: str, *, before: str = "") -> str:
    """Return the text without secrets, also those that begin in what stands before."""
    if before.rstrip().endswith(REMOVED) and text.strip() and _GOES_ON.fullmatch(text):
        return REMOVED + text[len(text.rstrip()) :]
    for _ in range(MAX_ROUNDS):  # what was hidden may have hidden another
        safe = _removed(text, before)
        if safe == text:
            break
        text = safe
    return text


def _removed(text: str, before: str) -> str:
    cut, parts, end = len(before), [], 0
    for start, stop in secret_spans(before + text):
        if stop > cut:
            parts += [text[end : max(0, start - cut)], REMOVED]
            end = stop - cut
    return "".join([*parts, text[end:]])
