"""The order in which a line's letters are seen, where scripts of both directions meet.

The implicit part of Unicode's bidirectional algorithm (UAX 9), on whole characters as
people see them. Embedding controls are not known: titles are cleaned of them before.
"""

import unicodedata
from collections.abc import Sequence

__all__ = ["is_right_to_left", "levels_of", "visual_order"]

NUMBERS = ("EN", "AN")


def is_right_to_left(text: str) -> bool:
    """Say whether a text begins (with its first letter) from the right."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def levels_of(clusters: Sequence[str], *, base: int) -> list[int]:
    """Return each cluster's level: even reads from the left, odd from the right.

    Args:
        clusters: characters as people see them, marks with their letter.
        base: 1 where the paragraph begins from the right, else 0.
    """
    kinds = _strong_and_numbers(clusters, base=base)
    around = "R" if base else "L"
    levels = [base] * len(kinds)
    last = around
    for index, kind in enumerate(kinds):
        if kind == "N":
            following = next((k for k in kinds[index + 1 :] if k != "N"), around)
            before, after = (_side(k) for k in (last, following))
            kind = before if before == after else around
        else:
            last = kind
        levels[index] = _level(kind, base)
    for index in range(len(clusters) - 1, -1, -1):  # the space that ends a line
        if not clusters[index].isspace():
            break
        levels[index] = base
    return levels


def _side(kind: str) -> str:
    return "R" if kind in ("R", *NUMBERS) else "L"


def _level(kind: str, base: int) -> int:
    if kind == "R":
        return 1
    if kind in NUMBERS:
        return 2
    return 2 if base else 0


def _strong_and_numbers(clusters: Sequence[str], *, base: int) -> list[str]:
    """Reduce every cluster to L, R, EN, AN or N (neutral)."""
    kinds = [unicodedata.bidirectional(cluster[0]) or "L" for cluster in clusters]
    strong = "R" if base else "L"
    for index, kind in enumerate(kinds):
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            kinds[index] = "AN"
    for index in range(1, len(kinds) - 1):  # 3.14 and 1/2 are one number
        before, after = kinds[index - 1], kinds[index + 1]
        is_point = kinds[index] == "CS" or (kinds[index] == "ES" and before == "EN")
        if is_point and before == after and before in NUMBERS:
            kinds[index] = before
    _join_signs(kinds)
    strong = "R" if base else "L"
    for index, kind in enumerate(kinds):
        if kind in ("L", "R", "AL"):
            strong = "L" if kind == "L" else "R"
            kinds[index] = strong
        elif kind == "EN" and strong == "L":
            kinds[index] = "L"
        elif kind not in NUMBERS:
            kinds[index] = "N"
    return kinds


def _join_signs(kinds: list[str]) -> None:
    """Make signs such as % and € part of the number beside them."""
    for order in (range(1, len(kinds)), range(len(kinds) - 2, -1, -1)):
        step = -1 if order.step > 0 else 1
        for index in order:
            if kinds[index] == "ET" and kinds[index + step] == "EN":
                kinds[index] = "EN"


def visual_order(levels: Sequence[int]) -> list[int]:
    """Return indexes in the order seen from left to right."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = end + 1
    return order
