"""`hearthbot moderate` and `hearthbot bench safety` from the outside."""

from __future__ import annotations

import json
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.bot.conftest import Home

ROWS = b'{"text": "Hello"}\n{"text": "Hello @everyone", "stage": "output"}\n'


def test_moderate_that_cannot_read_its_rows_ends_with_1(home: Home) -> None:
    ended = home.run("moderate", "nowhere.jsonl")
    assert (ended.code, ended.out) == (1, "")
    assert "No such file or directory (nowhere.jsonl)" in ended.err
    (home.folder / "rows.jsonl").write_bytes(b"hello\n" + ROWS)
    ended = home.run("moderate", "rows.jsonl")
    assert ended.code == 1
    assert json.loads(ended.out.splitlines()[0]).keys() == {"error"}


def test_moderate_answers_row_by_row_and_ends_when_told(home: Home) -> None:
    with subprocess.Popen(  # noqa: S603 - our own interpreter and code
        [*home.command, "moderate", "--level", "strict"],
        cwd=home.folder,
        env=home.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for row, action in zip(ROWS.splitlines(), ("allow", "redact"), strict=True):
            process.stdin.write(row + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["action"] == action
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) != 0


def test_moderate_of_good_rows_ends_with_0(home: Home) -> None:
    (home.folder / "rows.jsonl").write_bytes(ROWS)
    ended = home.run("moderate", "rows.jsonl")
    actions = [json.loads(line)["action"] for line in ended.out.splitlines()]
    assert (ended.code, actions) == (0, ["allow", "redact"])


def test_bench_safety_without_rows_ends_with_69(home: Home) -> None:
    ended = home.run("bench", "safety", "--data", "nowhere.jsonl")
    assert (ended.code, ended.out) == (69, "")
    assert "--data" in ended.err


@pytest.mark.parametrize("options", [(), ("--stream",)])
def test_bench_safety_prints_json_alone(home: Home, options: tuple[str, ...]) -> None:
    row = '{"text": "Hello", "labels": []}\n'
    (home.folder / "rows.jsonl").write_text(row, encoding="utf-8")
    ended = home.run("bench", "safety", "--data", "rows.jsonl", *options, "--json")
    assert ended.code == 0
    assert json.loads(ended.out)
