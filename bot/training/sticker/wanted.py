"""What somebody asks of a sticker training, before anything heavy is loaded."""

from dataclasses import dataclass

__all__ = ["Wanted"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for.

    Attributes:
        steps: of the denoiser.
        hours: stop after so long; None: only at the end.
        num_pictures: learn only so many; 0: all.
        sheet_every: steps of the denoiser between two sheets of samples.
        device: "auto", "cpu" or "cuda".
        threads: of the CPU; 0: as many as it has.
    """

    steps: int
    autoencoder_steps: int
    hours: float | None = None
    seed: int = 1
    num_pictures: int = 0
    sheet_every: int = 500
    device: str = "auto"
    threads: int = 0
