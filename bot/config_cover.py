"""The settings of covers: the pictures of posts that no model draws one for."""

from typing import Annotated

from pydantic import Field

from bot.config_types import Table

__all__ = ["CoverConfig"]

Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]


class CoverConfig(Table):
    """Covers of posts, with the title on a background in the community's colours."""

    enabled: bool = Field(True, description="Whether posts get a cover.")
    colours: tuple[Colour, ...] = Field(
        ("#b8471f", "#f0a95c"),
        min_length=1,
        max_length=2,
        description="One or two colours, such as #b8471f.",
    )
