"""Prometheus' text format, version 0.0.4: what /metrics answers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "CONTENT_TYPE",
    "Family",
    "FamilyKind",
    "Sample",
    "counter",
    "exposition",
    "gauge",
]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class FamilyKind(StrEnum):
    """How a value behaves."""

    COUNTER = "counter"
    """Only grows, until the bot starts anew."""
    GAUGE = "gauge"
    """Goes up and down."""
    HISTOGRAM = "histogram"
    """How many values were at most so large; see Histogram in bot.metrics."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One value. `suffix` comes after the family's name, as histograms need it."""

    value: float
    labels: tuple[tuple[str, str], ...] = ()
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Values of one name. Names and labels are ours; their values may be any text."""

    name: str
    summary: str
    kind: FamilyKind
    samples: tuple[Sample, ...]


def counter(name: str, summary: str, samples: Iterable[Sample]) -> Family:
    """Return a family of counters."""
    return Family(name, summary, FamilyKind.COUNTER, tuple(samples))


def gauge(name: str, summary: str, samples: Iterable[Sample]) -> Family:
    """Return a family of gauges."""
    return Family(name, summary, FamilyKind.GAUGE, tuple(samples))


def exposition(families: Iterable[Family]) -> str:
    """Return the page that Prometheus reads."""
    lines: list[str] = []
    for family in families:
        summary = family.summary.replace("\\", r"\\").replace("\n", r"\n")
        lines.append(f"# HELP {family.name} {summary}")
        lines.append(f"# TYPE {family.name} {family.kind}")
        lines += (_line(family.name, sample) for sample in family.samples)
    return "".join(f"{line}\n" for line in lines)


def _line(name: str, sample: Sample) -> str:
    labels = ",".join(f'{key}="{_escaped(value)}"' for key, value in sample.labels)
    braced = f"{{{labels}}}" if labels else ""
    return f"{name}{sample.suffix}{braced} {_number(sample.value)}"


def _escaped(value: str) -> str:
    escaped = value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
    # A lone surrogate has no bytes in UTF-8.
    return escaped.encode("utf-8", "replace").decode("utf-8")


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if value == int(value) else repr(float(value))
