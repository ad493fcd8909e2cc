"""Setting a text in a box: as large as it fits, in even lines, whole words.

Everything is measured at one size and scaled to others.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.lettering.bidi import is_right_to_left
from bot.lettering.breaks import Measure, break_lines, chunks_of, count_lines
from bot.lettering.fonts import Fonts, Letter
from bot.lettering.type import Align, Box, Line, Pen, Style, TypeSetting, pieces_of

__all__ = ["TypeSetter"]

MEASURE_PX = 100.0
STEP_PX = 2
MOST_LETTERS = 180
"""A longer title is cut at a word."""
ELLIPSIS = "…"
SMALLER = 0.78
"""How much smaller, at the least, a title may be set to be broken better."""
SMALLER_COST = 1.6
BROKEN_WORD = 2.0
WHOLE_WORD_SHARE = 3
"""Words are cut only where they would have to be this many times smaller."""

Group = Sequence[Letter]


class TypeSetter:
    """Sets texts with the fonts of this machine."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts
        self._pen = Pen(fonts)

    def set(self, letters: Group, box: Box, style: Style) -> TypeSetting:
        """Set a text in a box, as large as the style allows.

        A text that is too long even at the smallest size ends with an ellipsis.
        """
        limit, is_cut = MOST_LETTERS, len(letters) > MOST_LETTERS
        while True:
            shown = self._shortened(letters, limit) if is_cut else letters
            found = self._lines(shown, box, style)
            if found is not None or limit <= 1:
                break
            limit, is_cut = min(limit, len(letters)) * 9 // 10, True
        size_px, lines = found or (style.smallest_px, [list(shown)])
        base = int(is_right_to_left("".join(letter.text for letter in letters)))
        return self._placed(lines, base, size_px, box, style, is_cut=is_cut)

    def _shortened(self, letters: Group, limit: int) -> Group:
        kept = list(letters[:limit])
        groups, _ = _grouped(letters)
        whole = 0
        for group in groups:
            if whole + len(group) > limit:
                break
            whole += len(group)
        if whole > limit // 2:  # else one word is longer than that
            kept = kept[:whole]
        while kept and not kept[-1].text[0].isalnum():
            kept.pop()
        end = self._fonts.letters(ELLIPSIS) or ()
        return (*kept, *end)

    def _lines(
        self, letters: Group, box: Box, style: Style
    ) -> tuple[int, list[list[Letter]]] | None:
        groups, costs = _grouped(letters)
        base = int(is_right_to_left("".join(letter.text for letter in letters)))
        least_px = max(style.smallest_px, style.largest_px // WHOLE_WORD_SHARE)
        for smallest_px in (least_px, style.smallest_px):
            measures = self._measured(groups, costs, base, style)
            height = self._heights(letters, base)
            best = _best(measures, height, box, replace(style, smallest_px=smallest_px))
            if best is not None:
                size_px, ends = best
                starts = (0, *ends[:-1])
                return size_px, [
                    [letter for group in groups[start:end] for letter in group]
                    for start, end in zip(starts, ends, strict=True)
                ]
            room = box.width / least_px * MEASURE_PX
            groups, costs = _cut_up(groups, measures, room)
        return None

    def _measured(
        self, groups: Sequence[Group], costs: Sequence[float], base: int, style: Style
    ) -> list[Measure]:
        return [
            Measure(
                ink=self._width(_trimmed(group), base, style),
                advance=self._width(group, base, style),
                cost=cost,
            )
            for group, cost in zip(groups, costs, strict=True)
        ]

    def _width(self, letters: Group, base: int, style: Style) -> float:
        pieces = pieces_of(letters, base=base, is_spaced=style.tracking > 0)
        spaces = style.tracking * MEASURE_PX * len(pieces)
        return spaces + sum(self._pen.advance(piece, MEASURE_PX) for piece in pieces)

    def _heights(self, letters: Group, base: int) -> tuple[float, float, float]:
        """Return what is above and below a line, and leading, as shares of the size."""
        inks = [
            self._pen.ink(piece, MEASURE_PX) for piece in pieces_of(letters, base=base)
        ]
        return (
            max((-ink[1] for ink in inks), default=0.0) / MEASURE_PX,
            max((ink[3] for ink in inks), default=0.0) / MEASURE_PX,
            _leading(letters),
        )

    def _placed(
        self,
        lines: list[list[Letter]],
        base: int,
        size_px: int,
        box: Box,
        style: Style,
        *,
        is_cut: bool,
    ) -> TypeSetting:
        leading = _leading([letter for line in lines for letter in line]) * size_px
        set_lines = [
            self._line(_trimmed(line), base, size_px, index * leading, box, style)
            for index, line in enumerate(lines)
        ]
        ink = TypeSetting(tuple(set_lines), size_px, bool(base), is_cut).ink
        if (ink.width > box.width or ink.height > box.height) and size_px > 1:
            return self._placed(lines, base, size_px - 1, box, style, is_cut=is_cut)
        down = box.top - ink.top + round((box.height - ink.height) * style.rise)
        moved = tuple(
            Line(
                line.text,
                line.pieces,
                line.baseline + down,
                replace(
                    line.ink, top=line.ink.top + down, bottom=line.ink.bottom + down
                ),
            )
            for line in set_lines
        )
        return TypeSetting(moved, size_px, bool(base), is_cut)

    def _line(
        self,
        letters: Group,
        base: int,
        size_px: int,
        baseline: float,
        box: Box,
        style: Style,
    ) -> Line:
        pieces, place = [], 0.0
        sides: list[tuple[float, float, float, float]] = []
        for piece in pieces_of(letters, base=base, is_spaced=style.tracking > 0):
            left, top, right, bottom = self._pen.ink(piece, size_px)
            if right > left:
                sides.append((place + left, top, place + right, bottom))
            pieces.append((piece, place))
            place += self._pen.advance(piece, size_px) + style.tracking * size_px
        sides = sides or [(0.0, 0.0, 0.0, 0.0)]
        left, right = min(side[0] for side in sides), max(side[2] for side in sides)
        if style.align is Align.CENTRE:
            start = (box.left + box.right - right - left) / 2
        elif style.align is Align.RIGHT:
            start = box.right - right
        else:
            start = box.left - left
        return Line(
            text="".join(letter.text for letter in letters),
            pieces=tuple((piece, start + place) for piece, place in pieces),
            baseline=baseline,
            ink=Box(
                round(start + left),
                round(baseline + min(side[1] for side in sides)),
                round(start + right),
                round(baseline + max(side[3] for side in sides)),
            ),
        )


def _leading(letters: Group) -> float:
    return max((x.face.leading for x in letters if not x.face.is_emoji), default=1.2)


def _trimmed(letters: Group) -> Group:
    end = len(letters)
    while end and letters[end - 1].text.isspace():
        end -= 1
    return letters[:end]


def _grouped(letters: Group) -> tuple[list[Group], list[float]]:
    """Cut a text wherever a line may end; return each part with what that costs."""
    groups: list[Group] = []
    costs: list[float] = []
    place = 0
    for chunk in chunks_of("".join(letter.text for letter in letters)):
        start, length = place, 0
        while place < len(letters) and length < len(chunk.text):
            length += len(letters[place].text)
            place += 1
        if place > start:
            groups.append(letters[start:place])
            costs.append(chunk.cost)
    return groups, costs


def _cut_up(
    groups: Sequence[Group], measures: Sequence[Measure], room: float
) -> tuple[list[Group], list[float]]:
    """Let lines end inside the words that are wider than a line."""
    parts: list[Group] = []
    costs: list[float] = []
    for group, measure in zip(groups, measures, strict=True):
        if measure.ink <= room:
            parts.append(group)
            costs.append(measure.cost)
            continue
        parts.extend([letter] for letter in group)
        costs.extend([BROKEN_WORD] * (len(group) - 1) + [measure.cost])
    return parts, costs


def _best(
    measures: Sequence[Measure],
    heights: tuple[float, float, float],
    box: Box,
    style: Style,
) -> tuple[int, tuple[int, ...]] | None:
    """Return the size and the lines' ends that look best; None where nothing fits."""
    above, below, leading = heights
    largest: int | None = None
    best: tuple[float, int, tuple[int, ...]] | None = None
    for size_px in range(style.largest_px, style.smallest_px - 1, -STEP_PX):
        if largest is not None and size_px < largest * SMALLER:
            break
        room = box.width / size_px * MEASURE_PX
        num_lines = count_lines(measures, room)
        if num_lines is None or num_lines > style.max_lines:
            continue
        if (above + below + leading * (num_lines - 1)) * size_px > box.height:
            continue
        largest = largest or size_px
        broken = break_lines(measures, max_width=room, num_lines=num_lines)
        if broken is None:
            continue
        cost, ends = broken
        cost = cost + SMALLER_COST * (1 - size_px / largest)
        if best is None or cost < best[0]:
            best = (cost, size_px, ends)
    return None if best is None else best[1:]
