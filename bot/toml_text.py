"""Writing TOML, and finding the line on which something stands in it."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence

__all__ = ["dump_toml", "line_of"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEADER = re.compile(r"\s*\[\[?(?P<path>[^\[\]]+)\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*(?P<path>[^=#]+?)\s*=")

Value = str | int | float | bool | Sequence[str]


def dump_toml(table: Mapping[str, object]) -> str:
    """Return a table as TOML: values first, then the tables in it.

    Values are texts, numbers, booleans and lists of texts.
    """
    return "\n".join(_lines(table, ())).strip() + "\n"


def _lines(table: Mapping[str, object], path: tuple[str, ...]) -> list[str]:
    values = {key: one for key, one in table.items() if not isinstance(one, Mapping)}
    lines = []
    if path and values:
        lines += ["", f"[{'.'.join(map(_key, path))}]"]
    lines += [f"{_key(key)} = {_value(one)}" for key, one in values.items()]
    for key, inner in table.items():
        if isinstance(inner, Mapping):
            lines += _lines(inner, (*path, key))
    return lines


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _value(value: object) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Sequence):
        items = [_quoted(str(item)) for item in value]
        inline = f"[{', '.join(items)}]"
        if len(inline) <= 60:
            return inline
        return "\n".join(["[", *(f"    {item}," for item in items), "]"])
    return json.dumps(value)


def _quoted(text: str) -> str:
    # JSON escapes all that TOML wants escaped, but for one sign.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def line_of(text: str, path: Sequence[str]) -> int | None:
    """Return the number of the line on which a key or table begins in TOML.

    Where the key itself is not found, it is the table around it; None: not even that.
    """
    wanted, best, best_length = tuple(path), None, 0
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = here = _parts(header["path"])
        elif key := _KEY.match(line):
            here = (*table, *_parts(key["path"]))
        else:
            continue
        length = len(here) if wanted[: len(here)] == here else 0
        if here[: len(wanted)] == wanted:
            length = len(wanted)
        if length > best_length:
            best, best_length = number, length
    return best


def _parts(path: str) -> tuple[str, ...]:
    """Return the parts of a dotted key; () where it is none."""
    try:
        table: object = tomllib.loads(f"{path} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    parts = []
    while isinstance(table, dict) and table:
        ((part, table),) = table.items()
        parts.append(part)
    return tuple(parts)
