"""The terminal commands. Each is a thin door to the part that does the work."""

import asyncio
import io
import os
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer
from typer.exceptions import TyperException
from typer.main import get_command

from bot.apology import new_error_id
from bot.cli_bench import add_bench_commands
from bot.cli_pictures import add_picture_commands
from bot.cli_safety import add_safety_commands
from bot.cli_store import add_store_commands
from bot.errors import ConfigError, HearthbotError, MissingError
from bot.logs import configure_logging
from bot.setup import read_setup
from bot.terminal.help import HelpfulTyper
from bot.terminal.options import CONFIG, ConfigOption, JsonOption
from bot.terminal.output import Terminal
from bot.terminal.wrong_use import EXIT_WRONG_USE, WrongUseError, explain_use, given
from bot.words import T, Text, Words, wanted_languages

__all__ = ["app", "main"]

logger = structlog.get_logger(__name__)

EXIT_FAILED, EXIT_MISSING = 1, 69

app = HelpfulTyper(summary="A host for your community, on your own machine.")
models_app = HelpfulTyper(summary="The models: list, fetch, choose.")
bench_app = HelpfulTyper(summary="How fast it is on this machine.")
config_app = HelpfulTyper(summary="The settings.")
commands_app = HelpfulTyper(summary="The commands in chats.")
app.add_typer(models_app, name="models")
app.add_typer(bench_app, name="bench")
app.add_typer(config_app, name="config")
app.add_typer(commands_app, name="commands")


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

    text = given(text, "TEXT")
    setup = read_setup(config, quiet=True)
    asyncio.run(ask_bot(setup, text, as_json=as_json))


@app.command()
def draft(
    kind: Annotated[str, typer.Argument(help="The kind of post, such as article.")],
    topic: Annotated[str, typer.Option(help="What it is about.")] = "",
    material: Annotated[list[str], typer.Option(help="A text or a feed to use.")] = [],  # noqa: B006
    out: Annotated[Path | None, typer.Option(help="A folder to put it into.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Write a post without publishing it."""
    from bot.terminal.draft import draft_post

    topic = topic if material else given(topic, "--topic")
    setup = read_setup(config, quiet=True)
    asyncio.run(draft_post(setup, kind, topic, material, out=out, as_json=as_json))


@app.command()
def do(
    line: Annotated[str, typer.Argument(help='A command such as "/schedule list".')],
    out: Annotated[Path | None, typer.Option(help="A folder to put it into.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Run a command of the chats as the owner, while the bot is stopped."""
    from bot.terminal.do import do_line

    line = given(line, "LINE")
    setup = read_setup(config, quiet=True)
    asyncio.run(do_line(setup, line, out=out, as_json=as_json))


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
    generate: Annotated[
        bool,
        typer.Option(
            "--generate",
            help="Compare one person's speed with transformers' model.generate too.",
        ),
    ] = False,
    no_guard: Annotated[
        bool, typer.Option("--no-guard", help="Leave out what the guard costs.")
    ] = False,
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Drive the whole bot and the bare backend, and compare them."""
    from bot.terminal.bench import print_chat_bench

    setup = read_setup(config, quiet=True)
    asyncio.run(
        print_chat_bench(
            setup,
            users=users,
            rounds=rounds,
            tokens=tokens,
            as_json=as_json,
            with_generate=generate,
            with_guard=not no_guard,
        )
    )


@bench_app.command("content")
def bench_content(
    kinds: Annotated[
        list[str] | None, typer.Argument(help="Kinds of posts; else all of them.")
    ] = None,
    topics: Annotated[int, typer.Option(min=1, help="Posts of each kind.")] = 5,
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Have posts of each kind written, and count how many are good enough."""
    from bot.terminal.bench_content import print_content_bench

    setup = read_setup(config, quiet=True)
    asyncio.run(
        print_content_bench(setup, kinds or [], num_topics=topics, as_json=as_json)
    )


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


add_bench_commands(bench_app)
add_picture_commands(app, bench_app)
add_safety_commands(app, bench_app)
add_store_commands(app)


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
        ended = get_command(app).main(standalone_mode=False, obj=_open_terminal)
        return ended if isinstance(ended, int) else 0
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else EXIT_FAILED
    except (KeyboardInterrupt, typer.Abort):
        return EXIT_FAILED
    except TyperException as error:
        _complain(explain_use(error))
        return error.exit_code
    except HearthbotError as error:
        _complain(error.text)
        if isinstance(error, ConfigError | WrongUseError):
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


def _refusal(error: OSError) -> Text:
    """Return what the system says: a full disk, a file that cannot be written."""
    reason = error.strerror or str(error)
    if (path := error.filename) is None:
        return T("This machine does not let me: {reason}.", reason=reason)
    return T(
        "This machine does not let me: {reason} ({path}).", reason=reason, path=path
    )


def _complain(text: Text) -> None:
    typer.secho(_open_terminal().say(text), err=True, fg=typer.colors.RED)


def _open_terminal() -> Terminal:
    """Return a terminal in the language of the environment: no setting is read yet."""
    words = Words.load()
    return Terminal(words, words.nearest(*wanted_languages(os.environ)))
