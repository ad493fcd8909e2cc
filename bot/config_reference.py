"""The settings, described: walking the classes, and the page made from them."""

import json
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

__all__ = ["PREFIX", "SEPARATOR", "Section", "config_reference", "sections", "step"]

PREFIX = "HEARTHBOT_"
SEPARATOR = "__"

TYPE_NAMES: Mapping[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    datetime: "date and time",
    date: "date",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the file.

    Attributes:
        path: "adapters.web"; "personas.NAME" where there may be several by name.
        is_list: whether it may be there several times, as [[path]].
        keys: its settings, without the tables in it.
    """

    path: str
    model: type[BaseModel]
    is_list: bool
    keys: Mapping[str, FieldInfo]

    @property
    def title(self) -> str:
        """How it is written in the file."""
        return f"[[{self.path}]]" if self.is_list else f"[{self.path}]"


def step(annotation: object, key: str | int) -> object:
    """Return the type under a key of a table, a mapping or a list; None: there is none.

    A model's own types are its fields; any key fits a mapping, any number a list.
    """
    bare = _bare(annotation)
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        field = bare.model_fields.get(str(key))
        return None if field is None else field.annotation
    if get_origin(bare) is dict:
        return _bare(get_args(bare)[1])
    if get_origin(bare) is tuple and isinstance(key, int):
        return _bare(get_args(bare)[0])
    return None


def sections(model: type[BaseModel], path: str = "") -> Iterator[Section]:
    """Yield the tables of a model, in the order in which they are written."""
    keys: dict[str, FieldInfo] = {}
    inner: list[tuple[str, type[BaseModel], bool]] = []
    for name, field in model.model_fields.items():
        below = f"{path}.{name}" if path else name
        bare = _bare(field.annotation)
        many = get_args(bare) if get_origin(bare) in (dict, tuple) else ()
        if isinstance(bare, type) and issubclass(bare, BaseModel):
            inner.append((below, bare, False))
        elif many and _is_model(many[-1]):
            inner.append((f"{below}.NAME", many[-1], False))
        elif many and _is_model(many[0]):
            inner.append((below, many[0], True))
        else:
            keys[name] = field
    if keys:
        yield Section(path, model, False, keys)
    for below, part, is_list in inner:
        for section in sections(part, below):
            yield Section(section.path, section.model, is_list, section.keys)


def config_reference(model: type[BaseModel]) -> str:
    """Return the page docs/configuration.md, in Markdown."""
    parts = [INTRODUCTION]
    for section in sections(model):
        parts.append(f"## `{section.title}`\n\n{section.model.__doc__ or ''}\n")
        parts.append("| key | takes | default | what it does | variable |")
        parts.append("|---|---|---|---|---|")
        parts.extend(_row(section, name, key) for name, key in section.keys.items())
        parts.append("")
    return "\n".join(parts)


def _row(section: Section, name: str, field: FieldInfo) -> str:
    default = "must be given" if field.is_required() else f"`{_toml(field.default)}`"
    if field.default is None:
        default = "none"
    variable = PREFIX + SEPARATOR.join([*section.path.split("."), name]).upper()
    cells = (
        f"`{name}`",
        type_name(field.annotation) + _bounds(field.metadata),
        default,
        field.description or "",
        "" if section.is_list else f"`{variable}`",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def type_name(annotation: object) -> str:
    """Return what a setting takes, in words."""
    bare = _bare(annotation)
    if get_origin(bare) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(bare))
    if get_origin(bare) is tuple:
        return f"list of {type_name(get_args(bare)[0])}"
    return TYPE_NAMES[bare]


def _bounds(metadata: Sequence[Any]) -> str:
    words = {"ge": "from", "gt": "above", "le": "to"}
    found = [
        f" {word} {getattr(bound, name)}"
        for name, word in words.items()
        for bound in metadata
        if getattr(bound, name, None) is not None
    ]
    return "".join(found)


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _is_model(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _bare(annotation: object) -> object:
    """Return a type without Annotated and without None."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _bare(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation


INTRODUCTION = """\
# Configuration

Hearthbot reads `config.toml` in the folder where it is started, or the file that
`--config` or `HEARTHBOT_CONFIG` names. Every setting has a default; the file that comes
with Hearthbot shows them all. `hearthbot config check` says whether yours is right.

- Environment variables win over the file. Lists and tables in them are JSON:
  `HEARTHBOT_ADAPTERS__WEB__ROOMS='["general", "news"]'`.
- A setting that ends in `_env` names the environment variable that holds a secret.
  Secrets are never written into the file.
- Paths are relative to the folder of the file; `~` is your home folder.
- An unknown key is an error, so that a slip of the pen is not silently ignored.

This page is made from `bot/config.py` by `make docs`.
"""
