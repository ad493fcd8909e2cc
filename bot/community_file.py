"""A community's settings as a TOML file: what may stand there, and what is wrong.

There is nothing of persons in it, and no id of a channel: another instance, or another
channel, reads it as well.
"""

import difflib
import tomllib
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from bot.config_problem import reason_of
from bot.config_types import Table
from bot.errors import UserError
from bot.preferences import Talk
from bot.safety.policy import Category, Level
from bot.toml_text import line_of
from bot.words import T, Text, join_texts

__all__ = [
    "ChannelTable",
    "CommunityFile",
    "LimitsTable",
    "PersonaTable",
    "SafetyTable",
    "placed",
    "read_file",
]

MAX_PROBLEMS = 10


class SafetyTable(Table):
    """How strictly it is judged; what is left out counts as everywhere."""

    level: Level | None = None
    shadow: bool | None = None
    levels: dict[Category, Level] = Field(default_factory=dict)
    thresholds: dict[Category, float] = Field(default_factory=dict)


class LimitsTable(Table):
    """How much people may send: the names of bot.limits."""

    person: int | None = None
    channel: int | None = None
    length: int | None = None
    requests: int | None = None
    seconds: int | None = None
    community_requests: int | None = None
    community_seconds: int | None = None


class PersonaTable(Table):
    """A persona that the community wrote."""

    prompt: str
    greeting: str = ""


class ChannelTable(Table):
    """What was set for the one channel in which it is exported or imported."""

    talk: Talk | None = None
    language: str | None = None
    persona: str | None = None
    model: str | None = None
    safety: SafetyTable | None = None


class CommunityFile(Table):
    """All settings of a community. What is left out stays as it is."""

    format: Literal[1] = 1
    language: str | None = None
    model: str | None = None
    words: tuple[str, ...] | None = None
    limits: LimitsTable | None = None
    safety: SafetyTable | None = None
    personas: dict[str, PersonaTable] | None = None
    channel: ChannelTable | None = None


def read_file(text: str) -> CommunityFile:
    """Read what `dump_toml` wrote of a CommunityFile.

    Raises:
        UserError: all that is wrong with it, with the lines.
    """
    try:
        table = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise UserError(T("That is no valid TOML: {reason}.", reason=error)) from None
    try:
        return CommunityFile.model_validate(table)
    except ValidationError as error:
        problems = [
            placed(text, _path(one), _said(one))
            for one in error.errors()[:MAX_PROBLEMS]
        ]
        said = join_texts(problems)
        raise UserError(T("Nothing was changed. {problems}", problems=said)) from None


def placed(text: str, path: tuple[str, ...], problem: Text) -> Text:
    """Return a problem with the line on which it stands."""
    number = line_of(text, path)
    name = ".".join(path)
    if number is None:
        return T("{name}: {problem}", name=name, problem=problem)
    return T("line {n}, {name}: {problem}", n=number, name=name, problem=problem)


def _path(problem: Any) -> tuple[str, ...]:  # pydantic's ErrorDetails
    return tuple(
        part for part in problem["loc"] if isinstance(part, str) and part != "[key]"
    )


def _said(problem: Any) -> Text:
    if problem["type"] == "extra_forbidden":
        return _unknown(str(problem["loc"][-1]), list(_known(problem["loc"][:-1])))
    if problem["loc"][-1] == "[key]":
        return _unknown(str(problem["input"]), [one.value for one in Category])
    if problem["type"] == "missing":
        return T("it must be given")
    if problem["type"] == "enum":
        return T("allowed are {choices}", choices=problem["ctx"]["expected"])
    return reason_of(problem)


def _unknown(key: str, known: list[str]) -> Text:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)[0]
    return T("there is no “{key}”. Did you mean “{near}”?", key=key, near=near)


def _known(path: tuple[str | int, ...]) -> Mapping[str, object]:
    """Return the keys of the table at a path."""
    tables: Mapping[str, type[BaseModel]] = {
        "limits": LimitsTable,
        "safety": SafetyTable,
        "channel": ChannelTable,
        "personas": PersonaTable,
    }
    for part in reversed(path):
        if part in tables:
            return tables[str(part)].model_fields
    return CommunityFile.model_fields
