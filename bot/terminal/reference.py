"""The generated pages of the documentation."""

from dataclasses import replace
from pathlib import Path

import typer

from bot.app import open_app
from bot.commands.command import Command
from bot.commands.registry import Registry
from bot.config import Config
from bot.config_models import ImageModelConfig
from bot.config_reference import config_reference
from bot.generation.requests import ModelSpec
from bot.messages import Role
from bot.safety.fake import FakeClassifier
from bot.setup import Setup, aside

__all__ = ["command_reference", "write_command_reference", "write_config_reference"]

ROLES = {Role.MEMBER: "members", Role.MODERATOR: "moderators", Role.OWNER: "the owner"}
HEAD = """# Commands

Generated from the code with `make docs`. Type them in a chat; on the page, `/` shows
the list; in the terminal, `hearthbot do "/…"` runs one while the bot is stopped.
"""


def write_config_reference(out: Path | None) -> None:
    """Write docs/configuration.md, to the terminal where no file is named."""
    _write(config_reference(Config), out)


async def write_command_reference(setup: Setup, out: Path | None) -> None:
    """Write docs/commands.md, to the terminal where no file is named."""
    model = ModelSpec("fake", "fake", "")
    # What draws, so that its commands are there too, on whatever machine.
    image = ImageModelConfig(model="fake", backend="fake")
    tables = setup.config.models.model_copy(update={"image": image})
    config = setup.config.model_copy(update={"models": tables})
    with aside(replace(setup, config=config)) as passing:
        harmless = FakeClassifier({})
        async with open_app(passing, (), models={"fake": model}, guard=harmless) as app:
            page = command_reference(app.registry)
    _write(page, out)


def command_reference(registry: Registry) -> str:
    """Return docs/commands.md."""
    return "\n".join([HEAD, *(_section(command) for command in registry)])


def _section(command: Command) -> str:
    lines = [
        f"## /{command.name}",
        "",
        f"{command.summary} For {ROLES[command.min_role]}.",
        "",
        f"    {command.usage}",
        "",
    ]
    if command.parameters:
        lines += ["| parameter | what it is |", "|---|---|"]
        lines += [f"| `{p.name}` | {p.summary} |" for p in command.parameters]
        lines.append("")
    return "\n".join(lines)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text)
    else:
        out.write_text(text, encoding="utf-8")
