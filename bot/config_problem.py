"""Saying what is wrong with a setting: table, key, value, and what would be right."""

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.config import Config
from bot.config_reference import PREFIX, SEPARATOR, sections, step
from bot.config_types import (
    CHANNEL_PATTERN,
    NAME_PATTERN,
    QUIET_PATTERN,
    WrongValueError,
)
from bot.words import T, Text

__all__ = ["explain", "reason_of", "unknown_variable"]

Location = Sequence[str | int]

SHOWN_CHARACTERS = 60
SECRET_WORDS = ("key", "token", "secret", "password", "_env")
PATTERNS = {
    NAME_PATTERN: T("use up to 32 of a to z, 0 to 9, - and _, a letter or digit first"),
    CHANNEL_PATTERN: T("write platform:channel, such as web:general"),
    QUIET_PATTERN: T("write two times, such as 22:00-07:00"),
}
REASONS: Mapping[str, Text] = {
    "int": T("it must be a whole number"),
    "float": T("it must be a number"),
    "finite": T("it must be a number"),
    "bool": T("it must be true or false"),
    "string_type": T("it must be text in quotes"),
    "string_too_short": T("it must not be empty"),
    "too_short": T("it must not be empty"),
    "tuple": T('it must be a list, such as ["a", "b"]'),
    "datetime": T("it must be a date and time, such as 2026-12-24T18:00:00Z"),
    "date": T("it must be a day, such as 2026-12-31"),
    "timezone": T("it must be a date and time, such as 2026-12-24T18:00:00Z"),
    "dict": T("it must be a table"),
    "model": T("it must be a table"),
}
"""What is allowed, by the beginning of pydantic's name for the problem."""


def explain(error: ValidationError, *, file: str, environ: Mapping[str, str]) -> Text:
    """Return all that is wrong, a line for each problem."""
    return _lines([_problem(one, file, environ) for one in error.errors()])


def unknown_variable(name: str) -> Text:
    """Say that a variable sets nothing, and which one may be meant."""
    known = [
        _variable([*section.path.split("."), key])
        for section in sections(Config)
        for key in section.keys
        if not section.is_list
    ]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
    return T("{name} is no setting. Did you mean {near}?", name=name, near=near)


def reason_of(problem: Any) -> Text:
    """Say why a value is wrong, from one of pydantic's problems: what is allowed."""
    kind, context = str(problem["type"]), problem.get("ctx", {})
    if kind == "greater_than_equal":
        return T("it must be {limit} or more", limit=context["ge"])
    if kind == "greater_than":
        return T("it must be more than {limit}", limit=context["gt"])
    if kind == "less_than_equal":
        return T("it must be {limit} or less", limit=context["le"])
    if kind == "literal_error":
        return T("allowed are {choices}", choices=context["expected"])
    if kind == "string_pattern_mismatch":
        return PATTERNS[context["pattern"]]
    for beginning, text in REASONS.items():
        if kind.startswith(beginning):
            return text
    return T("it is not allowed ({reason})", reason=problem["msg"])


def _variable(location: Location) -> str:
    return PREFIX + SEPARATOR.join(str(part) for part in location).upper()


def _problem(
    problem: Any,  # pydantic's ErrorDetails
    file: str,
    environ: Mapping[str, str],
) -> Text:
    location = [part for part in problem["loc"] if part != "[key]"]
    cause = problem.get("ctx", {}).get("error")
    value = problem["input"]
    if isinstance(cause, WrongValueError) and cause.key:
        for part in cause.key.split("."):
            location.append(part)
            value = value.get(part, ()) if isinstance(value, Mapping) else ()
    where = _source(location, file, environ)
    if problem["type"] == "extra_forbidden":
        return _unknown_key(location, where)
    name = _name(location)
    if problem["type"] == "missing":
        return T("{where}: {name} must be given.", where=where, name=name)
    reason = cause.text if isinstance(cause, WrongValueError) else reason_of(problem)
    if isinstance(value, Mapping | list | tuple) or _is_secret(location):
        return T("{where}: {name}: {reason}.", where=where, name=name, reason=reason)
    return T(
        "{where}: {name} = {value}: {reason}.",
        where=where,
        name=name,
        value=_shown(value),
        reason=reason,
    )


def _unknown_key(location: Location, where: str) -> Text:
    """Say that a key or table does not exist, and which one may be meant."""
    *above, key = location
    table = _title(above)
    annotation: object = Config
    for part in above:
        annotation = step(annotation, part)
    model = annotation if isinstance(annotation, type) else Config
    known = model.model_fields if issubclass(model, BaseModel) else Config.model_fields
    elsewhere = [s.title for s in sections(Config) if key in s.keys]
    near = difflib.get_close_matches(str(key), known, n=1, cutoff=0.0)[0]
    if elsewhere:
        return T(
            "{where}: {table} has no “{key}”. It belongs into {right}.",
            where=where,
            table=table,
            key=key,
            right=elsewhere[0],
        )
    if not above:
        return T(
            "{where}: there is no table [{key}]. Did you mean [{near}]?",
            where=where,
            key=key,
            near=near,
        )
    return T(
        "{where}: {table} has no “{key}”. Did you mean “{near}”?",
        where=where,
        table=table,
        key=key,
        near=near,
    )


def _source(location: Location, file: str, environ: Mapping[str, str]) -> str:
    """Return the variable that gave the value, or else the file."""
    given = {name.upper() for name in environ}
    for length in range(len(location), 0, -1):
        variable = _variable(location[:length])
        if variable in given:
            return variable
    return file


def _name(location: Location) -> str:
    """Return where it stands in the file: `[adapters.web] port`."""
    *above, key = location
    if not above or isinstance(key, int):
        return _title(location)
    return f"{_title(above)} {key}"


def _title(location: Location) -> str:
    """Return how a table is written: `[adapters.web]`, or `[[schedule]] #1`."""
    if location and isinstance(location[-1], int):
        *above, index = location
        return f"{_entries(above)} #{int(index) + 1}"
    return f"[{'.'.join(str(part) for part in location)}]"


def _entries(location: Location) -> str:
    if len(location) > 1:  # a list of values: `[adapters.web] rooms`
        return _name(location)
    return f"[[{location[0]}]]"


def _is_secret(location: Location) -> bool:
    return any(word in str(location[-1]).lower() for word in SECRET_WORDS)


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    if len(text) > SHOWN_CHARACTERS:
        return text[: SHOWN_CHARACTERS - 1] + "…"
    return text


def _lines(texts: Iterable[Text]) -> Text:
    first, *rest = texts
    if not rest:
        return first
    return Text("{first}\n{rest}", (("first", first), ("rest", _lines(rest))))
