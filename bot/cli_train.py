"""The terminal commands that train models; bot.cli takes them in."""

from pathlib import Path
from typing import Annotated

import typer

from bot.setup import read_setup
from bot.terminal.help import HelpfulTyper
from bot.terminal.options import CONFIG, ConfigOption, JsonOption

__all__ = ["train_app"]

train_app = HelpfulTyper(summary="What the project trains itself.")


@train_app.command("guard")
def train_guard(
    data: Annotated[Path, typer.Option(help="The folder with the public corpora.")],
    out: Annotated[Path, typer.Option(help="A folder for the trained guard.")],
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the data.")] = 2,
    seed: Annotated[int, typer.Option(help="Of all that is drawn.")] = 1,
    with_corrections: Annotated[
        Path | None, typer.Option(help="JSON lines that moderators corrected.")
    ] = None,
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Train the text guard; goes on where it stopped."""
    from bot.terminal.train import train_guard_model

    train_guard_model(
        read_setup(config, quiet=True),
        data=data,
        out=out,
        epochs=epochs,
        seed=seed,
        corrections=with_corrections,
        as_json=as_json,
    )


@train_app.command("sticker")
def train_sticker(
    out: Annotated[Path, typer.Option(help="A folder for the trained model.")],
    steps: Annotated[int, typer.Option(min=1, help="Of the denoiser.")] = 20_000,
    autoencoder_steps: Annotated[
        int, typer.Option(min=1, help="Of the autoencoder, before.")
    ] = 6_000,
    hours: Annotated[
        float | None,
        typer.Option(min=0, help="Stop after so long, with what is there."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of all that is drawn.")] = 1,
    pictures: Annotated[
        int, typer.Option(min=0, help="Learn only so many; 0: all.")
    ] = 0,
    sheet_every: Annotated[
        int, typer.Option(min=1, help="Steps between two sheets of samples.")
    ] = 500,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Annotated[
        int, typer.Option(min=0, help="Of the CPU; 0: as many as it has.")
    ] = 0,
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Train the small model that draws stickers; goes on where it stopped."""
    from bot.terminal.train_sticker import train_sticker_model
    from bot.training.sticker.wanted import Wanted

    train_sticker_model(
        read_setup(config, quiet=True),
        out,
        Wanted(
            steps=steps,
            autoencoder_steps=autoencoder_steps,
            hours=hours,
            seed=seed,
            num_pictures=pictures,
            sheet_every=sheet_every,
            device=device,
            threads=threads,
        ),
        as_json=as_json,
    )
