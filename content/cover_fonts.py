"""Which font draws which part of a text, so that no reader ever sees an empty box.

Fonts for the scripts in SCRIPT_FONTS come with the package (content/fonts); what they
lack is looked for among the system's fonts. A letter that no font has makes the whole
text unwritable; a sign or an emoji that no font has is left out.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import regex
from fontTools.ttLib import TTFont, TTLibError
from fontTools.unicodedata import script, script_name
from PIL import ImageFont

__all__ = ["SYSTEM_FOLDERS", "Face", "Fonts", "Letter", "cleaned_title", "clusters_of"]

OWN_FOLDER = Path(__file__).parent / "fonts"
SYSTEM_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path("/System/Library/Fonts"),
    Path("/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
TITLE_FONT, SMALL_FONT = "LiterataDisplay-Bold.woff2", "Inter-SemiBold.woff2"
# Per script, best first; after "#" the number of the face in a collection.
SCRIPT_FONTS: Mapping[str, tuple[str, ...]] = {
    "Arab": ("NotoNaskhArabic-Bold.woff2",),
    "Armn": ("NotoSerifArmenian-Bold.woff2",),
    "Beng": ("NotoSerifBengali-Bold.woff2", "NirmalaB.ttf"),
    "Deva": ("NotoSerifDevanagari-Bold.woff2", "NirmalaB.ttf"),
    "Ethi": ("NotoSerifEthiopic-Bold.woff2",),
    "Geor": ("NotoSerifGeorgian-Bold.woff2",),
    "Hang": ("NotoSerifKR-Bold.otf", "NotoSerifCJK-Bold.ttc#1", "malgunbd.ttf"),
    "Hani": (
        "NotoSerifSC-Bold.otf",
        "NotoSerifCJK-Bold.ttc#2",
        "NotoSansCJK-Bold.ttc#2",
        "PingFang.ttc",
        "msyhbd.ttc",
        "NotoSerifCJK-Bold.ttc#3",
        "wqy-zenhei.ttc",
    ),
    "Hebr": ("NotoSerifHebrew-Bold.woff2",),
    "Jpan": (
        "NotoSerifJP-Bold.otf",
        "NotoSerifCJK-Bold.ttc#0",
        "NotoSansCJK-Bold.ttc#0",
        "YuGothB.ttc",
    ),
    "Taml": ("NotoSerifTamil-Bold.woff2", "NirmalaB.ttf"),
    "Thai": ("NotoSerifThai-Bold.woff2", "LeelaUIb.ttf"),
}
EMOJI_FONTS = ("NotoColorEmoji.ttf", "Apple Color Emoji.ttc", "seguiemj.ttf")
LAST_FONTS = (
    "NotoSansSymbols2-Regular.ttf",
    "NotoSansMath-Regular.ttf",
    "DejaVuSans-Bold.ttf",
    "Arial Unicode.ttf",
)
# The one size at which a font of bitmaps can be opened.
STRIKES_PX: Mapping[str, int] = {
    "NotoColorEmoji.ttf": 109,
    "Apple Color Emoji.ttc": 160,
}
# How far lines stand apart, as a share of the size.
LEADINGS: Mapping[str, float] = {
    "Latn": 1.14,
    "Arab": 1.32,
    "Deva": 1.3,
    "Hani": 1.28,
    "Hang": 1.28,
    "Hebr": 1.22,
    "Jpan": 1.3,
    "Thai": 1.38,
}
TALL_LEADING = 1.4
SCALES: Mapping[str, float] = {"Hani": 0.93, "Jpan": 0.93, "Hang": 0.95, "Arab": 1.12}
JAPANESE = ("Hira", "Kana", "Hrkt")
COMMON = ("Zyyy", "Zinh", "Zzzz")
EMOJI = regex.compile(
    r"\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Regional_Indicator}|\p{Emoji}\u20E3"
)
UNSEEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\s]+")
# Controls, embeddings, surrogates; not the joiners that shaping and emoji need.
UNWANTED = regex.compile(
    r"(?![\u200c\u200d\U000E0020-\U000E007F])[\p{Cc}\p{Cf}\p{Cs}]+"
)
KEPT_FONTS = 40


def cleaned_title(text: str) -> str:
    """Return a text on one line, without anything that cannot be seen."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return " ".join(UNWANTED.sub("", text).split())


