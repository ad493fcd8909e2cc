"""Keeping secrets, and what people write, out of the log."""

import re
from collections.abc import Iterable, Mapping

from bot.secret_patterns import secret_spans

__all__ = ["HIDDEN", "PRIVATE_FIELDS", "Redactor", "drop_private"]

HIDDEN = "[hidden]"
DROPPED = "[not logged]"
MIN_SECRET_LENGTH = 4  # shorter ones would hide half the log

PRIVATE_FIELDS = frozenset(
    {
        "answer",
        "body",
        "content",
        "draft",
        "line",
        "message_text",
        "payload",
        "persona_prompt",
        "prompt",
        "question",
        "reply",
        "text",
        "title",
        "topic",
        "turns",
        "words",
    }
)
"""Fields that may hold what people or models wrote: only debug logs them."""

# The log hides more than the table of secrets has: what only may be one, too.
PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # Discord: id, time and signature in base64, with dots between.
        r"\b[MNO][\w-]{23,27}\.[\w-]{6,7}\.[\w-]{27,}",
        # Telegram: the bot's number, a colon and 35 characters; bare or in an address.
        r"(?<!\d)\d{6,12}:[\w-]{30,}",
        # Keys that say what they are.
        r"\b(?:sk|pk|rk|hf|ghp|gho|ghs|glpat|xox[abprs])[-_][\w-]{10,}",
        r"\bgithub_pat_\w{20,}",
        r"\bey[\w-]{10,}\.ey[\w-]{10,}\.[\w-]*",  # a JSON web token
        # What stands behind a name that means a secret.
        r"(?i)(?<=bearer )[\w.~+/=-]{6,}",
        r"(?i)(?<=authorization: basic )\S+",
        r"(?i)(?<=://)[^\s/:@]*:[^\s/@]+(?=@)",  # name and password in an address
    )
)
ASSIGNED = re.compile(
    r"""(?ix)
    (?P<name> ["']? [\w-]*
        (?: authorization | api[_-]?key | password | passwd | secret | token ) ["']?
        \s* [=:] \s* (?: bot \s+ | bearer \s+ | basic \s+ )? )
    (?P<quote> ["']? )
    (?P<value> [^\s"',;&]{4,} )
    """
)
SECRET_NAMES = re.compile(
    r"(?i)(^|[_-])(authorization|api[_-]?key|password|passwd|secret|token|cookie)s?$"
)


class Redactor:
    """Hides the secrets that are known, and all that looks like one.

    Counts such as `max_tokens` stay: only text is hidden.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        known = {secret for secret in secrets if len(secret) >= MIN_SECRET_LENGTH}
        # Longest first, so that no tail of one is left behind a shorter one.
        ordered = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, ordered)) or r"(?!)")

    def text(self, text: str) -> str:
        """Return the text with every secret hidden."""
        text = self._known.sub(HIDDEN, text)
        for start, end in reversed(secret_spans(text)):
            text = f"{text[:start]}{HIDDEN}{text[end:]}"
        for pattern in PATTERNS:
            text = pattern.sub(HIDDEN, text)
        return ASSIGNED.sub(rf"\g<name>\g<quote>{HIDDEN}", text)

    def field(self, name: str, value: object) -> object:
        """Return a field of the log with every secret in it hidden."""
        if isinstance(value, bool | int | float | None):
            return value
        if SECRET_NAMES.search(name) and value:
            return HIDDEN
        return _mapped(value, self)


def _mapped(value: object, redactor: Redactor) -> object:
    if isinstance(value, bool | int | float | None):
        return value
    if isinstance(value, Mapping):
        return {
            str(key): redactor.field(str(key), inner) for key, inner in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_mapped(inner, redactor) for inner in value]
    if isinstance(value, bytes):
        return f"[{len(value)} bytes]"
    return redactor.text(str(value))


def drop_private(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields with those replaced that may hold what people wrote."""
    return {
        name: DROPPED if name in PRIVATE_FIELDS and not _is_number(value) else value
        for name, value in fields.items()
    }


def _is_number(value: object) -> bool:
    return isinstance(value, bool | int | float | None)
