"""The terminal commands about the store; bot.cli takes them in."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.setup import read_setup
from bot.terminal.help import HelpfulTyper
from bot.terminal.options import CONFIG, ConfigOption

__all__ = ["add_store_commands"]

PlatformOption = Annotated[
    str, typer.Option(help="Where they are, such as discord, telegram or web.")
]
PersonOption = Annotated[str, typer.Option(help="Their id on that platform.")]


store_app = HelpfulTyper(summary="The database: seal its texts with a key.")


def add_store_commands(app: HelpfulTyper) -> None:
    """Take the commands into the program."""
    app.command()(backup)
    app.command()(restore)
    app.add_typer(store_app, name="store")
    app.command()(export)
    app.command()(forget)


def backup(
    out: Annotated[
        Path | None, typer.Option(help="A file or folder; else beside the database.")
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(min=1, help="How many copies stay in the folder; else all."),
    ] = None,
    config: ConfigOption = CONFIG,
) -> None:
    """Copy the database, also while the bot runs."""
    from bot.terminal.copies import back_up_store

    back_up_store(read_setup(config, quiet=True), out, keep=keep)


def restore(
    file: Annotated[Path, typer.Argument(help="A copy that backup made.")],
    config: ConfigOption = CONFIG,
) -> None:
    """Go back to a copy of the database, while the bot is stopped."""
    from bot.terminal.copies import restore_from

    restore_from(read_setup(config, quiet=True), file)


@store_app.command("key")
def store_key(config: ConfigOption = CONFIG) -> None:
    """Make a key for the texts in the database, and tell where it belongs."""
    from bot.terminal.sealing import make_key

    make_key(read_setup(config, quiet=True))


@store_app.command("seal")
def store_seal(config: ConfigOption = CONFIG) -> None:
    """Seal all texts in the database now, while the bot is stopped."""
    from bot.terminal.sealing import seal_store

    asyncio.run(seal_store(read_setup(config, quiet=True)))


@store_app.command("rotate")
def store_rotate(config: ConfigOption = CONFIG) -> None:
    """Seal what older keys sealed with the newest one, while the bot is stopped."""
    from bot.terminal.sealing import rotate_store

    asyncio.run(rotate_store(read_setup(config, quiet=True)))


def export(
    platform: PlatformOption,
    person: PersonOption,
    out: Annotated[Path | None, typer.Option(help="A file; else the terminal.")] = None,
    config: ConfigOption = CONFIG,
) -> None:
    """Give out all that is kept of a person, while the bot is stopped."""
    from bot.terminal.members import export_person

    setup = read_setup(config, quiet=True)
    asyncio.run(export_person(setup, platform, person, out))


def forget(
    platform: PlatformOption, person: PersonOption, config: ConfigOption = CONFIG
) -> None:
    """Forget a person, while the bot is stopped."""
    from bot.terminal.members import forget_person

    asyncio.run(forget_person(read_setup(config, quiet=True), platform, person))
