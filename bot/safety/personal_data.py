"""Notices addresses and numbers of people in what comes in and goes out."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from typing_extensions import override

from bot.safety.filter import Filter, Subject
from bot.safety.personal_patterns import FINDERS
from bot.safety.rules import PersonalKind, PersonalRule
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

__all__ = ["KINDS", "PersonalData"]


KINDS: tuple[PersonalKind, ...] = ("email", "phone", "card", "iban", "national")
"""What is looked for unless the settings say otherwise."""

REPLACEMENTS = {
    "email": "[e-mail removed]",
    "phone": "[phone number removed]",
    "card": "[card number removed]",
    "iban": "[account number removed]",
    "national": "[personal number removed]",
    "ip": "[IP address removed]",
}

BEFORE = 100
"""So much of what stands before a text is looked at, in characters."""


MIN_DIGITS = 7
"""No number that is looked for has fewer."""

_AT = re.compile(r"@|[\[({]\s?at")


class PersonalData(Filter):
    """Flags or redacts e-mail addresses, telephone, card, account and state numbers.

    Numbers count only if their checksum or numbering plan is right, and where that is
    weak, if a word near them says what they are: ordinary numbers stay. Names and
    places of people are not looked for. Linear time.

    Args:
        action: what is done; with "off" everything is allowed.
        kinds: what is looked for.
    """

    name: ClassVar[str] = "personal_data"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT, Stage.OUTPUT})

    def __init__(
        self, *, action: PersonalRule, kinds: Sequence[PersonalKind] = KINDS
    ) -> None:
        self._action = action
        self._kinds = tuple(kind for kind in FINDERS if kind in set(kinds))

    @override
    async def judge(self, subject: Subject) -> Verdict:
        text = subject.text
        if self._action == "off" or not may_have_some(subject.before[-BEFORE:] + text):
            return ALLOW
        before = subject.before[-BEFORE:]
        safe, found = await asyncio.to_thread(self._redacted, text, before)
        if safe == text:
            return ALLOW
        is_flag = self._action == "flag"
        return Verdict(
            Action.FLAG if is_flag else Action.REDACT,
            category="personal",
            score=1.0,
            filter=self.name,
            reason=f"has personal data: {', '.join(found)}",
            text=None if is_flag else safe,
        )

    def _redacted(self, text: str, before: str) -> tuple[str, list[str]]:
        cut, parts, end = len(before), [], 0
        found: set[str] = set()
        for start, stop, kind in self._spans(before + text):
            if stop > cut:
                parts += [text[end : max(0, start - cut)], REPLACEMENTS[kind]]
                end = stop - cut
                found.add(kind)
        return "".join([*parts, text[end:]]), sorted(found)

    def _spans(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Give out what was found, in order, of overlapping ones the first kind."""
        spans = sorted(
            (start, -stop, rank)
            for rank, kind in enumerate(self._kinds)
            for start, stop in FINDERS[kind](text)
        )
        end = 0
        for start, minus_stop, rank in spans:
            if start >= end:
                end = -minus_stop
                yield start, end, self._kinds[rank]


def may_have_some(text: str) -> bool:
    """Return whether the text has a sign or numbers that personal data needs."""
    num_digits = sum(text.count(digit) for digit in "0123456789")
    return num_digits >= MIN_DIGITS or bool(_AT.search(text))
