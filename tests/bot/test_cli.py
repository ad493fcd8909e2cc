"""The door: exit codes, what goes where, and what a person reads when it fails."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.clock import SystemClock
from bot.store.store import Store

if TYPE_CHECKING:
    from tests.bot.conftest import Home

FAILED, WRONG_USE, MISSING = 1, 2, 69


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nosuch", "“{program}” has no command “nosuch”. There are: run, ask, "),
        ("--", "Missing command."),
        (
            "bench chart",
            "has no command “chart”. There are: chat, content, overhead, desk, "
            "image, safety.",
        ),
        ("ask", "TEXT must be given. “{program} ask --help” shows how"),
        (("ask", ""), "TEXT must be given."),
        (("ask", " \n"), "TEXT must be given."),
        (("do", ""), "LINE must be given."),
        (("draft", "article", "--topic", " "), "--topic must be given."),
        ("ask two words", "“{program} ask” has no place for “words”."),
        ("draft article", "--topic must be given."),
        ("draft article --topic", "--topic needs a value."),
        ("ask --json=yes Hello", "--json takes no value."),
        ("ask --jsn Hello", "There is no option --jsn. Did you mean --json?"),
        ("bench chat --users 0", "--users = 0: it must be 1 or more."),
        ("bench chat --users many", "--users = many: it must be a whole number."),
        ("config check --config nowhere.toml", "There is no settings file nowhere"),
    ],
)
def test_wrong_use_is_told_and_ends_with_2(
    home: Home, line: str | tuple[str, ...], told: str
) -> None:
    ended = home.run(*(line.split() if isinstance(line, str) else line))
    assert (ended.code, ended.out) == (WRONG_USE, "")
    assert told.format(program="python -m bot") in ended.err
    assert ended.is_kind


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ('[bott]\nname = "x"', ["config.toml", "[bott]", "Did you mean [bot]?"]),
        ('[bot]\nnane = "x"', ["[bot]", "“nane”", "Did you mean “name”?"]),
        ("[adapters.web]\nport = -1", ["[adapters.web]", "port", "-1"]),
        ("[bot\n", ["config.toml", "line 1", "Correct it there."]),
        ('[models.chat]\nmodel = "startre"', ["startre", "Did you mean “starter”?"]),
        ('[models.chat]\nbackend = "openai"', ["[models.chat]", "base_url"]),
    ],
)
def test_broken_settings_name_place_and_cure_and_end_with_2(
    home: Home, config: str, told: list[str]
) -> None:
    home.write_config(config)
    ended = home.run("ask", "Hello")
    assert (ended.code, ended.out) == (WRONG_USE, "")
    for words in told:
        assert words in ended.err
    assert ended.is_kind


@pytest.mark.parametrize("line", ["ask Hello", "run"])
def test_missing_model_says_how_to_get_it_and_ends_with_69(
    home: Home, line: str
) -> None:
    home.write_config('[models.chat]\nmodel = "models/mine.gguf"')
    ended = home.run(*line.split())
    assert (ended.code, ended.out) == (MISSING, "")
    assert "There is no model at models/mine.gguf." in ended.err
    assert ended.is_kind


async def test_store_that_another_one_holds_ends_with_1(home: Home) -> None:
    path = home.folder / "data" / "hearthbot.sqlite3"
    async with Store.open(path, backups=1, clock=SystemClock()):
        ended = home.run("do", "/status")
        assert (ended.code, ended.out) == (FAILED, "")
        assert "Another Hearthbot (process " in ended.err
        assert ended.is_kind
        # What has a store of its own works meanwhile.
        assert home.run("ask", "Hello").code == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("do", "/nothing"), "There is no such command."),
        (("do", "/persona nobody"), "There is no “nobody”."),
        (("models", "fetch", "nobody"), "There is no model “nobody” to fetch."),
        (("draft", "sonnet", "--topic", "Rain"), "There is no kind “sonnet”."),
    ],
)
def test_what_cannot_be_done_is_told_and_ends_with_1(
    home: Home, line: tuple[str, ...], told: str
) -> None:
    ended = home.run(*line)
    assert (ended.code, ended.out) == (FAILED, "")
    assert told in ended.err
    assert ended.is_kind


@pytest.mark.parametrize("line", [("models", "list"), ("ask", "Hello", "--json")])
def test_disk_that_is_full_under_the_output_is_told(
    home: Home, line: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = home.run(*line, stdout=full.fileno())
    assert ended.code == FAILED
    assert "This machine does not let me: No space left on device." in ended.err
    assert ended.is_kind


def test_page_that_cannot_be_written_is_told_with_its_name(home: Home) -> None:
    ended = home.run("config", "docs", "--out", "nowhere/page.md")
    assert ended.code == FAILED
    assert "No such file or directory (nowhere/page.md)" in ended.err
    assert ended.is_kind


def test_terminal_without_a_character_shows_another(home: Home) -> None:
    ended = home.run("doctor", PYTHONIOENCODING="ascii")
    assert ended.code == 0
    assert "? python" in ended.out
    said = home.run("ask", b"caf\xc3\xa9", "--json", PYTHONIOENCODING="ascii")
    assert json.loads(said.out)["question"] == "café"


@pytest.mark.parametrize(
    "line",
    [
        ("doctor",),
        ("models", "list"),
        ("models", "recommend"),
        ("do", "/status"),
        ("ask", "Hello"),
        ("bench", "overhead", "--messages", "100"),
    ],
)
def test_json_stands_alone_on_stdout(home: Home, line: tuple[str, ...]) -> None:
    home.write_config(
        '[bot]\nlog_level = "debug"\n[models.chat]\nmodel = "fake"\nbackend = "fake"\n'
        "[safety]\nshadow = true"
    )
    ended = home.run(*line, "--json")
    assert ended.code == 0
    assert json.loads(ended.out)
    for event in ended.err.splitlines():
        if event.startswith("{"):  # else a bar
            assert "level" in json.loads(event)


def test_help_names_every_command_and_ends_with_0(home: Home) -> None:
    ended = home.run("--help")
    assert ended.code == 0
    for name in ("run", "ask", "draft", "do", "doctor", "models", "bench", "config"):
        assert f" {name} " in ended.out
    # Without a command the page is shown too, but a script should notice.
    bare = home.run()
    assert (bare.code, bare.out.strip()) == (WRONG_USE, ended.out.strip())


def test_help_tells_what_a_parameter_takes(home: Home) -> None:
    page = home.run("models", "fetch", "--help").out
    assert "Usage: python -m bot models fetch [NAME] [options]\n" in page
    assert "NAME  A name from the list. (else starter)" in page
    page = home.run("bench", "chat", "--help", COLUMNS="200").out
    assert "--users USERS    How many talk. (1 to 256; else 16)" in page
    assert "--rounds ROUNDS  Turns of bot and backend. (1 or more; else 3)" in page
    assert "(else config.toml; also as the variable HEARTHBOT_CONFIG)" in page


def test_help_and_refusals_are_in_the_language_of_the_terminal(home: Home) -> None:
    ended = home.run("--help", LANG="zh_CN.UTF-8")
    assert ended.code == 0
    for said in ("用法：python -m bot 命令 …", "命令\n", "选项\n", "启动机器人"):
        assert said in ended.out
    assert not re.findall(r"[A-Z][a-z]+ [a-z]+", ended.out)  # no English sentence
    ended = home.run("ask", "--help", LANGUAGE="xx:zh", LANG="en_GB.UTF-8")
    assert "TEXT  你想知道什么。（必填）" in ended.out
    ended = home.run("ask", LC_ALL="zh_CN.UTF-8")
    assert ended.code == WRONG_USE
    assert "必须给出 TEXT。" in ended.err


def test_settings_come_from_option_and_environment_too(home: Home) -> None:
    (home.folder / "other.toml").write_text("", encoding="utf-8")
    assert (
        "other.toml is fine."
        in home.run("config", "check", HEARTHBOT_CONFIG="other.toml").out
    )
    ended = home.run("config", "check", HEARTHBOT_ADAPTERS__WEB__PORT="many")
    assert ended.code == WRONG_USE
    assert "HEARTHBOT_ADAPTERS__WEB__PORT" in ended.err
    assert "many" in ended.err
