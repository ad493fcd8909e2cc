"""Where fonts lie: those that come with the package, then those of the system.

Fonts for the scripts in SCRIPT_FONTS come with the package (faces/README.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fontTools.unicodedata import script_name

__all__ = [
    "EMOJI_FONTS",
    "LAST_FONTS",
    "SMALL_FONT",
    "SYSTEM_FOLDERS",
    "TITLE_FONT",
    "Face",
    "FontFiles",
]

OWN_FOLDER = Path(__file__).parent / "faces"
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


class FontFiles:
    """Finds fonts by the names of their files; looks through folders once."""

    def __init__(self, system_folders: Sequence[Path]) -> None:
        self._folders = (OWN_FOLDER, *system_folders)
        self._files: dict[str, Path] | None = None

    def for_script(self, name: str) -> list[Face]:
        """Return the fonts of a script that are there, best first."""
        long_name = script_name(name, default="").replace("_", "")
        names = (
            *SCRIPT_FONTS.get(name, ()),
            f"NotoSerif{long_name}-Bold.ttf",
            f"NotoSans{long_name}-Bold.ttf",
            f"NotoSerif{long_name}-Regular.ttf",
            f"NotoSans{long_name}-Regular.ttf",
        )
        faces = (self.face(file, name) for file in names)
        return [face for face in faces if face is not None]

    def face(self, name: str, script_code: str) -> Face | None:
        """Return the font of a file that is to draw a script; None: it is not there."""
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
