"""The prompts of the kinds, one file each."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError

from content.languages import base_of

__all__ = ["Template", "read_template"]

FOLDER = Path(__file__).parent
SOURCE_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Template:
    """The texts of one kind in one language.

    Attributes:
        texts: as they stand in the file, by key.
        is_native: whether the language has its own texts; else they are English and
            ask for the language.
    """

    texts: Mapping[str, Any]
    is_native: bool
    request: str = ""

    @classmethod
    def load(cls, kind: str, language: str) -> "Template":
        """Read a kind's file and choose the language's texts."""
        by_language = read_template(kind)
        base = base_of(language)
        if base in by_language:
            return cls(by_language[base], is_native=True)
        request = f"Write in {_language_name(base)}."
        return cls(by_language[SOURCE_LANGUAGE], is_native=False, request=request)

    def fill(self, key: str, **values: str) -> tuple[str, ...]:
        """Return the variants of a text with the values in their places."""
        found = self.texts[key]
        variants = found if isinstance(found, list) else [found]
        return self.fill_all(variants, **values)

    def fill_all(self, variants: Sequence[str], **values: str) -> tuple[str, ...]:
        """Return these variants with the values in their places."""
        filled = (_fill(variant, values) for variant in variants)
        return tuple(f"{text} {self.request}".strip() for text in filled)


@cache
def read_template(name: str) -> Mapping[str, Any]:
    """Return what stands in a file of this folder."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _fill(text: str, values: Mapping[str, str]) -> str:
    # Not str.format: a topic may have braces of its own.
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _language_name(base: str) -> str:
    try:
        return Locale.parse(base).english_name or base
    except (UnknownLocaleError, ValueError):
        return base
