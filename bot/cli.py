"""The terminal commands. Each is a thin door to the part that does the work."""

import asyncio
import io
import os
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer

from bot.apology import new_error_id
from bot.errors import ConfigError, HearthbotError, MissingError
from bot.logs import configure_logging
from bot.setup import read_setup
from bot.terminal.output import clean
from bot.words import T, Text, Words

__all__ = ["app", "main"]

logger = structlog.get_logger(__name__)

EXIT_FAILED, EXIT_WRONG_USE, EXIT_MISSING = 1, 2, 69

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A host for your community, on your own machine.",
)
models_app = typer.Typer(no_args_is_help=True, help="The models: list, fetch, choose.")
bench_app = typer.Typer(no_args_is_help=True, help="How fast it is on this machine.")
config_app = typer.Typer(no_args_is_help=True, help="The settings.")
commands_app = typer.Typer(no_args_is_help=True, help="The commands in chats.")
app.add_typer(models_app, name="models")
app.add_typer(bench_app, name="bench")
app.add_typer(config_app, name="config")
app.add_typer(commands_app, name="commands")

ConfigOption = Annotated[
    Path, typer.Option("--config", envvar="HEARTHBOT_CONFIG", help="The settings file.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON and nothing else.")
]
CONFIG = Path("config.toml")


@app.command()
def run(
    console: Annotated[
        bool, typer.Option("--console", help="Chat here, in the terminal, too.")
    ] = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Start the bot. Ctrl+C ends it kindly."""
    from bot.terminal.run import run_bot

    setup = read_setup(config)
    asyncio.run(run_bot(setup, with_console=console))


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="What you want to know.")],
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Answer one question through the whole pipeline."""
    from bot.terminal.ask import ask_bot

    setup = read_setup(config, quiet=True)
    asyncio.run(ask_bot(setup, clean(text), as_json=as_json))


@app.command()
def draft(
    kind: Annotated[str, typer.Argument(help="The kind of post, such as article.")],
    topic: Annotated[str, typer.Option(help="What it is about.")],
    out: Annotated[Path | None, typer.Option(help="A folder to put it into.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Write a post without publishing it."""
    from bot.terminal.draft import draft_post

    setup = read_setup(config, quiet=True)
    asyncio.run(draft_post(setup, kind, clean(topic), out=out, as_json=as_json))


@app.command()
def do(
    line: Annotated[str, typer.Argument(help='A command such as "/schedule list".')],
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Run a command of the chats as the owner, while the bot is stopped."""
    from bot.terminal.do import do_line

    setup = read_setup(config, quiet=True)
    asyncio.run(do_line(setup, clean(line), as_json=as_json))


@app.command()
def doctor(as_json: JsonOption = False, config: ConfigOption = CONFIG) -> None:
    """Say what this machine has, and what to do about what is missing."""
    from bot.terminal.doctor import print_doctor

    if not print_doctor(read_setup(config, quiet=True), as_json=as_json):
        raise typer.Exit(EXIT_FAILED)


@models_app.command("list")
def models_list(as_json: JsonOption = False, config: ConfigOption = CONFIG) -> None:
    """List the models that are known by name."""
    from bot.terminal.models import list_models

    list_models(read_setup(config, quiet=True), as_json=as_json)


@models_app.command("recommend")
def models_recommend(
    as_json: JsonOption = False, config: ConfigOption = CONFIG
) -> None:
    """Name the models that fit this machine, best first."""
    from bot.terminal.models import recommend_models

    recommend_models(read_setup(config, quiet=True), as_json=as_json)


@models_app.command("fetch")
def models_fetch(
    name: Annotated[str, typer.Argument(help="A name from the list.")] = "starter",
    config: ConfigOption = CONFIG,
) -> None:
    """Fetch a model; goes on where it stopped."""
    from bot.terminal.models import fetch_named_model

    fetch_named_model(read_setup(config, quiet=True), name)


@bench_app.command("chat")
def bench_chat(
    users: Annotated[int, typer.Option(min=1, max=256, help="How many talk.")] = 16,
    rounds: Annotated[int, typer.Option(min=1, help="Turns of bot and backend.")] = 3,
    tokens: Annotated[int, typer.Option(min=8, help="The longest answer.")] = 128,
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Drive the whole bot and the bare backend, and compare them."""
    from bot.terminal.bench import print_chat_bench

    setup = read_setup(config, quiet=True)
    asyncio.run(
        print_chat_bench(
            setup, users=users, rounds=rounds, tokens=tokens, as_json=as_json
        )
    )


@bench_app.command("overhead")
def bench_overhead(
    messages: Annotated[int, typer.Option(min=100, help="How many.")] = 100_000,
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Measure what the bot itself costs per message, and its memory."""
    from bot.terminal.bench import print_overhead_bench

    setup = read_setup(config, quiet=True)
    asyncio.run(print_overhead_bench(setup, messages=messages, as_json=as_json))


@config_app.command("check")
def config_check(config: ConfigOption = CONFIG) -> None:
    """Check the settings."""
    from content.calendar import check_schedules

    setup = read_setup(config)
    check_schedules(setup.config.schedule, bot=setup.config.bot)
    setup.terminal.result(T("{path} is fine.", path=config))


@config_app.command("docs")
def config_docs(
    out: Annotated[Path | None, typer.Option(help="A file; else the terminal.")] = None,
) -> None:
    """Write the reference of all settings."""
    from bot.terminal.reference import write_config_reference

    write_config_reference(out)


@commands_app.command("docs")
def commands_docs(
    out: Annotated[Path | None, typer.Option(help="A file; else the terminal.")] = None,
    config: ConfigOption = CONFIG,
) -> None:
    """Write the reference of all commands."""
    from bot.terminal.reference import write_command_reference

    asyncio.run(write_command_reference(read_setup(config, quiet=True), out))


def main() -> None:
    """Run a command; whatever goes wrong ends in a plain sentence and an exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show a character shows another one in its place.
        sys.stdout.reconfigure(errors="replace")
    # Until the settings are read: a log of its own would print tracebacks with values.
    configure_logging("warning", is_terminal=sys.stderr.isatty(), stream=sys.stderr)
    sys.exit(_exit_code())


def _exit_code() -> int:
    try:
        app()
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_FAILED
    except HearthbotError as error:
        _complain(error.text)
        if isinstance(error, ConfigError):
            return EXIT_WRONG_USE
        return EXIT_MISSING if isinstance(error, MissingError) else EXIT_FAILED
    except OSError as error:
        logger.debug("command failed", exc_info=error)
        _complain(_refusal(error))
        return EXIT_FAILED
    except Exception:
        error_id = new_error_id()
        logger.exception("command failed", error_id=error_id)
        _complain(T("Something went wrong (error {id}); see the log.", id=error_id))
        return EXIT_FAILED
    return 0


def _refusal(error: OSError) -> Text:
    """Return what the system says: a full disk, a file that cannot be written."""
    reason = error.strerror or str(error)
    if error.filename is None:
        return T("This machine does not let me: {reason}.", reason=reason)
    return T(
        "This machine does not let me: {reason} ({path}).",
        reason=reason,
        path=error.filename,
    )


def _complain(text: Text) -> None:
    said = Words.load().say(text, os.environ.get("LANG"))
    typer.secho(said, err=True, fg=typer.colors.RED)
