"""The unit and the container name commands, settings and addresses that there are."""

import json
import re
import shlex
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest
from typer.main import get_command
from typing_extensions import override

from adapters.web.health import health_routes
from bot.cli import EXIT_MISSING, app
from bot.config_file import load_config
from bot.models.entry import BundledSource
from bot.models.sounds import ALL_MODELS
from bot.terminal.wrong_use import EXIT_WRONG_USE

ROOT = Path(__file__).parent.parent
UNIT = ROOT / "docs" / "systemd" / "hearthbot.service"
CONTAINER = ROOT / "Containerfile"
ROOM_S = 10  # for the worker to end, after the answers
FENCES = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "CapabilityBoundingSet": "",
}


@pytest.fixture(scope="module")
def unit() -> ConfigParser:
    class Keeping(ConfigParser):
        @override
        def optionxform(self, optionstr: str) -> str:
            return optionstr

    parser = Keeping(strict=False, interpolation=None)
    parser.read(UNIT, encoding="utf-8")
    return parser


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, str]]:
    """The instructions of the Containerfile, each on one line."""
    text = re.sub(r"^#.*\n", "", CONTAINER.read_text("utf-8"), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [(line.split()[0], line.split(None, 1)[1]) for line in lines if line]


def values(steps: list[tuple[str, str]], wanted: str) -> list[str]:
    return [value for name, value in steps if name == wanted]


def variables(steps: list[tuple[str, str]]) -> dict[str, str]:
    pairs = [pair for line in values(steps, "ENV") for pair in shlex.split(line)]
    return dict(pair.split("=", 1) for pair in pairs)


def commands() -> set[str]:
    return set(getattr(get_command(app), "commands", {}))


def test_unit_starts_a_command_that_is_there(unit: ConfigParser) -> None:
    program, command = shlex.split(unit["Service"]["ExecStart"])
    assert Path(program).name == "hearthbot"
    assert command in commands()
    assert unit["Install"]["WantedBy"] == "multi-user.target"


def test_unit_keeps_the_bot_fenced_in(unit: ConfigParser) -> None:
    assert unit["Service"]["User"] != "root"
    for name, value in FENCES.items():
        assert unit["Service"][name] == value


def test_unit_waits_until_answers_have_ended(unit: ConfigParser) -> None:
    drain_s = load_config(ROOT / "config.toml", {}).engine.drain_s
    assert int(unit["Service"]["TimeoutStopSec"]) >= drain_s + ROOM_S


def test_unit_does_not_repeat_what_cannot_get_better(unit: ConfigParser) -> None:
    hopeless = {
        int(code) for code in unit["Service"]["RestartPreventExitStatus"].split()
    }
    assert hopeless == {EXIT_WRONG_USE, EXIT_MISSING}


def test_variables_of_the_unit_are_settings(unit: ConfigParser) -> None:
    name, value = unit["Service"]["Environment"].split("=", 1)
    config = load_config(ROOT / "config.toml", {name: value})
    assert config.bot.cache_folder == "/var/cache/hearthbot"


def test_container_starts_a_command_that_is_there(steps: list[tuple[str, str]]) -> None:
    assert json.loads(values(steps, "ENTRYPOINT")[0]) == ["hearthbot"]
    assert json.loads(values(steps, "CMD")[0])[0] in commands()
    for line in re.findall(r"hearthbot hearthbot (\w+)", CONTAINER.read_text("utf-8")):
        assert line in commands()


def test_container_has_no_rights_and_one_volume(steps: list[tuple[str, str]]) -> None:
    assert values(steps, "FROM") == ["python:3.11-slim"]
    assert values(steps, "USER") == ["hearthbot"]
    (volume,) = values(steps, "VOLUME")
    names = [name for name, _ in steps]
    assert names.index("USER") < names.index("ENTRYPOINT")
    settings = variables(steps)
    for name in ("CONFIG", "STORE__PATH", "BOT__CACHE_FOLDER"):
        assert settings[f"HEARTHBOT_{name}"].startswith(f"{volume}/")


def test_container_is_checked_where_it_listens(steps: list[tuple[str, str]]) -> None:
    config = load_config(ROOT / "config.toml", variables(steps))
    (check,) = values(steps, "HEALTHCHECK")
    found = re.search(r"http://127\.0\.0\.1:(\d+)(/\w+)", check)
    assert found is not None
    assert int(found[1]) == config.adapters.web.port
    assert [found[1]] == values(steps, "EXPOSE")
    routes = health_routes(alive=lambda: (True, {}), ready=lambda: (True, {}))
    assert found[2] in {route.path for route in routes}
    program = json.loads(check[check.index("CMD ") + 4 :])
    compile(program[2], "healthcheck", "exec")


def test_what_is_copied_into_the_container_is_there(
    steps: list[tuple[str, str]],
) -> None:
    for line in values(steps, "COPY"):
        *sources, _ = [word for word in line.split() if not word.startswith("--")]
        for source in sources:
            assert (ROOT / source).exists(), source


def test_models_that_come_with_the_bot_lie_in_what_the_wheel_holds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    held = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    sources = [entry.source for entry in ALL_MODELS.values()]
    folders = [one.folder for one in sources if isinstance(one, BundledSource)]
    assert folders
    for folder in folders:
        assert folder.relative_to(ROOT).parts[0] in held
