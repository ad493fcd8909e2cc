"""The terminal commands about judging; bot.cli takes them in."""

import asyncio
import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Annotated

import typer

from bot.cli_train import train_app
from bot.safety.classifier import TextClassifier
from bot.safety.policy import Level, Policy
from bot.setup import read_setup
from bot.terminal.help import HelpfulTyper
from bot.terminal.options import CONFIG, ConfigOption, JsonOption

__all__ = ["add_safety_commands"]

EXIT_FAILED = 1


def add_safety_commands(app: HelpfulTyper, bench_app: HelpfulTyper) -> None:
    """Take the commands into the program and its group `bench`."""
    app.command()(moderate)
    app.command()(corrections)
    app.add_typer(train_app, name="train")
    bench_app.command("safety")(bench_safety)


def moderate(
    file: Annotated[
        Path | None, typer.Argument(help="JSON lines; standard input without it.")
    ] = None,
    level: Annotated[
        Level | None, typer.Option(help="How strictly; else as the settings say.")
    ] = None,
    config: ConfigOption = CONFIG,
) -> None:
    """Judge texts: JSON lines with text and stage in, a verdict for each out."""
    from bot.guarding import open_filters
    from bot.terminal.moderate import moderate as judge
    from bot.terminal.moderate import open_lines

    setup = read_setup(config, quiet=True)
    with open_lines(file) as source:
        is_well = asyncio.run(
            judge(
                source,
                sys.stdout,
                open_filters=lambda: open_filters(setup),
                policy=Policy(level or Level(setup.config.safety.level)),
            )
        )
    if not is_well:
        raise typer.Exit(EXIT_FAILED)


def corrections(
    out: Annotated[Path | None, typer.Option(help="A file; else the terminal.")] = None,
    config: ConfigOption = CONFIG,
) -> None:
    """Write what moderators corrected as JSON lines, while the bot is stopped."""
    from bot.terminal.corrections import write_corrections

    asyncio.run(write_corrections(read_setup(config, quiet=True), out))


def bench_safety(
    data: Annotated[
        Path | None, typer.Option(help="Labelled texts, JSON lines.")
    ] = None,
    stream: Annotated[
        bool, typer.Option("--stream", help="How much later answers begin.")
    ] = False,
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Measure how well and how fast texts are judged."""
    from bot.guarding import open_classifier
    from bot.terminal.bench_safety import (
        HELD_BACK,
        print_safety_bench,
        print_stream_bench,
    )

    setup = read_setup(config, quiet=True)

    def opened() -> AbstractAsyncContextManager[TextClassifier]:
        return open_classifier(setup)

    asyncio.run(
        print_stream_bench(setup, opened, num_answers=320, as_json=as_json)
        if stream
        else print_safety_bench(setup, opened, path=data or HELD_BACK, as_json=as_json)
    )
