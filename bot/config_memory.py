"""The settings of what the bot is asked to remember."""

from pydantic import Field

from bot.config_types import Table

__all__ = ["MemoryConfig"]


class MemoryConfig(Table):
    """What people ask it to remember."""

    tokens: int = Field(
        200,
        ge=0,
        le=4000,
        description="How much of a prompt may be what is remembered, in tokens; never "
        "more than a quarter of the model's context. 0: nothing is used.",
    )
    max_notes: int = Field(
        50,
        ge=1,
        le=500,
        description="How many notes a person may have in one community or in private, "
        "and a community of its own.",
    )
    max_characters: int = Field(
        300, ge=20, le=2000, description="The longest note, in characters."
    )
    offers: bool = Field(
        True,
        description="Whether it offers to remember what people say of themselves, such "
        "as their name: at most once a day and person.",
    )
