"""Formulas in LaTeX as letters that can be read, where nothing gets lost by it."""

import re
import unicodedata

from telegramify_markdown.latex_escape.helper import LatexToUnicodeHelper

from adapters.telegram.entities import utf16_units

__all__ = ["readable"]

MAX_LENGTH = 500
"""A longer formula stays as it is: converting takes time, and nesting has an end."""

_CONVERTER = LatexToUnicodeHelper()
_NO_TEXT = re.compile(r"\\(?:begin|end)\{[^{}]*\}|\\[A-Za-z]+")

_BLANK_LINES = re.compile(r"[ \t]*\n(?:[ \t]*\n)*")


def readable(formula: str) -> str:
    """Return a formula in Unicode, `\\frac{1}{2}` as "½".

    It stays as it is where the converter would drop one of its letters or digits, or
    make it longer.
    """
    if "\\" not in formula and "^" not in formula and "_" not in formula:
        return formula
    if len(formula) > MAX_LENGTH:
        return formula
    converted: str = _CONVERTER.convert(formula).strip()  # type: ignore[no-untyped-call]  # its package is typed only in part
    converted = _BLANK_LINES.sub("\n", converted)
    if utf16_units(converted) > utf16_units(formula):
        return formula
    return converted if _keeps_letters(formula, converted) else formula


def _keeps_letters(formula: str, converted: str) -> bool:
    there = iter(unicodedata.normalize("NFKD", converted))
    text = unicodedata.normalize("NFKD", _NO_TEXT.sub(" ", formula))
    return all(letter in there for letter in text if letter.isalnum())
