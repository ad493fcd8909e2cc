"""Options that many terminal commands share."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["CONFIG", "ConfigOption", "JsonOption"]

ConfigOption = Annotated[
    Path, typer.Option("--config", envvar="HEARTHBOT_CONFIG", help="The settings file.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON and nothing else.")
]
CONFIG = Path("config.toml")
