from pathlib import Path

from bot.bench.labelled import read_labelled
from bot.safety.policy import Category
from bot.safety.verdict import Stage
from bot.training.guard.held_back import HELD_BACK, write_held_back
from bot.training.guard.rows import Row, labels_of


def test_only_our_own_rows_are_handed_on(tmp_path: Path) -> None:
    tested = [
        Row("You are vermin.", labels_of(Category.HATE), "own", language="en"),
        Row("kill the process", labels_of(), "own"),
        Row("Stirb.", labels_of(Category.VIOLENCE), "own", Stage.OUTPUT, "de"),
        Row("somebody else's", labels_of(Category.HATE), "tweets"),
    ]

    assert write_held_back(tmp_path, tested) == 3

    rows = read_labelled(tmp_path / HELD_BACK)
    assert [row.text for row in rows] == [row.text for row in tested[:3]]
    assert [row.is_tricky for row in rows] == [False, True, False]
    assert rows[0].labels == {Category.HATE}
    assert (rows[2].stage, rows[2].language) == (Stage.OUTPUT, "de")
