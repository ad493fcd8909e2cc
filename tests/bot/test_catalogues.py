"""Every text that people read is in every catalogue, and nothing else is."""

import ast
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.locale.update import catalogue_of_code
from bot.words import LOCALE_FOLDER

ROOT = Path(__file__).parent.parent.parent
LANGUAGES = sorted(path.stem for path in LOCALE_FOLDER.glob("*.po"))
# Calls whose argument is read by people, and must therefore be a marked text.
SAYING = {"UserError", "Answer", "note", "notice"}


def catalogue(language: str) -> Catalog:
    with (LOCALE_FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def forms(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    if value is None:
        return ("",)
    return (value,) if isinstance(value, str) else tuple(value)


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def messages(of: Catalog) -> list[Message]:
    return [message for message in of if message.id]


def test_english_and_chinese_are_there() -> None:
    assert {"en", "zh"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_exactly_the_texts_of_the_code(language: str) -> None:
    in_code = {forms(message.id) for message in messages(catalogue_of_code())}
    in_catalogue = {forms(message.id) for message in messages(catalogue(language))}
    assert in_code - in_catalogue == set(), "run `make words` and translate"
    assert in_catalogue - in_code == set(), "run `make words`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_with_the_same_values(language: str) -> None:
    for message in messages(catalogue(language)):
        translations = forms(message.string)
        assert all(translations), f"not translated: {message.id}"
        assert not message.fuzzy, f"a guess: {message.id}"
        wanted = set().union(*(fields(form) for form in forms(message.id)))
        for translation in translations:
            assert fields(translation) <= wanted, message.id
            if len(forms(message.id)) == 1:
                assert fields(translation) == wanted, message.id


def _has_words(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return any(map(str.isalpha, str(node.value)))
    return isinstance(node, ast.JoinedStr)


def test_nothing_is_said_to_people_past_the_catalogues() -> None:
    found = []
    for package in ("bot", "adapters", "content"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                called = node.func
                name = getattr(called, "id", getattr(called, "attr", ""))
                first = node.args[0]
                if name in SAYING and _has_words(first):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found
