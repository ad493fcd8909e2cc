"""The models that Hearthbot knows by name for drawing.

What others than the starter take is computed: parameters in 16 bits, and a fifth for
the work.
"""

from collections.abc import Mapping
from pathlib import Path

from bot.generation.requests import Kind
from bot.models.entry import BundledSource, HubSource, SoundEntry
from bot.words import T, Text

__all__ = ["PICTURE_MODELS", "PICTURE_STARTER"]

BYTES_EACH = 2.4
RUNTIME_BYTES = 500_000_000

BUNDLED = Path(__file__).parents[1] / "generation" / "sticker_model"

PICTURE_STARTER = SoundEntry(
    "starter-image",
    T("Our own. Draws stickers of 64 px from a few English words, on any machine."),
    BundledSource(BUNDLED),
    kind=Kind.IMAGE,
    parameters=18_566_000,
    backend="diffusers",
    licence="Apache-2.0",
    memory_bytes=RUNTIME_BYTES + 100_000_000,
)
"""What "starter" means in [models.image]. Its folder says how it was made. Steps and
guidance come from `HINTS` in `diffusers_defaults`, by the folder's name."""


def _entry(
    name: str, summary: Text, source: HubSource, parameters: int, licence: str
) -> SoundEntry:
    return SoundEntry(
        name,
        summary,
        source,
        kind=Kind.IMAGE,
        parameters=parameters,
        backend="diffusers",
        licence=licence,
        memory_bytes=RUNTIME_BYTES + round(parameters * BYTES_EACH),
    )


_ENTRIES = (
    PICTURE_STARTER,
    _entry(
        "sd-turbo",
        T("SD Turbo. Two steps a picture of 512 px; the smallest that draws anything."),
        HubSource("stabilityai/sd-turbo"),
        1_290_000_000,
        "Stability AI Community",
    ),
    _entry(
        "sdxl",
        T("Stable Diffusion XL. Pictures of 1024 px, on a graphics card."),
        HubSource("stabilityai/stable-diffusion-xl-base-1.0"),
        3_470_000_000,
        "OpenRAIL++-M",
    ),
    _entry(
        "flux-schnell",
        T("FLUX.1 schnell. Keeps closely to the words; wants a large graphics card."),
        HubSource("black-forest-labs/FLUX.1-schnell", is_gated=True),
        16_870_000_000,
        "Apache-2.0",
    ),
)

PICTURE_MODELS: Mapping[str, SoundEntry] = {entry.name: entry for entry in _ENTRIES}
"""By name."""
