"""`hearthbot bench image`: how fast pictures are drawn on this machine."""

from collections.abc import Sequence
from dataclasses import asdict

from bot.bench.image import bench_image
from bot.errors import MissingError
from bot.models.choose_image import resolve_image
from bot.models.machine import inspect_machine
from bot.setup import Setup
from bot.terminal.run import fetch_painter
from bot.words import T

__all__ = ["print_image_bench"]


def print_image_bench(
    setup: Setup,
    *,
    sizes: Sequence[int],
    steps: Sequence[int],
    batch: int,
    as_json: bool,
) -> None:
    """Measure the model that draws, and print what a picture takes.

    Raises:
        MissingError: nothing draws, or its model is not here.
        GenerationError: a picture could not be drawn.
    """
    fetch_painter(setup)
    spec = resolve_image(
        setup.config.models.image, setup.models_folder, machine=inspect_machine()
    )
    if spec is None:
        raise MissingError(
            T("Nothing draws yet. Name a model in [models.image] in the settings.")
        )
    with setup.terminal.steps(T("Measuring")) as progress:
        figures = bench_image(
            spec, sizes=sizes, steps=steps, batch=batch, progress=progress
        )
    if as_json:
        setup.terminal.json([asdict(one) for one in figures])
        return
    setup.terminal.table(
        (
            T("size"),
            T("steps"),
            T("a picture alone"),
            T("each of {n}", n=batch),
            T("gain"),
            T("memory"),
        ),
        [
            (
                f"{one.width_px} x {one.height_px}",
                f"{one.num_steps}",
                f"{one.alone_s:.2f} s",
                f"{one.together_s:.2f} s",
                f"{one.gain:.2f}",
                f"{one.memory_mib:.0f} MiB",
            )
            for one in figures
        ],
    )
