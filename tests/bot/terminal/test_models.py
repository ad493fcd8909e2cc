from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from bot.models.catalogue import CATALOGUE
from bot.models.sounds import ALL_MODELS

if TYPE_CHECKING:
    from tests.bot.conftest import Home


def put_starter(home: Home, starter_model: Path) -> None:
    folder = home.folder / "cache" / "models"
    folder.mkdir(parents=True)
    (folder / starter_model.name).symlink_to(starter_model)


def test_models_list_names_all_and_says_what_is_here(
    home: Home, starter_model: Path
) -> None:
    put_starter(home, starter_model)
    ended = home.run("models", "list", "--json")
    listed = {one["name"]: one for one in json.loads(ended.out)}
    assert listed.keys() == ALL_MODELS.keys()
    here = {name for name, one in listed.items() if one["presence"] == "whole"}
    assert here == {"starter", "starter-image"}  # the latter comes with the bot
    assert {one["presence"] for one in listed.values()} == {"whole", "missing"}
    assert all(one["memory_bytes"] > 0 for one in listed.values())
    table = home.run("models", "list", COLUMNS="200").out
    assert all(name in table for name in listed)


def test_models_recommend_names_models_of_the_list(home: Home) -> None:
    recommended = json.loads(home.run("models", "recommend", "--json").out)
    assert {one["name"] for one in recommended} <= CATALOGUE.keys()
    assert "starter" in {one["name"] for one in recommended}
    lines = home.run("models", "recommend").out
    assert all(f"{one['name']}: " in lines for one in recommended)


def test_models_fetch_of_what_is_here_is_done_at_once(
    home: Home, starter_model: Path
) -> None:
    put_starter(home, starter_model)
    ended = home.run("models", "fetch")
    assert (ended.code, ended.out) == (0, "")
    path = home.folder / "cache" / "models" / starter_model.name
    assert f"“starter” is here: {path}\n" in ended.err
