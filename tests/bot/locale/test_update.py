from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.locale.update import update_catalogues

CHINESE = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Hello, {name}!"
msgstr "{name}，你好！"

msgid "No longer said"
msgstr "不再说了"

msgid "Wait {n} second."
msgid_plural "Wait {n} seconds."
msgstr[0] "请等 {n} 秒。"
"""
SECONDS = ("Wait {n} second.", "Wait {n} seconds.")


@pytest.fixture
def template() -> Catalog:
    catalogue = Catalog()
    catalogue.add(SECONDS, locations=[("bot/b.py", 7)])
    catalogue.add("Hello, {name}!", locations=[("bot/a.py", 5)])
    catalogue.add(("{n} post", "{n} posts"), locations=[("bot/a.py", 9)])
    return catalogue


def updated(path: Path, text: str, template: Catalog) -> Catalog:
    path.write_text(text, encoding="utf-8")
    update_catalogues(path.parent, template)
    with path.open("rb") as file:
        return read_po(file)


def string(catalogue: Catalog, text: str) -> object:
    message = catalogue.get(text)
    assert message is not None
    return message.string


def test_update_drops_what_is_no_longer_said(tmp_path: Path, template: Catalog) -> None:
    updated(tmp_path / "zh.po", CHINESE, template)

    assert "No longer said" not in (tmp_path / "zh.po").read_text(encoding="utf-8")


def test_update_leaves_new_texts_of_another_language_empty(
    tmp_path: Path, template: Catalog
) -> None:
    (tmp_path / "en.po").touch()

    chinese = updated(tmp_path / "zh.po", CHINESE, template)

    assert string(chinese, "{n} post") == ("",)


def test_update_keeps_translations(tmp_path: Path, template: Catalog) -> None:
    chinese = updated(tmp_path / "zh.po", CHINESE, template)

    assert string(chinese, "Hello, {name}!") == "{name}，你好！"
    assert string(chinese, SECONDS[0]) == ("请等 {n} 秒。",)


def test_update_fills_english_with_itself_but_keeps_an_owners_words(
    tmp_path: Path, template: Catalog
) -> None:
    theirs = 'msgid "Hello, {name}!"\nmsgstr "Hi {name}."\n'

    english = updated(tmp_path / "en.po", theirs, template)

    assert string(english, "Hello, {name}!") == "Hi {name}."
    assert string(english, SECONDS[0]) == SECONDS


def test_update_of_a_copied_file_asks_for_all_forms_of_its_own_language(
    tmp_path: Path, template: Catalog
) -> None:
    polish = updated(tmp_path / "pl.po", CHINESE, template)

    assert str(polish.locale) == "pl"
    assert string(polish, SECONDS[0]) == ("请等 {n} 秒。", "", "")


def test_update_changes_nothing_when_only_lines_moved(
    tmp_path: Path, template: Catalog
) -> None:
    updated(tmp_path / "zh.po", CHINESE, template)
    before = (tmp_path / "zh.po").read_bytes()
    moved = Catalog()
    for message in reversed([message for message in template if message.id]):
        files = [(file, line + 10) for file, line in message.locations]
        moved.add(message.id, locations=files)

    update_catalogues(tmp_path, moved)

    assert (tmp_path / "zh.po").read_bytes() == before
