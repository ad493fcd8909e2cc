"""The words of a cover: the kind's label, the title, a thin rule and the name."""

from dataclasses import replace
from enum import Enum, auto

from PIL import Image, ImageDraw

from bot.lettering.bidi import is_right_to_left
from bot.lettering.colour import RGB
from bot.lettering.fonts import Fonts, Letter
from bot.lettering.setting import TypeSetter
from bot.lettering.type import Align, Box, Pen, Style, TypeSetting
from content.cover_colours import Scheme
from content.cover_compositions import Frame
from content.cover_contrast import readable_ink

__all__ = ["Lettering", "Role"]

BAR_PX = (46, 5)
UNDER_BAR_PX = 22
RULE_PX = 2
RULE_STRENGTH = 0.32
OVER_NAME_PX = 22
SMALLEST_TITLE_PX = 32
SHORT_TITLE, LONG_TITLE = 12, 70
"""Up to so many letters a title is set larger; from so many on, in more lines."""
OTHER_SCRIPTS = 1.3
ROUNDS = 4


class Role(Enum):
    """What a text on a cover is."""

    LABEL = auto()
    """The kind of post, small, at the top."""
    TITLE = auto()
    """The title, as large as it fits."""
    NAME = auto()
    """The community's name, at the foot."""


class Lettering:
    """Writes the words of one cover onto its background."""

    def __init__(self, fonts: Fonts, scheme: Scheme, frame: Frame) -> None:
        self._fonts = fonts
        self._setter = TypeSetter(fonts)
        self._pen = Pen(fonts)
        self._scheme = scheme
        self._frame = frame
        self._align = Align.CENTRE if frame.is_centred else Align.LEFT

    def on(
        self, picture: Image.Image, *, title: str, label: str, name: str
    ) -> Image.Image:
        """Return the picture with the words on it.

        The name stands for a title that cannot be written; else it is left out.
        """
        picture, words = self.readable(picture, title=title, label=label, name=name)
        for role, setting, ink in words:
            if role is Role.LABEL:
                self._bar(picture, ink)
            if role is Role.NAME and self._frame.has_rule:
                self._rule(picture, setting.ink.top - OVER_NAME_PX, ink)
            self._pen.draw(picture, setting, ink)
        return picture

    def readable(
        self, picture: Image.Image, *, title: str, label: str, name: str
    ) -> tuple[Image.Image, list[tuple[Role, TypeSetting, RGB]]]:
        """Set the words and return what they are to be drawn on and with which ink.

        A veil for one text may reach behind another, so that all are looked at again.
        """
        settings = self._settings(picture.size, title=title, label=label, name=name)
        scheme = self._scheme
        picture = picture.copy()
        words: list[tuple[Role, TypeSetting, RGB]] = []
        for _ in range(ROUNDS):
            before = picture
            words = []
            for role, setting in settings.items():
                first = scheme.accent if role is Role.LABEL else scheme.ink
                picture, ink = readable_ink(
                    picture,
                    [line.ink for line in setting.lines],
                    (first, scheme.ink, scheme.other_ink),
                    ground=scheme.ground,
                )
                words.append((role, setting, ink))
            if picture is before:
                break
        return picture, words

    def _settings(
        self, size: tuple[int, int], *, title: str, label: str, name: str
    ) -> dict[Role, TypeSetting]:
        heading = self._fonts.letters(title)
        if not heading:
            title, heading, name = name, self._fonts.letters(name), ""
        if is_right_to_left(title) and self._align is Align.LEFT:
            self._align = Align.RIGHT
        unit = 23 if size[0] > size[1] else 28
        box = self._frame.box
        top, bottom = box.top, box.bottom
        settings: dict[Role, TypeSetting] = {}
        small = self._fonts.letters(label.upper(), is_small=True)
        if small:
            place = replace(box, top=top + UNDER_BAR_PX, bottom=top + 3 * unit)
            settings[Role.LABEL] = self._small(small, place, unit, is_spaced=True)
            top = settings[Role.LABEL].ink.bottom + round(unit * 1.6)
        foot = self._fonts.letters(name, is_small=True)
        if foot:
            place = replace(box, top=bottom - round(unit * 1.9))
            settings[Role.NAME] = self._small(foot, place, unit + 4, is_spaced=False)
            bottom = settings[Role.NAME].ink.top - OVER_NAME_PX - RULE_PX
        if heading:
            place = replace(box, top=top, bottom=bottom - self._frame.gap_px)
            settings[Role.TITLE] = self._title(heading, place)
        return settings

    def _small(
        self, letters: tuple[Letter, ...], box: Box, px: int, *, is_spaced: bool
    ) -> TypeSetting:
        is_plain = all(letter.face.is_small for letter in letters)
        if not is_plain:  # what is not capitals needs more room
            px = round(px * OTHER_SCRIPTS)
        style = Style(
            largest_px=px,
            smallest_px=px * 3 // 4,
            align=self._align,
            rise=0.0 if is_spaced else 1.0,
            tracking=0.13 if is_spaced and is_plain else 0.0,
        )
        return self._setter.set(letters, box, style)

    def _title(self, letters: tuple[Letter, ...], box: Box) -> TypeSetting:
        may_be_tall = box.height > box.width * 0.6 or len(letters) > LONG_TITLE
        larger = 1.3 if len(letters) < SHORT_TITLE else 1.0
        style = Style(
            largest_px=round(min(132, box.width // 7) * larger),
            smallest_px=SMALLEST_TITLE_PX,
            max_lines=6 if may_be_tall else 4,
            align=self._align,
            rise=self._frame.rise,
        )
        return self._setter.set(letters, box, style)

    def _bar(self, picture: Image.Image, ink: RGB) -> None:
        """Draw the short bar over the label."""
        box, (width, height) = self._frame.box, BAR_PX
        left = {
            Align.LEFT: box.left,
            Align.RIGHT: box.right - width,
            Align.CENTRE: (box.left + box.right - width) // 2,
        }[self._align]
        bar = (left, box.top, left + width - 1, box.top + height - 1)
        ImageDraw.Draw(picture).rectangle(bar, fill=ink)

    def _rule(self, picture: Image.Image, bottom: int, ink: RGB) -> None:
        """Draw the thin rule over the name, as a shade of what is behind it."""
        box = self._frame.box
        left, right = box.left, box.right
        if self._align is Align.CENTRE:
            left, right = left + box.width * 3 // 8, right - box.width * 3 // 8
        mask = Image.new("L", (right - left, RULE_PX), round(255 * RULE_STRENGTH))
        picture.paste(ink, (left, bottom - RULE_PX), mask)
