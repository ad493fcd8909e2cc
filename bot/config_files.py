"""The settings of the files that people send."""

from pydantic import Field

from bot.config_types import Table

__all__ = ["FilesConfig"]


class FilesConfig(Table):
    """What is read of the files that people send."""

    max_count: int = Field(
        5, ge=0, le=50, description="How many files one message may carry; 0: none."
    )
    max_bytes: int = Field(
        20_000_000, ge=1, description="The largest file that is looked at, in bytes."
    )
    max_characters: int = Field(
        4000,
        ge=1,
        description="How much text all files of a message may have together. A larger "
        "model context and max_length in [safety] allow for more.",
    )
    max_pages: int = Field(
        100, ge=1, description="The longest PDF that is read, in pages."
    )
    time_limit_s: float = Field(
        10, gt=0, description="How many seconds opening one file may take."
    )
