"""Names of colours, for models that read words and no numbers."""

from collections.abc import Mapping

__all__ = ["COLOUR_NAMES", "colour_name"]

COLOUR_NAMES: Mapping[str, tuple[int, int, int]] = {
    "black": (0, 0, 0),
    "dark grey": (70, 70, 70),
    "grey": (128, 128, 128),
    "light grey": (200, 200, 200),
    "white": (255, 255, 255),
    "cream": (255, 244, 214),
    "beige": (222, 202, 165),
    "dark brown": (74, 44, 24),
    "brown": (139, 85, 46),
    "dark red": (128, 16, 24),
    "red": (214, 40, 40),
    "rust red": (184, 71, 31),
    "orange": (240, 140, 40),
    "light orange": (240, 175, 100),
    "gold": (212, 165, 40),
    "yellow": (250, 220, 60),
    "olive green": (110, 120, 40),
    "lime green": (150, 210, 50),
    "green": (40, 150, 70),
    "dark green": (20, 75, 45),
    "mint green": (165, 225, 190),
    "teal": (20, 128, 128),
    "turquoise": (65, 205, 200),
    "light blue": (150, 200, 240),
    "sky blue": (80, 165, 230),
    "blue": (40, 90, 200),
    "navy blue": (20, 35, 90),
    "violet": (120, 70, 190),
    "purple": (110, 30, 120),
    "lavender": (195, 175, 230),
    "magenta": (205, 40, 140),
    "pink": (245, 160, 190),
}
"""Red, green and blue of each, 0 to 255."""


def colour_name(colour: str) -> str:
    """Return the nearest name of a colour such as #b8471f."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))

    def distance(name: str) -> float:
        other_red, other_green, other_blue = COLOUR_NAMES[name]
        # The eye sees differences of green best; "redmean" weighs them near enough.
        mean = (red + other_red) / 2
        return (
            (2 + mean / 256) * (red - other_red) ** 2
            + 4 * (green - other_green) ** 2
            + (2 + (255 - mean) / 256) * (blue - other_blue) ** 2
        )

    return min(COLOUR_NAMES, key=distance)
