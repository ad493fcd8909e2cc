"""Every text that people read.

A text is marked with `T` (or `Tn` where a number decides) at the place where it is
written, in English, and turned into a language where it is shown:

    T("You can write again in {seconds} s.", seconds=5)
    words.say(text, "zh")

The catalogues are the .po files in bot/locale; a test keeps them complete.
"""

import gettext
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from typing_extensions import override

__all__ = [
    "LOCALE_FOLDER",
    "T",
    "Text",
    "Tn",
    "Words",
    "dump_text",
    "join_texts",
    "load_text",
    "wanted_languages",
]

LOCALE_FOLDER = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"
# The first of them that is set counts, as for other programs in a terminal.
LANGUAGE_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True, slots=True)
class Text:
    """A text for a person, not yet in a language. `str()` gives English."""

    template: str
    values: tuple[tuple[str, object], ...] = ()
    plural: str | None = None  # set where the value `n` decides between two forms

    @override
    def __str__(self) -> str:
        return self._fill(self._english(), str)

    def translate(self, catalogue: gettext.NullTranslations) -> str:
        """Return the text in the catalogue's language."""
        if not self.template:  # else gettext answers with the catalogue's header
            return ""
        if self.plural is None:
            template = catalogue.gettext(self.template)
        else:
            template = catalogue.ngettext(self.template, self.plural, self._n())
        return self._fill(template, lambda text: text.translate(catalogue))

    def _english(self) -> str:
        if self.plural is None or self._n() == 1:
            return self.template
        return self.plural

    def _n(self) -> int:
        return int(str(dict(self.values)["n"]))

    def _fill(self, template: str, nested: Callable[["Text"], str]) -> str:
        if not self.values:
            return template
        return template.format(
            **{
                name: nested(value) if isinstance(value, Text) else value
                for name, value in self.values
            }
        )


def T(template: str, /, **values: object) -> Text:
    """Mark an English text for the catalogues, with its values."""
    return Text(template, tuple(values.items()))


def Tn(singular: str, plural: str, /, n: int, **values: object) -> Text:
    """Mark a text whose form depends on the number `n`."""
    return Text(singular, (("n", n), *values.items()), plural)


def join_texts(texts: Iterable[Text]) -> Text | None:
    """Return one text that says them all, each once; None where there is none."""
    joined: Text | None = None
    for text in dict.fromkeys(texts):
        if joined is None:
            joined = text
        else:
            joined = T("{first}; {rest}", first=joined, rest=text)
    return joined


def dump_text(text: Text) -> str:
    """Return a text as a line that `load_text` reads, to be said in any language."""
    return json.dumps(_jsonable(text), ensure_ascii=False)


def load_text(line: str) -> Text:
    """Return the text that `dump_text` wrote; any other line stands for itself."""
    try:
        found = json.loads(line)
    except ValueError:
        return Text(line)
    text = _from_jsonable(found)
    return text if isinstance(text, Text) else Text(line)


class Words:
    """The catalogues of all languages."""

    def __init__(self, catalogues: Mapping[str, gettext.NullTranslations]) -> None:
        self._catalogues = dict(catalogues)

    @classmethod
    def load(cls, folder: Path = LOCALE_FOLDER) -> "Words":
        """Read every `LANGUAGE.po` in the folder."""
        return cls({path.stem: _read(path) for path in sorted(folder.glob("*.po"))})

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a catalogue, sorted."""
        return tuple(sorted(self._catalogues))

    def nearest(self, *wanted: str | None) -> str:
        """Return the first wanted language there is a catalogue for, else English.

        A tag like "zh-CN" or "zh_Hans" finds "zh". English needs no catalogue.
        """
        for tag in wanted:
            base = (tag or "").replace("_", "-").split("-")[0].lower()
            if base in self._catalogues or base == SOURCE_LANGUAGE:
                return base
        return SOURCE_LANGUAGE

    def say(self, text: Text, *languages: str | None) -> str:
        """Return the text in the first of the languages that there is."""
        catalogue = self._catalogues.get(self.nearest(*languages))
        return str(text) if catalogue is None else text.translate(catalogue)


def _jsonable(value: object) -> object:
    if isinstance(value, Text):
        values = {name: _jsonable(value) for name, value in value.values}
        plural = {} if value.plural is None else {"plural": value.plural}
        return {"text": value.template, **plural, "values": values}
    return value if isinstance(value, str | int | float) else str(value)


def _from_jsonable(value: object) -> object:
    match value:
        case {"text": str(template), "values": dict(values), **rest}:
            plural = rest.get("plural")
            loaded = ((str(name), _from_jsonable(one)) for name, one in values.items())
            return Text(
                template, tuple(loaded), None if plural is None else str(plural)
            )
    return value


def wanted_languages(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the languages that the environment asks for, the dearest first."""
    for name in LANGUAGE_VARIABLES:
        if value := environ.get(name):
            return tuple(re.split(r"[.@]", tag)[0] for tag in value.split(":"))
    return ()


def _read(path: Path) -> gettext.GNUTranslations:
    return _compiled(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _compiled(path: Path, changed_ns: int) -> gettext.GNUTranslations:
    """Return a catalogue, read once unless it has changed: that takes 0.1 s."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
