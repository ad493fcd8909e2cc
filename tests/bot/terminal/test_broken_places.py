"""Files and folders that are not as they should be, as a person at the terminal."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.conftest import Home
    from tests.bot.terminal.conftest import Start

FAILED, MISSING = 1, 69
MODEL = '[models.chat]\nmodel = "mine.gguf"\nbackend = "llama.cpp"\n'


@pytest.mark.model
@pytest.mark.parametrize("num_bytes", [0, 3, 1000, 1_000_000])
def test_half_a_model_is_told_and_ends_with_69(
    home: Home, starter_model: Path, num_bytes: int
) -> None:
    home.write_config(MODEL)
    with starter_model.open("rb") as whole:
        (home.folder / "mine.gguf").write_bytes(whole.read(num_bytes))
    ended = home.run("ask", "Hello")
    assert (ended.code, ended.out) == (MISSING, "")
    assert "The model file mine.gguf is damaged" in ended.err
    assert ended.is_kind


@pytest.mark.model
def test_noise_for_a_model_is_told_and_ends_with_69(home: Home) -> None:
    home.write_config(MODEL)
    (home.folder / "mine.gguf").write_bytes(b"GGUF" + bytes(range(256)) * 1000)
    ended = home.run("draft", "article", "--topic", "Rain")
    assert (ended.code, ended.out) == (MISSING, "")
    assert "The model file mine.gguf is damaged" in ended.err
    assert ended.is_kind


@pytest.mark.model
async def test_half_a_model_leaves_the_page_open_and_everybody_is_told(
    home: Home, start: Start
) -> None:
    home.write_config(f"{MODEL}[adapters.web]\nport = 0\n")
    (home.folder / "mine.gguf").write_bytes(b"GGUF")
    async with start() as running:
        await running.sign_in("Ada")
        await running.say("Hello")
        texts = await running.read_until(lambda texts: "(error " in texts[-1])
        assert texts[-1].startswith("The model that I need is not there.")
        assert (await running.client.get("/readyz")).status_code == 503
        assert (await running.end(signal.SIGTERM))[0] == 0
        assert any(
            line.startswith("The model file mine.gguf is damaged")
            for line in running.lines
        )


def test_half_fetched_starter_is_listed_as_such(home: Home) -> None:
    folder = home.folder / "cache" / "models"
    folder.mkdir(parents=True)
    (folder / "starter.part").write_bytes(b"GGUF")
    table = home.run("models", "list", COLUMNS="200").out.splitlines()
    row = next(line for line in table if line.startswith("starter "))
    assert row.rstrip().endswith("half here")


@pytest.mark.parametrize("line", [("run",), ("do", "/status")])
def test_damaged_database_is_told_and_left_alone(
    home: Home, line: tuple[str, ...]
) -> None:
    path = home.folder / "data" / "hearthbot.sqlite3"
    path.parent.mkdir()
    path.write_bytes(b"not a database" * 1000)
    ended = home.run(*line)
    assert (ended.code, ended.out) == (FAILED, "")
    assert "data/hearthbot.sqlite3 is damaged" in ended.err
    assert "There is no backup. To begin anew" in ended.err
    assert ended.is_kind
    assert path.read_bytes() == b"not a database" * 1000
    assert home.run("doctor").code == FAILED


def test_folder_that_cannot_be_made_is_told(home: Home) -> None:
    (home.folder / "data").write_text("", encoding="utf-8")  # below a file is no place
    ended = home.run("run")
    assert (ended.code, ended.out) == (FAILED, "")
    assert "data/hearthbot.sqlite3 cannot be written: " in ended.err
    assert "Make room on the disk, see that the folder belongs to" in ended.err
    assert ended.is_kind
    assert home.run("doctor").code == FAILED


@pytest.mark.parametrize("line", [("run",), ("do", "/status"), ("ask", "Hello")])
def test_full_disk_is_told(home: Home, line: tuple[str, ...]) -> None:
    # A file may have 16 blocks of 512 bytes: less than the empty database needs, and
    # less than what measures coverage would like to write.
    limit = "ulimit -f 16; unset COVERAGE_PROCESS_START COVERAGE_PROCESS_CONFIG"
    ended = home.run(*line, before=limit)
    assert (ended.code, ended.out) == (FAILED, "")
    assert "cannot be written: " in ended.err
    assert ended.is_kind


def test_settings_that_are_a_folder_or_no_text_are_told(home: Home) -> None:
    (home.folder / "folder.toml").mkdir()
    (home.folder / "noise.toml").write_bytes(b'[bot]\nname = "\xff"\n')
    for name in ("folder.toml", "noise.toml"):
        ended = home.run("config", "check", "--config", name)
        assert (ended.code, ended.out) == (2, "")
        assert name in ended.err
        assert ended.is_kind
