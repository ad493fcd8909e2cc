from __future__ import annotations

import json
from typing import TYPE_CHECKING

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


def test_bench_overhead_needs_no_model(home: Home) -> None:
    home.write_config('[models.chat]\nmodel = "none.gguf"')
    ended = home.run("bench", "overhead", "--messages", "100")
    assert ended.code == 0
    for said in ("messages", "CPU per message", "memory", "loop lag"):
        assert said in ended.out
