"""The terminal commands about pictures; bot.cli takes them in."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.setup import read_setup
from bot.terminal.help import HelpfulTyper
from bot.terminal.options import CONFIG, ConfigOption, JsonOption
from bot.terminal.wrong_use import given

__all__ = ["add_picture_commands"]


def add_picture_commands(app: HelpfulTyper, bench_app: HelpfulTyper) -> None:
    """Take the commands into the program and its group `bench`."""
    app.command()(imagine)
    bench_app.command("image")(bench_image)


def imagine(
    prompt: Annotated[str, typer.Argument(help="What the picture is to show.")],
    out: Annotated[Path, typer.Option(help="The file, a PNG.")],
    negative: Annotated[str, typer.Option(help="What it is not to show.")] = "",
    seed: Annotated[
        int | None, typer.Option(help="The same gives the same picture; else drawn.")
    ] = None,
    count: Annotated[int, typer.Option(min=1, max=10, help="How many pictures.")] = 1,
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Draw a picture to words."""
    from bot.terminal.imagine import Imagined, imagine_pictures

    wanted = Imagined(given(prompt, "PROMPT"), out, negative, seed, count)
    setup = read_setup(config, quiet=True)
    asyncio.run(imagine_pictures(setup, wanted, as_json=as_json))


def bench_image(
    size: Annotated[
        list[int] | None,
        typer.Option(min=64, max=2048, help="Side in pixels; may be given again."),
    ] = None,
    steps: Annotated[
        list[int] | None,
        typer.Option(min=1, max=200, help="Steps; may be given again."),
    ] = None,
    batch: Annotated[int, typer.Option(min=1, max=16, help="Asked at once.")] = 4,
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Measure how long pictures take, alone and asked for at once."""
    from bot.terminal.bench_image import print_image_bench

    setup = read_setup(config, quiet=True)
    print_image_bench(
        setup, sizes=size or [0], steps=steps or [0], batch=batch, as_json=as_json
    )
