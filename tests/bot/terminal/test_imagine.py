"""`hearthbot imagine` and `hearthbot bench image` from the outside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.bot.conftest import Home

NONE = 'model = ""\n'
FAKE = 'model = "discs"\nbackend = "fake"\n'


@pytest.fixture
def painter(home: Home) -> Home:
    path = home.folder / "config.toml"
    path.write_text(path.read_text("utf-8").replace(NONE, FAKE), "utf-8")
    return home


def test_nothing_draws_says_what_to_do(home: Home) -> None:
    ended = home.run("imagine", "a fox", "--out", "fox.png")
    assert (ended.code, ended.out) == (69, "")
    assert "[models.image]" in ended.err
    assert ended.is_kind


def test_wrong_use_is_told_before_the_work(painter: Home) -> None:
    assert painter.run("imagine", " ", "--out", "fox.png").code == 2
    ended = painter.run("imagine", "a fox", "--out", "fox.png", "--count", "9")
    assert ended.code == 1
    assert "At most 4" in ended.err
    assert ended.is_kind


def test_pictures_are_numbered_and_told(painter: Home) -> None:
    ended = painter.run(
        "imagine", "a fox", "--seed", "5", "--count", "2", "--out", "new/fox", "--json"
    )

    assert ended.code == 0
    first, second = json.loads(ended.out)
    assert (first["seed"], second["seed"]) == (5, 6)
    assert (first["file"], second["file"]) == ("new/fox-1.png", "new/fox-2.png")
    assert "The picture is in new/fox-1.png." in ended.err
    found = [(painter.folder / one["file"]).read_bytes() for one in (first, second)]
    assert found[0] != found[1]
    with Image.open(painter.folder / "new" / "fox-1.png") as picture:
        assert picture.size == (first["width"], first["height"])
        assert picture.info["Comment"] == "Made by AI"


def test_pipeline_draws_through_the_whole_bot(
    home: Home, build_pipeline: Callable[[str], Path]
) -> None:
    path = home.folder / "config.toml"
    table = f'model = "{build_pipeline("sd")}"\nsteps = 2\n'
    path.write_text(path.read_text("utf-8").replace(NONE, table), "utf-8")

    ended = home.run("imagine", "a fox", "--out", "fox.png", OMP_NUM_THREADS="1")

    assert ended.code == 0, ended.err
    with Image.open(home.folder / "fox.png") as picture:
        assert picture.size == (64, 64)


def test_bench_image_prints_a_row_for_each_size_and_number_of_steps(
    painter: Home,
) -> None:
    ended = painter.run(
        *("bench", "image", "--size", "64", "--size", "128", "--steps", "3", "--json")
    )
    assert ended.code == 0
    small, large = json.loads(ended.out)
    assert [one["width_px"] for one in (small, large)] == [64, 128]
    assert small["num_steps"] == 3
    assert small["gain"] == pytest.approx(small["alone_s"] / small["together_s"])
