"""What the documentation says is there, and what is there is documented."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from bot.app import ADAPTERS
from bot.cli import app
from bot.config import Config
from bot.config_reference import config_reference, sections
from bot.files.types import Way
from bot.generation.backends import BACKENDS
from bot.safety.filters import FILTERS
from content.kinds import KINDS
from content.sources import SOURCES

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/*.md")))
SAYING = (
    *PAGES,
    ROOT / "config.toml",
    ROOT / "Makefile",
    *sorted((ROOT / "bot").rglob("*.py")),
)
REGISTRIES: tuple[tuple[str, Iterable[str]], ...] = (
    ("docs/safety.md", FILTERS),
    ("docs/models.md", BACKENDS),
    ("docs/models.md", Way),
    ("docs/extending.md", KINDS),
    ("docs/extending.md", SOURCES),
    ("docs/extending.md", ADAPTERS),
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?:`|bin/|BIN\)/|    |: )hearthbot ([a-z]+)(?: ([a-z]+))?")
OPTION = re.compile(r"hearthbot [^`\n]*?(--[a-z-]+)")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(page: str) -> set[str]:
    """Return what a link into a page can name: its headings, as web pages name them."""
    headings = re.findall(r"^#+ (.+)$", page, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings}


def terminal_commands() -> Iterator[tuple[str, ...]]:
    for first, command in _children(get_command(app)).items():
        below = _children(command)
        yield from ((first, second) for second in below)
        if not below:
            yield (first,)


def _children(command: object) -> dict[str, object]:
    return dict(getattr(command, "commands", {}))


def test_every_table_and_key_of_the_settings_is_documented() -> None:
    page = text("docs/configuration.md")
    for section in sections(Config):
        own = page.split(f"## `{section.title}`")[1].split("\n## ")[0]
        for key in section.keys:
            assert f"| `{key}` |" in own


def test_page_of_the_settings_is_as_generated() -> None:
    page = text("docs/configuration.md")
    assert page == config_reference(Config), "`make docs` writes it anew"


def test_page_of_the_commands_is_as_generated(tmp_path: Path) -> None:
    (tmp_path / "config.toml").touch()
    subprocess.run(
        [sys.executable, "-m", "bot", "commands", "docs", "--out", "commands.md"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
        check=True,
    )
    page = (tmp_path / "commands.md").read_text("utf-8")
    assert text("docs/commands.md") == page, "`make docs` writes it anew"
    changelog = text("CHANGELOG.md")
    for command in re.findall(r"^## (/\w+)$", page, flags=re.MULTILINE):
        assert f"`{command}`" in changelog


@pytest.mark.parametrize(("page", "registry"), REGISTRIES)
def test_every_entry_of_a_registry_is_documented(
    page: str, registry: Iterable[str]
) -> None:
    written = text(page)
    for entry in registry:
        assert f"`{entry}`" in written


def test_every_terminal_command_that_is_named_is_there() -> None:
    there = set(terminal_commands())
    groups = {command[0] for command in there if len(command) == 2}
    for path in SAYING:
        for first, second in COMMAND.findall(path.read_text("utf-8")):
            is_there = (first, second) in there or (first,) in there
            assert is_there or (first in groups and not second), (path, first, second)


def test_every_terminal_command_is_in_the_readme_or_the_makefile() -> None:
    named = set(COMMAND.findall(text("README.md") + text("Makefile")))
    for command in terminal_commands():
        assert any(first == command[0] for first, _ in named), command


def test_every_option_that_is_named_is_there() -> None:
    known = set(_options(get_command(app)))
    for path in SAYING:
        assert set(OPTION.findall(path.read_text("utf-8"))) <= known, path


def _options(command: object) -> Iterator[str]:
    for parameter in getattr(command, "params", ()):
        yield from parameter.opts
    for child in _children(command).values():
        yield from _options(child)


def test_every_terminal_command_has_its_help() -> None:
    assert isinstance(app, typer.Typer)
    commands = [get_command(app)]
    while commands:
        command = commands.pop()
        assert command.help, command.name
        commands += _children(command).values()  # type: ignore[arg-type]  # its kind


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in LINK.findall(path.read_text("utf-8")):
        if link.startswith(("http://", "https://")):
            continue
        target, _, anchor = link.partition("#")
        found = (path.parent / target) if target else path
        assert found.exists(), link
        if anchor:
            assert anchor in anchors(found.read_text("utf-8")), link


def test_every_page_is_in_the_index() -> None:
    index = text("docs/index.md")
    for path in ROOT.glob("docs/*.md"):
        assert path.name == "index.md" or f"]({path.name})" in index


def test_readme_names_the_tests_that_are_run_everywhere() -> None:
    assert "\nmake check\n" in text(".ci/run")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    recipe = text("Makefile").split("\ncheck:")[1].split("\n\n")[0]
    assert "\t$(MAKE) test" in recipe
    readme = text("README.md")
    assert "\n    make test\n" in readme
    assert "\n    make run\n" in readme


def test_changelog_has_a_place_for_what_is_not_released() -> None:
    assert "\n## Unreleased\n" in text("CHANGELOG.md")
