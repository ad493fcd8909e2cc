import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bot.config import Config
from bot.setup import Setup
from bot.terminal.output import Terminal
from bot.terminal.run import fetch_meaning
from bot.words import Words


@pytest.fixture
def said() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def setup(tmp_path: Path, said: io.StringIO) -> Setup:
    """Settings whose models folder is a file: nothing can be fetched into it."""
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "models").write_text("in the way", "utf-8")
    words = Words.load()
    terminal = Terminal(words, "en", err=Console(file=said, width=300))
    config = Config.model_validate(
        {
            "bot": {"cache_folder": str(tmp_path / "cache")},
            "models": {"chat": {"backend": "openai", "base_url": "http://127.0.0.1:1"}},
        }
    )
    return Setup(config, tmp_path / "config.toml", {}, words, terminal)


def test_what_compares_meanings_may_lack_and_the_bot_says_so(
    setup: Setup, said: io.StringIO
) -> None:
    fetch_meaning(setup)
    assert "compared by their words alone: The models folder" in said.getvalue()


def test_nothing_is_fetched_where_words_are_to_be_compared(
    setup: Setup, said: io.StringIO
) -> None:
    models = {"meaning": {"model": ""}}
    fetch_meaning(replace(setup, config=Config.model_validate({"models": models})))
    assert said.getvalue() == ""
