"""Take the texts of the code into the catalogues: `python -m bot.locale.update`.

English entries are filled with themselves, so that an owner can change the wording;
other languages get new entries empty, for a translator, and a test stays red until they
are filled.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

__all__ = ["KEYWORDS", "catalogue_of_code", "main"]

ROOT = Path(__file__).parent.parent.parent
LOCALE_FOLDER = Path(__file__).parent
PACKAGES = ("bot", "adapters", "content")
KEYWORDS = {"T": None, "Tn": (1, 2)}


def texts() -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    """Yield file, line and text of everything that is marked in the code."""
    for package in PACKAGES:
        found = extract_from_dir(
            ROOT / package, [("**.py", "python")], keywords=KEYWORDS
        )
        for file, line, text, _, _ in found:
            yield f"{package}/{file}", line, text


def catalogue_of_code() -> Catalog:
    """Return a catalogue with every text of the code, none of them translated."""
    catalogue = Catalog(project="hearthbot", charset="utf-8", fuzzy=False)
    for file, line, text in texts():
        catalogue.add(text, locations=[(file, line)])
    return catalogue


def main() -> None:
    """Write every catalogue anew."""
    template = catalogue_of_code()
    for path in sorted(LOCALE_FOLDER.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.stem)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        if path.stem == "en":
            _fill_with_itself(catalogue)
        with path.open("wb") as file:
            write_po(file, catalogue, width=88, omit_header=False, sort_output=True)


def _fill_with_itself(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id:
            message.string = message.id


if __name__ == "__main__":
    main()
