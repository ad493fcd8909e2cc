"""Writes the model card from the figures that were measured, and nothing by hand."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.training.guard.fit import Settings

__all__ = ["CARD", "FIGURES", "write_card"]

CARD, FIGURES = "README.md", "figures.json"

LEVELS = ("relaxed", "standard", "strict")
TEMPLATE = Path(__file__).with_name("card.md")


def write_card(folder: Path, figures: Mapping[str, Any], settings: Settings) -> None:
    """Write the card and the figures themselves into the folder."""
    text = json.dumps(figures, indent=2) + "\n"
    (folder / FIGURES).write_text(text, encoding="utf-8")
    card = TEMPLATE.read_text(encoding="utf-8").format(
        categories=", ".join(figures["categories"]),
        epochs=settings.epochs,
        batch=settings.batch,
        seed=settings.seed,
        measured=_measured(figures),
        **figures["rows"],
    )
    (folder / CARD).write_text(card, encoding="utf-8")


def _measured(figures: Mapping[str, Any]) -> str:
    parts = [
        "## Measured",
        "On test rows, with the 8-bit network as it is shipped. AUC: how often a text "
        "of\nthe category scores above another. At each level: recall / false alarms.",
        _categories("category", figures["categories"]),
        "On tweets and posts (davidson, edos), which are narrow and labelled with much "
        "noise:",
        _categories("tweets and posts", figures["tweets and posts"]),
        _harmful(figures),
        _injection(figures["injection"]),
        _tricky(figures["tricky harmless rows"]),
        f"The 8-bit network is within {figures['parity']['largest']:.3f} of the "
        f"trained one (mean\n{figures['parity']['mean']:.4f}, in probability).",
    ]
    return "\n\n".join(parts) + "\n"


def _categories(title: str, categories: Mapping[str, Any]) -> str:
    rows = [
        (
            category,
            f"{one['positives']}, {one['negatives']}",
            _three(one["auc"]),
            *(
                f"{_percent(one[level]['recall'])} / "
                f"{_percent(one[level]['false alarms'])}"
                for level in LEVELS
            ),
        )
        for category, one in categories.items()
        if one["positives"]
    ]
    return _table((title, "rows with, without", "AUC", *LEVELS), rows)


def _harmful(figures: Mapping[str, Any]) -> str:
    rows = [
        (corpus, f"{one['harmful']}, {one['harmless']}", _three(one["auc"]))
        for corpus, one in figures["harmful"].items()
        if one["auc"] is not None
    ]
    far = figures["out of domain"]
    name = f"{far['corpus']}, never learnt from"
    rows.append((name, f"{far['rows']}", _three(far["auc"])))
    return _table(("harmful against harmless", "rows with, without", "AUC"), rows)


def _injection(injection: Mapping[str, Any]) -> str:
    rows = [
        (
            name,
            f"{one['positives']}, {one['negatives']}",
            _three(one["auc"]),
            _percent(one["recall"]),
        )
        for name, one in injection.items()
    ]
    last = "recall at 5 % false alarms"
    return _table(("injection", "rows with, without", "AUC", last), rows)


def _tricky(harmless: Mapping[str, Any]) -> str:
    rows = [
        (name, str(one["rows"]), *(_percent(one[level]) for level in LEVELS))
        for name, one in harmless.items()
    ]
    return _table(
        ("tricky harmless rows stopped by any category", "rows", *LEVELS), rows
    )


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _three(number: float | None) -> str:
    return "–" if number is None else f"{number:.3f}"


def _percent(number: float | None) -> str:
    return "–" if number is None else f"{100 * number:.1f} %"
