"""A whole bot on the fake platform and the fake model, for tests of the core."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from adapters.fake.adapter import FakeAdapter
from bot.app import App, open_app
from bot.config import Config
from bot.generation.requests import ModelSpec
from bot.setup import Setup
from bot.terminal.output import Terminal
from bot.words import Words

OpenBot = Callable[..., AbstractAsyncContextManager["Bot"]]


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that runs, and the platform that it runs on."""

    app: App
    platform: FakeAdapter

    async def ask(self, text: str, *, who: str = "Ada", where: str = "general") -> str:
        """Say something to the bot and return its whole answer."""
        message = self.platform.say(who, text, channel=where)
        return (await self.platform.answered(message)).text


@pytest.fixture
def words() -> Words:
    return Words.load()


@pytest.fixture
def make_setup(tmp_path: Path, words: Words) -> Callable[..., Setup]:
    def make(**tables: Any) -> Setup:
        tables.setdefault("models", {"chat": {"model": "fake", "backend": "fake"}})
        quiet = Terminal(words, "en", err=Console(quiet=True))
        config = Config.model_validate(tables)
        return Setup(config, tmp_path / "config.toml", {}, words, quiet)

    return make


@pytest.fixture
def open_bot(make_setup: Callable[..., Setup]) -> OpenBot:
    """Return a function that opens a bot; its keywords are tables of the settings.

    `options` are those of the fake model, such as `reply`.
    """

    @asynccontextmanager
    async def opened(
        options: dict[str, str | int | float | bool] | None = None, **tables: Any
    ) -> AsyncIterator[Bot]:
        setup = make_setup(**tables)
        spec = ModelSpec("fake", "fake", "", options=tuple((options or {}).items()))
        async with open_app(setup, ["fake"], models={"fake": spec}) as app:
            platform = app.adapters["fake"]
            assert isinstance(platform, FakeAdapter)
            yield Bot(app, platform)

    return opened
