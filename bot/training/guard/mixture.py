"""What one pass over the data holds: no corpus drowns another, ours come more often.

Rows are drawn anew for every pass, and some are joined with a harmless one or get a
slip of the pen, so that neither length nor neatness tells a category.
"""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.training.guard.rows import CATEGORIES, Row

__all__ = ["SHARES", "Share", "rows_of_pass"]


@dataclass(frozen=True, slots=True)
class Share:
    """How many rows of a corpus one pass takes.

    Attributes:
        harmful: at most so many rows with a category.
        harmless: at most so many without one.
        repeats: how often each row comes.
    """

    harmful: int
    harmless: int
    repeats: int = 1


SHARES: Mapping[str, Share] = {
    "own": Share(10_000, 10_000, repeats=4),
    "corrections": Share(10_000, 10_000, repeats=5),
    "openai-moderation": Share(10_000, 10_000, repeats=2),
    "davidson": Share(500, 900),
    "edos": Share(500, 600),
    "neuralchemy": Share(1_000, 1_000),
    "yanismiraoui": Share(500, 500),
}
EVERYTHING = Share(10_000, 10_000)

JOINED, SLIPPED = 0.15, 0.06  # shares of the rows
JOINTS = ("\n", " ", "\n\n", ". ", " ... ")
LONGEST_SLIP = 400  # characters of a text in which a slip is worth making


def rows_of_pass(rows: Sequence[Row], *, number: int, seed: int) -> list[Row]:
    """Return the rows of a pass in the order in which they are learnt."""
    chance = random.Random(f"{seed}:{number}")  # noqa: S311 (no secret)
    drawn = _drawn(rows, chance)
    chance.shuffle(drawn)
    harmless = _harmless(rows)
    return [_varied(row, harmless.get(row.language, ()), chance) for row in drawn]


def _drawn(rows: Sequence[Row], chance: random.Random) -> list[Row]:
    groups: dict[tuple[str, bool], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.corpus, any(v >= 0.5 for v in row.labels.values())].append(row)
    drawn: list[Row] = []
    for (corpus, is_harmful), group in groups.items():
        share = SHARES.get(corpus, EVERYTHING)
        most = share.harmful if is_harmful else share.harmless
        taken = group if len(group) <= most else chance.sample(group, most)
        drawn.extend(row for row in taken for _ in range(share.repeats))
    return drawn


def _harmless(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return by language what is known to be harmless in every way."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if len(row.labels) == len(CATEGORIES) and not any(row.labels.values()):
            found[row.language].append(row)
    return found


def _varied(row: Row, harmless: Sequence[Row], chance: random.Random) -> Row:
    draw = chance.random()
    if draw < JOINED and harmless:
        parts = [row.text, chance.choice(harmless).text]
        chance.shuffle(parts)
        return replace(row, text=chance.choice(JOINTS).join(parts))
    if draw < JOINED + SLIPPED and 1 < len(row.text) < LONGEST_SLIP:
        return replace(row, text=_slip(row.text, chance))
    return row


def _slip(text: str, chance: random.Random) -> str:
    """Swap two neighbours or leave one character out."""
    at = chance.randrange(len(text) - 1)
    two = text[at : at + 2]
    return text[:at] + (two[::-1] if chance.random() < 0.5 else two[1]) + text[at + 2 :]
