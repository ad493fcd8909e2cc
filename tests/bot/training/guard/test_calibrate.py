"""Logits become probabilities, and levels get thresholds."""

import numpy as np
import pytest

from bot.safety.policy import Category, Level
from bot.training.guard.calibrate import FALSE_ALARMS, calibrate
from bot.training.guard.measures import Numbers
from bot.training.guard.rows import CATEGORIES, Row, labels_of

HATE = CATEGORIES.index(Category.HATE)


def told(count: int, *, seed: int = 1) -> tuple[list[Row], Numbers]:
    """Return rows whose hate is as probable as a logit says that is twice too sure."""
    chance = np.random.default_rng(seed)
    true = chance.normal(-1, 2, count)
    is_hate = chance.random(count) < 1 / (1 + np.exp(-true))
    rows = [
        Row(str(n), labels_of(*([Category.HATE] if hate else [])), "own")
        for n, hate in enumerate(is_hate)
    ]
    logits = np.full((count, len(CATEGORIES)), -5.0)
    logits[:, HATE] = true * 2
    return rows, logits


def test_a_network_that_is_too_sure_is_calmed() -> None:
    calibration = calibrate(*told(4000))
    assert calibration.scales[Category.HATE] == pytest.approx(0.5, abs=0.05)
    assert calibration.shifts[Category.HATE] == pytest.approx(0, abs=0.15)


def test_a_stricter_level_has_a_lower_threshold() -> None:
    found = calibrate(*told(4000)).thresholds
    for category in CATEGORIES:
        ordered = [found[level][category] for level in FALSE_ALARMS]
        assert ordered == sorted(ordered, reverse=True)
    assert found[Level.STRICT][Category.HATE] < found[Level.RELAXED][Category.HATE]


def test_a_corpus_with_many_rows_does_not_decide_alone() -> None:
    quiet = [Row(str(n), labels_of(), "many") for n in range(1000)]
    loud = [Row(str(n), labels_of(), "few") for n in range(20)]
    logits = np.full((1020, len(CATEGORIES)), -6.0)
    logits[1000:] = 0.0
    alone = calibrate(quiet, logits[:1000])
    both = calibrate(quiet + loud, logits)
    of_alone = alone.thresholds[Level.STRICT][Category.HATE]
    raised = both.probabilities(logits)[-1, HATE]
    assert raised > both.probabilities(logits)[0, HATE]
    assert both.thresholds[Level.STRICT][Category.HATE] >= min(raised, of_alone)


def test_a_category_that_no_row_knows_stays_as_it_is() -> None:
    rows = [
        Row("a", {Category.HATE: 0.0}, "own"),
        Row("b", {Category.HATE: 1.0}, "own"),
    ]
    calibration = calibrate(rows, np.zeros((2, len(CATEGORIES))))
    assert calibration.scales[Category.SEXUAL] == 1
    assert calibration.shifts[Category.SEXUAL] == 0
    assert calibration.thresholds[Level.STANDARD][Category.SEXUAL] == 0.4


def test_probabilities_of_extreme_logits_are_finite() -> None:
    rows, logits = told(200)
    shown = calibrate(rows, logits).probabilities(np.array([[-1e9] * 7, [1e9] * 7]))
    assert np.isfinite(shown).all()
    assert shown[0].max() < 1e-3
    assert shown[1].min() > 1 - 1e-3
