"""Terminal commands that measure the bot without a model; bot.cli takes them in."""

import asyncio
from typing import Annotated

import typer

from bot.setup import read_setup
from bot.terminal.help import HelpfulTyper
from bot.terminal.options import CONFIG, ConfigOption, JsonOption

__all__ = ["add_bench_commands"]


def add_bench_commands(bench_app: HelpfulTyper) -> None:
    """Take the commands into the group `bench`."""
    bench_app.command("overhead")(bench_overhead)
    bench_app.command("desk")(bench_desk)


def bench_overhead(
    messages: Annotated[int, typer.Option(min=100, help="How many.")] = 100_000,
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Measure what the bot itself costs per message, and its memory."""
    from bot.terminal.bench import print_overhead_bench

    setup = read_setup(config, quiet=True)
    asyncio.run(print_overhead_bench(setup, messages=messages, as_json=as_json))


def bench_desk(
    viewers: Annotated[int, typer.Option(min=1, max=256, help="How many look.")] = 200,
    rounds: Annotated[int, typer.Option(min=1, help="Turns with and without.")] = 3,
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Measure whether those who look at the desk slow down those who chat."""
    from bot.terminal.bench_desk import print_desk_bench

    setup = read_setup(config, quiet=True)
    asyncio.run(
        print_desk_bench(setup, viewers=viewers, rounds=rounds, as_json=as_json)
    )
