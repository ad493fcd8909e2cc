from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.setup import Setup
from bot.terminal.bench import print_chat_bench

if TYPE_CHECKING:
    from tests.bot.conftest import Home


def test_bench_chat_prints_bot_and_backend(home: Home) -> None:
    line = ("bench", "chat", "--users", "2", "--rounds", "1")
    ended = home.run(*line)
    assert ended.code == 0
    for said in ("the whole bot", "the bare backend", "ratio", "memory", "loop lag"):
        assert said in ended.out
    figures = json.loads(home.run(*line, "--json").out)
    assert figures["num_users"] == 2
    assert figures["bot"]["tokens_per_s"] > 0
    assert figures["ratio"] == figures["ratios"][0]


def test_bench_chat_with_a_model_that_transformers_cannot_load_is_told(
    home: Home,
) -> None:
    line = ("bench", "chat", "--users", "1", "--rounds", "1", "--generate")
    ended = home.run(*line)
    assert (ended.code, ended.out) == (69, "")
    assert "“fake” runs through fake" in ended.err
    assert ended.is_kind


async def test_generate_is_printed_under_the_rest(
    make_setup: Callable[..., Setup],
    tiny_model: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    chat = {"model": str(tiny_model), "backend": "transformers"}
    setup = make_setup(models={"chat": chat})
    await print_chat_bench(
        setup, users=1, rounds=1, tokens=8, as_json=False, with_generate=True
    )
    out = capsys.readouterr().out
    for said in ("one person, tokens a second", "model.generate", "ratio"):
        assert said in out


def test_bench_overhead_needs_no_model(home: Home) -> None:
    home.write_config('[models.chat]\nmodel = "none.gguf"')
    ended = home.run("bench", "overhead", "--messages", "100")
    assert ended.code == 0
    for said in ("messages", "CPU per message", "memory", "loop lag"):
        assert said in ended.out
