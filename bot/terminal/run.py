"""`hearthbot run`: the bot, until it is told to stop."""

import asyncio
import signal
from collections.abc import Callable

import structlog

from bot.app import App, open_app
from bot.errors import HearthbotError, MissingError
from bot.meaning.opening import wanted_meaning
from bot.models.catalogue import CATALOGUE
from bot.models.choose_image import wanted_image
from bot.models.choose_sound import wanted_sounds
from bot.setup import Setup
from bot.terminal.models import fetch_named_model
from bot.words import T

__all__ = ["fetch_meaning", "fetch_missing", "fetch_painter", "run_bot"]

logger = structlog.get_logger(__name__)

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def fetch_missing(setup: Setup) -> None:
    """Fetch the models of the settings that are known by name and not here yet."""
    chat = setup.config.models.chat
    if chat.backend in ("auto", "llama.cpp", "transformers") and not chat.base_url:
        for name in dict.fromkeys((chat.model, *chat.allowed)):
            if name in CATALOGUE:
                fetch_named_model(setup, name, verify=False)
    for entry in wanted_sounds(setup.config.models):
        fetch_named_model(setup, entry.name, verify=False)
    fetch_painter(setup)


def fetch_painter(setup: Setup) -> None:
    """Fetch the model that draws, where the settings want one known by name."""
    entry = wanted_image(setup.config.models.image)
    if entry is not None:
        fetch_named_model(setup, entry.name, verify=False)


def fetch_meaning(setup: Setup) -> None:
    """Fetch what compares meanings, where it is wanted. What writes does without it."""
    entry = wanted_meaning(setup.config.models)
    if entry is None:
        return
    try:
        fetch_named_model(setup, entry.name, verify=False)
    except MissingError as error:
        setup.terminal.note(
            T("Posts are compared by their words alone: {reason}", reason=error.text)
        )


async def run_bot(setup: Setup, *, with_console: bool) -> None:
    """Run until a signal comes, or the person at the console leaves.

    Raises:
        HearthbotError: it could not start; the text says why.
    """
    await asyncio.to_thread(fetch_missing, setup)
    await asyncio.to_thread(fetch_meaning, setup)
    platforms = ["web"] if setup.config.adapters.web.enabled else []
    if setup.config.adapters.discord.enabled:
        platforms.append("discord")
    if setup.config.adapters.telegram.enabled:
        platforms.append("telegram")
    if with_console:
        platforms.append("console")
    async with open_app(setup, platforms, has_schedules=True) as app:
        stopped = asyncio.Event()
        _on_signals(stopped.set)
        await _greet(app)
        loading = asyncio.create_task(_load(app))
        leaving = [asyncio.create_task(stopped.wait())]
        leaving += [
            asyncio.create_task(adapter.left.wait())
            for adapter in app.adapters.values()
            if adapter.left is not None
        ]
        await asyncio.wait(leaving, return_when=asyncio.FIRST_COMPLETED)
        for task in (*leaving, loading):
            task.cancel()
        setup.terminal.note(T("Stopping: answers that run may finish …"))
        await app.drain()
    setup.terminal.note(T("Stopped. Goodbye."))


async def _greet(app: App) -> None:
    terminal = app.setup.terminal
    for adapter in app.adapters.values():
        if adapter.url:
            terminal.note(
                T(
                    "{name} is at {url}",
                    name=app.setup.config.bot.name,
                    url=adapter.url,
                ),
                style="bold green",
            )
        if adapter.invitation:
            terminal.note(
                T("To let me into a Discord server, open {url}", url=adapter.invitation)
            )
    if "web" in app.adapters and (password := await app.make_password()) is not None:
        terminal.note(
            T(
                "The moderators' password, shown only this once: {password}",
                password=password,
            ),
            style="bold",
        )
    terminal.note(T("Ctrl+C ends it."))


async def _load(app: App) -> None:
    """Load the model behind everything else; who writes meanwhile is told so."""
    try:
        await app.engine.load(app.setup.config.models.chat.model)
    except HearthbotError as error:
        logger.error("model not loaded", reason=str(error))
        app.setup.terminal.note(error.text, style="red")


def _on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()

    def first(number: int) -> None:
        # The second time the kernel's own way counts: it ends at once.
        loop.remove_signal_handler(number)
        stop()

    for number in SIGNALS:
        loop.add_signal_handler(number, first, number)
