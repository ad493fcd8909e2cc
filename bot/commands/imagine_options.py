"""What one may say to /imagine besides the words."""

from collections.abc import Mapping

from bot.commands.command import Arguments, Parameter, ParameterType
from bot.drawing import Drawer
from bot.generation.requests import ImageParams
from bot.words import T

__all__ = ["SHAPES", "STYLES", "imagine_parameters", "params_of", "styled"]

STYLES: Mapping[str, str] = {
    "none": "",
    "sticker": "sticker, thick white outline, flat colours, plain background",
    "watercolour": "watercolour painting, soft washes, paper texture",
    "photo": "photograph, natural light, sharp focus",
    "pixel": "pixel art, few colours, clean edges",
    "ink": "ink drawing, fine lines, black on white",
    "comic": "comic, bold outlines, flat colours",
}
"""What is put behind the words, by the name of a style."""

SHAPES: Mapping[str, tuple[int, int]] = {
    "square": (1, 1),
    "wide": (3, 2),
    "tall": (2, 3),
}
"""Width to height."""

MULTIPLE_PX = 64


def imagine_parameters(drawer: Drawer) -> tuple[Parameter, ...]:
    """Return them; a model that can do no size but its own is asked for none."""
    prompt = Parameter(
        "prompt", T("What it is to show."), ParameterType.REST, is_required=True
    )
    count = Parameter(
        "count",
        T("How many pictures, at most {max}.", max=drawer.max_count),
        ParameterType.INTEGER,
        is_named=True,
    )
    size = Parameter(
        "size", T("Its shape."), choices=lambda: tuple(SHAPES), is_named=True
    )
    style = Parameter(
        "style", T("How it looks."), choices=lambda: tuple(STYLES), is_named=True
    )
    seed = Parameter(
        "seed",
        T("The number of an earlier picture, to draw that one again."),
        ParameterType.INTEGER,
        is_named=True,
    )
    like = Parameter(
        "like",
        T("The name of a picture to begin from, as buttons say it."),
        is_named=True,
    )
    sizes = [size] if drawer.side_px else []
    return (prompt, count, *sizes, style, seed, like)


def styled(arguments: Arguments) -> str:
    """Return the words with those of the style behind them."""
    suffix = STYLES[str(arguments.get("style", "none"))]
    prompt = str(arguments["prompt"])
    return f"{prompt}, {suffix}" if suffix else prompt


def params_of(arguments: Arguments, side_px: int) -> ImageParams:
    """Return size and seed; the longer side is always the same."""
    seed = arguments.get("seed")
    params = ImageParams(seed=None if seed is None else int(seed))
    if "size" not in arguments:
        return params
    shape = SHAPES[str(arguments["size"])]
    width, height = (
        max(MULTIPLE_PX, side_px * part // max(shape) // MULTIPLE_PX * MULTIPLE_PX)
        for part in shape
    )
    return ImageParams(width=width, height=height, seed=params.seed)
