"""Every text that people read is in every catalogue, and nothing else is."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.cli import app
from bot.locale.update import catalogue_of_code
from bot.terminal.help import help_texts
from bot.words import LOCALE_FOLDER

ROOT = Path(__file__).parent.parent.parent
LANGUAGES = sorted(path.stem for path in LOCALE_FOLDER.glob("*.po"))
# Calls whose argument is read by people, and must therefore be a marked text.
SAYING = {"UserError", "Answer", "note", "notice", "PlainTextResponse"}


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


def test_every_marked_text_is_found_wherever_it_stands() -> None:
    # One inside another's arguments is not seen: say it in a line of its own.
    in_code = {form for one in messages(catalogue_of_code()) for form in forms(one.id)}
    for path, call in _calls("T", "Tn"):
        for text in call.args[: 1 if _name(call) == "T" else 2]:
            if isinstance(text, ast.Constant) and text.value:
                assert text.value in in_code, f"{path}:{call.lineno}"


def test_every_help_of_the_terminal_is_translated() -> None:
    chinese = catalogue("zh")
    for text in help_texts(app):
        assert text, "a command or parameter has no help"
        message = chinese.get(text)
        assert message is not None, text
        assert any("\u4e00" <= sign <= "\u9fff" for sign in str(message.string)), text


def _calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    for package in ("bot", "adapters", "content"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _name(node) in names:
                    yield str(path.relative_to(ROOT)), node


def _name(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))


def _has_words(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return any(map(str.isalpha, str(node.value)))
    return isinstance(node, ast.JoinedStr)


def test_nothing_is_said_to_people_past_the_catalogues() -> None:
    found = [
        f"{path}:{call.lineno}"
        for path, call in _calls(*SAYING)
        if call.args and _has_words(call.args[0])
    ]
    assert not found
