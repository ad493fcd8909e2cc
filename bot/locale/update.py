"""Take the texts of the code into the catalogues: `python -m bot.locale.update`.

English entries that are empty are filled with themselves, so that an owner can change
the wording; other languages get new entries empty, for a translator, and a test stays
red until they are filled. What the code no longer says is dropped.

The files hold no dates and no line numbers: a diff shows what changed in the texts, and
nothing else.
"""

import copy
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.cli import app
from bot.terminal.help import help_texts

__all__ = ["KEYWORDS", "catalogue_of_code", "main", "update_catalogues"]

ROOT = Path(__file__).parent.parent.parent
LOCALE_FOLDER = Path(__file__).parent
PACKAGES = ("bot", "adapters", "content")
KEYWORDS = {"T": None, "Tn": (1, 2)}
LINE_WIDTH = 88
SOURCE_LANGUAGE = "en"
# Ours instead of Babel's, which has the date and Babel's version in it.
HEADER = """\
# What Hearthbot says, in {name}. `make words` keeps the entries as the code has them.
msgid ""
msgstr ""
"Project-Id-Version: hearthbot\\n"
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def texts() -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    """Yield file, line and text of everything that is marked, and of `--help`."""
    for package in PACKAGES:
        found = extract_from_dir(
            ROOT / package, [("**.py", "python")], keywords=KEYWORDS
        )
        for file, line, text, _, _ in found:
            yield f"{package}/{file}", line, text
    # The options of the terminal commands hold plain strings.
    for text in help_texts(app):
        yield "bot/cli.py", 0, text


def catalogue_of_code() -> Catalog:
    """Return a catalogue with every text of the code, none of them translated."""
    catalogue = Catalog(project="hearthbot", charset="utf-8", fuzzy=False)
    for file, line, text in texts():
        catalogue.add(text, locations=[(file, line)])
    return catalogue


def update_catalogues(folder: Path, template: Catalog) -> None:
    """Give every `LANGUAGE.po` of a folder exactly the texts of the template.

    Translations are kept. A file that was copied from another language gets the header
    and the plural forms of its own, which its name tells.
    """
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.stem)
        # A copy: new entries of one language must not be those of another.
        catalogue.update(copy.deepcopy(template), no_fuzzy_matching=True)
        if path.stem == SOURCE_LANGUAGE:
            _fill_with_itself(catalogue)
        path.write_bytes(_header(path.stem) + _entries(catalogue))


def main() -> None:
    """Write every catalogue anew."""
    update_catalogues(LOCALE_FOLDER, catalogue_of_code())


def _header(language: str) -> bytes:
    of_language = Catalog(locale=language)
    locale = of_language.locale
    return HEADER.format(
        name=language if locale is None else locale.english_name,
        language=language,
        plural_forms=of_language.plural_forms,
    ).encode()


def _entries(catalogue: Catalog) -> bytes:
    written = io.BytesIO()
    write_po(
        written,
        catalogue,
        width=LINE_WIDTH,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    return written.getvalue().rstrip() + b"\n"


def _fill_with_itself(catalogue: Catalog) -> None:
    for message in catalogue:
        forms = [message.string] if isinstance(message.string, str) else message.string
        if message.id and (message.fuzzy or not forms or not all(forms)):
            message.string = message.id
            message.flags.discard("fuzzy")


if __name__ == "__main__":
    main()
