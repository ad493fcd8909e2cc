"""Where a title's lines end: at words, evenly, and with nothing left alone at the end.

Breaks are those that Unicode allows (UAX 14). Japanese, Chinese and Thai, which have no
spaces, are cut into phrases by BudouX; Korean is kept whole between its spaces.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import budoux
import regex
from uniseg.linebreak import line_break_units

__all__ = ["Chunk", "Measure", "break_lines", "chunks_of", "count_lines"]

INSIDE_PHRASE = 0.35
"""What it costs to end a line inside a phrase; a line half empty costs 0.25."""
BETWEEN_PHRASES = 0.08
AFTER_SHORT_WORD = 0.05
LONELY = 0.6
LONELY_SHARE = 0.34
JAPANESE = regex.compile(r"[\p{Hiragana}\p{Katakana}]")
HAN = regex.compile(r"\p{Han}")
THAI = regex.compile(r"\p{Thai}")
PARTICLES = tuple("的了着过吗呢吧们")
STOP = regex.compile(r"[\p{Po}\p{Pd}\p{Pe}\p{Pf}\s]$")
HANGUL_INSIDE = regex.compile(r"\p{Hangul}$")


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is never cut.

    Attributes:
        cost: what it costs to end a line after it, 0 where nothing speaks against it.
    """

    text: str
    cost: float


@dataclass(frozen=True, slots=True)
class Measure:
    """How wide a chunk is.

    Attributes:
        ink: without the space that it ends with, as at the end of a line.
        advance: with it.
    """

    ink: float
    advance: float
    cost: float


@cache
def _parser(name: str) -> budoux.Parser:
    return {
        "ja": budoux.load_default_japanese_parser,
        "th": budoux.load_default_thai_parser,
        "zh": budoux.load_default_simplified_chinese_parser,
    }[name]()


@lru_cache(maxsize=128)  # each size that is tried asks for them again
def chunks_of(text: str) -> tuple[Chunk, ...]:
    """Cut a title wherever a line may end. The chunks together are the title."""
    allowed = _ends(line_break_units(text))
    phrases: set[int] | None = None
    for name, pattern in (("ja", JAPANESE), ("th", THAI), ("zh", HAN)):
        if pattern.search(text):
            phrases = _phrase_ends(name, _parser(name).parse(text))
            break
    if phrases is not None and THAI.search(text):
        allowed |= {end for end in phrases if THAI.search(text[end - 1 : end])}
    pieces = [text[a:b] for a, b in pairwise(sorted({0, len(text)} | allowed))]
    chunks, place = [], 0
    for piece in pieces:
        place += len(piece)
        chunks.append(Chunk(piece, _cost(piece, place, phrases)))
    return tuple(chunks)


def _ends(pieces: Iterable[str]) -> set[int]:
    ends, place = set(), 0
    for piece in pieces:
        place += len(piece)
        ends.add(place)
    return ends


def _phrase_ends(name: str, phrases: Sequence[str]) -> set[int]:
    """Return where phrases end, without the ends that the parser only guessed.

    Of Chinese words that it does not know it makes single characters.
    """
    ends, place = set(), 0
    for phrase, following in zip(phrases, (*phrases[1:], ""), strict=True):
        place += len(phrase)
        is_guess = len(phrase) == 1 and len(following) == 1
        if name != "zh" or not (is_guess or following[:1] in PARTICLES):
            ends.add(place)
    return ends


def _cost(piece: str, place: int, phrases: set[int] | None) -> float:
    if piece[-1:].isspace():
        return AFTER_SHORT_WORD if len(piece.strip()) <= 2 else 0.0
    if HANGUL_INSIDE.search(piece):
        return INSIDE_PHRASE * 4
    if phrases is None or STOP.search(piece):
        return 0.0
    return BETWEEN_PHRASES if place in phrases else INSIDE_PHRASE


def count_lines(chunks: Sequence[Measure], max_width: float) -> int | None:
    """Return how many lines are needed at least; None: a chunk is wider than a line."""
    lines, used = 1, 0.0
    for chunk in chunks:
        if chunk.ink > max_width:
            return None
        if used + chunk.ink > max_width:
            lines, used = lines + 1, 0.0
        used += chunk.advance
    return lines


def break_lines(
    chunks: Sequence[Measure], *, max_width: float, num_lines: int
) -> tuple[float, tuple[int, ...]] | None:
    """Share chunks out among lines as evenly as can be.

    Returns:
        What it costs, and for each line the index after its last chunk; None where
        they do not fit.
    """
    even = sum(chunk.advance for chunk in chunks) / num_lines
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for number in range(1, num_lines + 1):
        reached: dict[int, tuple[float, int]] = {}
        for start, (cost, _) in best[-1].items():
            for end, width in _line_ends(chunks, start, max_width):
                if (end == len(chunks)) != (number == num_lines):
                    continue
                total = cost + _line_cost(chunks, start, end, width, even, num_lines)
                if end not in reached or total < reached[end][0]:
                    reached[end] = (total, start)
        best.append(reached)
    end = len(chunks)
    if end not in best[-1]:
        return None
    cost = best[-1][end][0]
    ends = []
    for reached in reversed(best[1:]):
        ends.append(end)
        end = reached[end][1]
    return cost, tuple(reversed(ends))


def _line_ends(
    chunks: Sequence[Measure], start: int, max_width: float
) -> Iterator[tuple[int, float]]:
    used = 0.0
    for index in range(start, len(chunks)):
        width = used + chunks[index].ink
        if width > max_width:
            return
        yield index + 1, width
        used += chunks[index].advance


def _line_cost(
    chunks: Sequence[Measure],
    start: int,
    end: int,
    width: float,
    even: float,
    num_lines: int,
) -> float:
    cost = (width / even - 1) ** 2
    if end < len(chunks):
        return cost + chunks[end - 1].cost
    is_alone = end - start == 1 and len(chunks) > num_lines
    return cost + (LONELY if is_alone or width < LONELY_SHARE * even else 0.0)
