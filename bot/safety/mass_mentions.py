"""Makes mentions harmless that would call many people at once."""

import re
import unicodedata
from typing import ClassVar

from typing_extensions import override

from bot.safety.filter import Filter, Subject
from bot.safety.verdict import ALLOW, Action, Stage, Verdict

__all__ = ["MassMentions"]

BREAK = "\u200b"
"""Put behind the sign: people read the same, and no platform sees a mention."""

MAX_PEOPLE = 5
"""How many different people one text, with what stands before it, may mention."""

SIGNS = "@\uff20\ufe6b"  # the sign, full-width and small

IGNORED = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f"
)
"""Characters that are not seen, for the inside of a character class."""

STYLED = (
    *range(0x2100, 0x2150),  # letter-like signs
    *range(0x2460, 0x2500),  # letters in circles
    *range(0xFF21, 0xFF5B),  # full-width letters
    *range(0x1D400, 0x1D6A4),  # mathematical letters
)
"""Where letters stand that Unicode takes for a plain letter in another dress."""


def _any_dress(letter: str) -> str:
    """Return a character class of all forms of a letter, and what may hide behind."""
    dressed = "".join(
        chr(code)
        for code in STYLED
        if unicodedata.normalize("NFKC", chr(code)).lower() == letter
    )
    return f"[{letter}{letter.upper()}{dressed}]"


def _hidden(word: str) -> str:
    """Return a pattern for a word in any dress, with unseen characters inside."""
    return f"[{IGNORED}]*+".join(_any_dress(letter) for letter in word)


# Discord finds @everyone and @here in the middle of words too; the others are what
# bots answer to, and must not be found in an address such as joe@all.example.
_MASS = re.compile(
    f"[{SIGNS}][{IGNORED}]*+(?P<anywhere>{_hidden('everyone')}|{_hidden('here')}"
    f"|&(?=[{IGNORED}]*+[0-9]))"
    rf"|(?<![\w.])[{SIGNS}][{IGNORED}]*+(?P<word>"
    + "|".join(_hidden(word) for word in ("all", "channel", "room", "admins"))
    + r")(?![\w])"
)

# Code is matched first, so that what looks like a mention in it is passed over.
_PERSON = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`"
    r"|<@!?(?P<id>[0-9]+)>|(?<![\w.@/])@(?P<name>[A-Za-z0-9_]{2,32})\b",
    re.DOTALL,
)


class MassMentions(Filter):
    """Redacts @everyone, @here, @all and the like, roles, and long rows of people.

    Full-width and otherwise dressed letters, and unseen characters between them, change
    nothing. Mentions of up to five people stay as they are.
    """

    name: ClassVar[str] = "mass_mentions"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT, Stage.OUTPUT})
    acts_in_shadow: ClassVar[bool] = True

    @override
    async def judge(self, subject: Subject) -> Verdict:
        harmless = _without_crowds(_without_calls(subject.text), before=subject.before)
        if harmless == subject.text:
            return ALLOW
        return Verdict(
            Action.REDACT,
            category="mention",
            score=1.0,
            filter=self.name,
            reason="mentions many people at once",
            text=harmless,
        )


def _without_calls(text: str) -> str:
    return _MASS.sub(_broken_call, text)


def _broken_call(found: re.Match[str]) -> str:
    return f"@{BREAK}{found['anywhere'] or found['word']}"


def _without_crowds(text: str, *, before: str) -> str:
    found_people = _PERSON.finditer(before + text)
    people = {found["id"] or found["name"] for found in found_people}
    if len(people - {None}) <= MAX_PEOPLE:
        return text
    return _PERSON.sub(_broken, text)


def _broken(found: re.Match[str]) -> str:
    if found["id"] is None and found["name"] is None:
        return found[0]
    return found[0].replace("@", f"@{BREAK}", 1)
