"""Which font draws which part of a text, so that no reader ever sees an empty box.

A letter that no font has makes the whole
text unwritable; a sign or an emoji that no font has is left out.
"""

import struct
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import regex
from fontTools.ttLib import TTFont, TTLibError
from fontTools.unicodedata import script
from PIL import ImageFont

from bot.lettering.font_files import (
    EMOJI_FONTS,
    LAST_FONTS,
    SMALL_FONT,
    SYSTEM_FOLDERS,
    TITLE_FONT,
    Face,
    FontFiles,
)

__all__ = ["Fonts", "Letter", "cleaned_title", "clusters_of"]

JAPANESE = ("Hira", "Kana", "Hrkt")
COMMON = ("Zyyy", "Zinh", "Zzzz")
EMOJI = regex.compile(
    r"\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Regional_Indicator}|\p{Emoji}\u20E3"
)
UNSEEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\s]+")
# Controls, embeddings, surrogates; not the joiners that shaping and emoji need.
UNWANTED = regex.compile(
    r"[[\p{Cc}\p{Cf}\p{Cs}]--[\u200c\u200d\U000E0020-\U000E007F]]+", regex.VERSION1
)
# What fontTools raises for files that are not fonts or are damaged.
BROKEN = (OSError, TTLibError, struct.error, ValueError, LookupError, AssertionError)
KEPT_FONTS = 40


def cleaned_title(text: str) -> str:
    """Return a text on one line, without anything that cannot be seen."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return " ".join(UNWANTED.sub("", text).split())


def clusters_of(text: str) -> list[str]:
    """Cut a text into what people see as one character each."""
    return regex.findall(r"\X", text)


@dataclass(frozen=True, slots=True)
class Letter:
    """What people see as one character, and the font that draws it."""

    text: str
    face: Face


@dataclass(slots=True)
class _Loaded:
    fonts: dict[tuple[Face, int], ImageFont.FreeTypeFont] = field(default_factory=dict)
    coverage: dict[Face, frozenset[int]] = field(default_factory=dict)


class Fonts:
    """The fonts of this machine. For one thread at a time: fonts keep their state."""

    def __init__(self, *, system_folders: Sequence[Path] = SYSTEM_FOLDERS) -> None:
        self._files = FontFiles(system_folders)
        self._loaded = _Loaded()

    def at(self, face: Face, size_px: int) -> ImageFont.FreeTypeFont:
        """Open a font at a size (a font of bitmaps at the only one it has)."""
        key = (face, face.strike_px or size_px)
        fonts = self._loaded.fonts
        if key not in fonts:
            while len(fonts) >= KEPT_FONTS:
                del fonts[next(iter(fonts))]
            fonts[key] = ImageFont.truetype(face.path, key[1], index=face.index)
        return fonts[key]

    def letters(
        self, text: str, *, is_small: bool = False
    ) -> tuple[Letter, ...] | None:
        """Find a font for each character of a cleaned text.

        Args:
            is_small: in the font for small words rather than that of titles.

        Returns:
            Without the signs that no font has; None where no font has one of its
            letters.
        """
        own = self._files.face(SMALL_FONT if is_small else TITLE_FONT, "Latn")
        clusters = clusters_of(text)
        scripts = _scripts_of(clusters)
        favourites = {
            name: self._favourite(
                name, [c for c, s in zip(clusters, scripts, strict=True) if s == name]
            )
            for name in set(scripts)
        }
        letters: list[Letter] = []
        for cluster, name in zip(clusters, scripts, strict=True):
            face = self._face_for(cluster, favourites[name], own)
            if face is None and unicodedata.category(cluster[0])[0] in "LMN":
                return None
            is_second_space = cluster == " " and (
                not letters or letters[-1].text == " "
            )
            if face is not None and not is_second_space:
                letters.append(Letter(cluster, face))
        while letters and letters[-1].text == " ":
            letters.pop()
        return tuple(letters)

    def _favourite(self, name: str, group: Iterable[str]) -> Face | None:
        """Return the font of a script that has all, else most, of what is needed."""
        if name == "Latn":
            return None
        points = {point for cluster in group for point in _points(cluster)}
        best, most = None, 0
        for face in self._files.for_script(name):
            found = len(points & self._coverage(face))
            if found > most:
                best, most = face, found
            if most == len(points):
                break
        return best

    def _face_for(
        self, cluster: str, favourite: Face | None, own: Face | None
    ) -> Face | None:
        if EMOJI.match(cluster):
            return self._first_of(EMOJI_FONTS, "Emoji", cluster)
        for face in (favourite, own):
            if face is not None and self._has(face, cluster):
                return face
        return self._first_of(LAST_FONTS, "Latn", cluster) or self._first_of(
            EMOJI_FONTS, "Emoji", cluster
        )

    def _first_of(self, names: Iterable[str], code: str, cluster: str) -> Face | None:
        faces = (self._files.face(name, code) for name in names)
        return next((f for f in faces if f and self._has(f, cluster)), None)

    def _has(self, face: Face, cluster: str) -> bool:
        return _points(cluster) <= self._coverage(face)

    def _coverage(self, face: Face) -> frozenset[int]:
        coverage = self._loaded.coverage
        if face not in coverage:
            coverage[face] = _read_coverage(face)
        return coverage[face]


def _points(cluster: str) -> frozenset[int]:
    return frozenset(map(ord, UNSEEN.sub("", cluster)))


def _read_coverage(face: Face) -> frozenset[int]:
    """Return what a font says it has letters for; nothing where it is not a font."""
    try:
        with (
            face.path.open("rb") as file,
            TTFont(file, fontNumber=face.index, lazy=True) as font,
        ):
            return frozenset(font.getBestCmap() or ())
    except BROKEN:
        return frozenset()


def _scripts_of(clusters: Sequence[str]) -> list[str]:
    """Return the script of each; signs and spaces belong to the words before them."""
    scripts = [_script(cluster) for cluster in clusters]
    if "Jpan" in scripts:
        scripts = ["Jpan" if name == "Hani" else name for name in scripts]
    elif "Hang" in scripts:
        scripts = ["Hang" if name == "Hani" else name for name in scripts]
    first = next((name for name in scripts if name not in COMMON), "Latn")
    for index, name in enumerate(scripts):
        if name in COMMON:
            scripts[index] = first
        first = scripts[index]
    return scripts


def _script(cluster: str) -> str:
    if cluster[0].isascii() and cluster[0].isalnum():
        return "Latn"
    name = script(cluster[0])
    if name in JAPANESE:
        return "Jpan"
    return "Hani" if name == "Bopo" else name
