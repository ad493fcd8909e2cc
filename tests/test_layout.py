"""Imports point one way, heavy packages stay in their corner, files stay small."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "adapters", "content")
MODULES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py")
)

# Who may import what is only in some places: package → folders and files.
CORNERS = {
    "torch": (
        "bot/generation/diffusers",
        "bot/generation/transformers",
        "bot/training/",
    ),
    "transformers": (
        "bot/generation/diffusers",
        "bot/generation/transformers",
        "bot/training/",
    ),
    "diffusers": ("bot/generation/diffusers", "bot/training/"),
    "onnxruntime": ("bot/generation/", "bot/safety/", "bot/training/"),
    "xllamacpp": ("bot/generation/llama_",),
    "apscheduler": ("content/schedule.py",),
    "discord": ("adapters/discord/",),
    "telegram": ("adapters/telegram/",),
    "nicegui": ("adapters/web/",),
}
# A bot that does not use them never loads them.
HEAVY = {"torch", "transformers", "diffusers", "onnxruntime", "xllamacpp"}
OUTERMOST = ("bot/bench/", "bot/terminal/")
COMPOSITION_ROOT = {
    "bot/app.py",
    "bot/app_adapters.py",
    "bot/app_commands.py",
    "bot/app_content.py",
    "bot/app_core.py",
    "bot/app_desk.py",
    "bot/app_members.py",
    "bot/app_memory.py",
    "bot/app_models.py",
    "bot/app_parts.py",
    "bot/app_pictures.py",
    "bot/app_safety.py",
    "bot/cli.py",
    "bot/cli_pictures.py",
    "bot/cli_safety.py",
    "bot/cli_store.py",
    "bot/__main__.py",
}
LONGEST_FILE, LONGEST_FUNCTION = 300, 60


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def trees() -> Mapping[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}


def is_root(path: Path) -> bool:
    # Benchmarks and terminal commands are outermost, like the root itself.
    return name(path) in COMPOSITION_ROOT or name(path).startswith(OUTERMOST)


def packages_for(path: Path) -> set[str]:
    if is_root(path):
        return set(PACKAGES)
    # The page may show what content has.
    shown = {"content"} if name(path).startswith("adapters/web/") else set()
    return {name(path).split("/")[0], "bot"} | shown


def test_imports_point_inward(trees: Mapping[Path, ast.Module]) -> None:
    outward = [
        f"{name(path)} imports {module}"
        for path, tree in trees.items()
        for module in imports(tree)
        if (package := module.split(".")[0]) in PACKAGES
        and package not in packages_for(path)
    ]
    assert outward == []


def test_special_packages_stay_in_their_corner(
    trees: Mapping[Path, ast.Module],
) -> None:
    astray = [
        f"{name(path)} imports {module}"
        for path, tree in trees.items()
        for module in imports(tree)
        if (corners := CORNERS.get(module.split(".")[0])) is not None
        and not name(path).startswith(corners)
    ]
    assert astray == []


def test_heavy_packages_are_loaded_only_when_used() -> None:
    code = (
        "import sys, bot.app, bot.cli, bot.bench.chat, bot.generation.worker, "
        "bot.generation.backends; print(*sys.modules)"
    )
    loaded = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert HEAVY.isdisjoint(loaded)


def test_what_modules_export_is_listed_and_there() -> None:
    paths = [p for p in MODULES if p.name not in {"__init__.py", "__main__.py"}]
    assert paths
    unlisted, missing = [], []
    for path in paths:
        parts = path.relative_to(ROOT).with_suffix("").parts
        module = importlib.import_module(".".join(parts))
        exported = getattr(module, "__all__", None)
        if exported is None:
            unlisted.append(name(path))
        else:
            missing += [
                f"{name(path)}: {e}" for e in exported if not hasattr(module, e)
            ]
    assert (unlisted, missing) == ([], [])


def test_files_and_functions_stay_small(trees: Mapping[Path, ast.Module]) -> None:
    large = []
    for path, tree in trees.items():
        num_lines = path.read_text(encoding="utf-8").count("\n")
        if num_lines > LONGEST_FILE:
            large.append(f"{name(path)} has {num_lines} lines")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    large.append(f"{name(path)}: {node.name} has {length} lines")
    assert large == []


def test_tests_have_no_packages_that_could_shadow_an_sdk() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))