def clusters_of(text: str) -> list[str]:
    """Cut a text into what people see as one character each."""
    return regex.findall(r"\X", text)


@dataclass(frozen=True, slots=True)
class Face:
    """One font file and how its letters stand beside those of others.

    Attributes:
        index: which of the fonts in a collection.
        scale: its size beside Latin letters of size 1.
        leading: how far lines stand apart, as a share of the size.
        strike_px: the only size that it has; None: any.
    """

    path: Path
    index: int = 0
    scale: float = 1.0
    leading: float = 1.14
    strike_px: int | None = None
    is_emoji: bool = False

    @property
    def is_small(self) -> bool:
        """It is the font for small words."""
        return self.path.name == SMALL_FONT


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
        self._folders = (OWN_FOLDER, *system_folders)
        self._files: dict[str, Path] | None = None
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
            Without the signs that no font has; None where no font has one of its letters.
        """
        own = self._face(SMALL_FONT if is_small else TITLE_FONT, "Latn")
        clusters = clusters_of(text)
        scripts = _scripts_of(clusters)
        favourites = {
            name: self._favourite(
                name, [c for c, s in zip(clusters, scripts, strict=True) if s == name]
            )
            for name in set(scripts)
        }
        letters = []
        for cluster, name in zip(clusters, scripts, strict=True):
            face = self._face_for(cluster, favourites[name], own)
            if face is not None:
                letters.append(Letter(cluster, face))
            elif unicodedata.category(cluster[0])[0] in "LMNC":
                return None
        return tuple(letters)

    def _favourite(self, name: str, group: Iterable[str]) -> Face | None:
        """Return the first font of a script that has all that is needed of it, else most."""
        if name == "Latn":
            return None
        points = {point for cluster in group for point in _points(cluster)}
        best, most = None, 0
        for face in self._faces(name):
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
        faces = (self._face(name, code) for name in names)
        return next((f for f in faces if f and self._has(f, cluster)), None)

    def _has(self, face: Face, cluster: str) -> bool:
        return _points(cluster) <= self._coverage(face)

    def _coverage(self, face: Face) -> frozenset[int]:
        coverage = self._loaded.coverage
        if face not in coverage:
            coverage[face] = _read_coverage(face)
        return coverage[face]

    def _faces(self, name: str) -> list[Face]:
        long_name = script_name(name, default="").replace("_", "")
        names = (
            *SCRIPT_FONTS.get(name, ()),
            f"NotoSerif{long_name}-Bold.ttf",
            f"NotoSans{long_name}-Bold.ttf",
            f"NotoSerif{long_name}-Regular.ttf",
            f"NotoSans{long_name}-Regular.ttf",
        )
        faces = (self._face(file, name) for file in names)
        return [face for face in faces if face is not None]

    def _face(self, name: str, script_code: str) -> Face | None:
        file, _, index = name.partition("#")
        path = self._find(file)
        if path is None:
            return None
        return Face(
            path=path,
            index=int(index or 0),
            scale=SCALES.get(script_code, 1.0),
            leading=LEADINGS.get(script_code, TALL_LEADING),
            strike_px=STRIKES_PX.get(file),
            is_emoji=script_code == "Emoji",
        )

    def _find(self, name: str) -> Path | None:
        if self._files is None:
            self._files = {}
            for folder in self._folders:
                for path in sorted(folder.rglob("*.*")):
                    self._files.setdefault(path.name, path)
        return self._files.get(name)


def _points(cluster: str) -> frozenset[int]:
    return frozenset(map(ord, UNSEEN.sub("", cluster)))


def _read_coverage(face: Face) -> frozenset[int]:
    """Return what a font says it has letters for; nothing where it is not a font."""
    try:
        with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (OSError, TTLibError):
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
