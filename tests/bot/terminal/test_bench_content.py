from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bot.conftest import Home


def test_bench_content_prints_a_row_for_each_kind(home: Home) -> None:
    line = ("bench", "content", "quiz", "translation", "--topics", "1")
    ended = home.run(*line)
    assert ended.code == 0
    for said in ("quiz", "longest", "100%", "0%"):
        assert said in ended.out
    quiz, other = json.loads(home.run(*line, "--json").out)
    assert (quiz["kind"], quiz["passed"]) == ("quiz", 1.0)
    assert (other["kind"], other["passed"]) == ("translation", 0.0)


def test_kind_that_is_not_there_is_told(home: Home) -> None:
    ended = home.run("bench", "content", "haiku")
    assert (ended.code, ended.out) == (1, "")
    assert "There is no kind “haiku”" in ended.err
    assert ended.is_kind
