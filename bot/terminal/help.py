"""`--help`, in the reader's language.

Typer says its own words in English only, and keeps the texts of our commands as plain
strings. So it reads the command line, and the page is written here: from the same
strings, each looked up in the catalogues. `help_texts` gives them to `make words`.
"""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup
from typer.main import get_command
from typing_extensions import override

from bot.terminal.output import Terminal
from bot.terminal.wrong_use import EXIT_WRONG_USE, WrongUseError, shown_name
from bot.words import T, Text

__all__ = ["HelpfulTyper", "help_texts"]


class HelpfulTyper(typer.Typer):
    """A Typer that writes its pages of help as `Terminal` says them.

    Its command is run with `obj` set to a function that opens the terminal.
    """

    def __init__(self, *, summary: str) -> None:
        super().__init__(
            cls=_Group,
            help=summary,
            add_completion=False,
            pretty_exceptions_enable=False,
            rich_markup_mode=None,
        )

    @override
    def command(
        self,
        name: str | None = None,
        **options: Any,  # Typer's own
    ) -> Callable[[Any], Any]:
        """Return a decorator that makes a function a command."""
        return super().command(name, cls=_Command, **options)


def help_texts(app: typer.Typer) -> Iterator[str]:
    """Yield every text that the help of an app shows."""
    return _texts(get_command(app))


class _Command(TyperCommand):
    # What is left over is refused below, in the reader's language.
    allow_extra_args = True

    @override
    def format_help(self, ctx: Any, formatter: Any) -> None:
        _write_page(ctx)

    @override
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise WrongUseError(
                T(
                    "“{command}” has no place for “{rest}”.",
                    command=ctx.command_path,
                    rest=" ".join(rest),
                )
            )
        return rest


class _Group(TyperGroup):
    @override
    def format_help(self, ctx: Any, formatter: Any) -> None:
        _write_page(ctx)

    @override
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args:
            _write_page(ctx)
            raise typer.Exit(EXIT_WRONG_USE)
        return super().parse_args(ctx, args)

    @override
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if name not in self.commands:
            raise WrongUseError(
                T(
                    "“{group}” has no command “{name}”. There are: {names}.",
                    group=ctx.command_path,
                    name=name,
                    names=", ".join(self.commands),
                )
            )
        return super().resolve_command(ctx, args)


def _texts(command: Any) -> Iterator[str]:
    yield _plain(command.help)
    for parameter in command.get_params(typer.Context(command)):
        yield _plain(parameter.help)
    for child in _children(command):
        yield from _texts(child)


def _children(command: Any) -> list[Any]:
    return list(getattr(command, "commands", {}).values())


def _plain(text: str | None) -> str:
    """Return a help text without the line ends of the code it stands in."""
    paragraphs = inspect.cleandoc(text or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _write_page(ctx: Any) -> None:
    open_terminal: Callable[[], Terminal] = ctx.obj
    terminal, command = open_terminal(), ctx.command
    parameters = command.get_params(ctx)
    arguments = [one for one in parameters if isinstance(one, TyperArgument)]
    options = [one for one in parameters if not isinstance(one, TyperArgument)]
    terminal.result(_usage(ctx, arguments))
    terminal.result("")
    terminal.result(Text(_plain(command.help)))
    for heading, rows in (
        (
            T("Commands"),
            [(one.name, terminal.say(_summary(one))) for one in _children(command)],
        ),
        (T("Arguments"), [_row(terminal, one) for one in arguments]),
        (T("Options"), [_row(terminal, one) for one in options]),
    ):
        if rows:
            terminal.result("")
            terminal.definitions(heading, rows)


def _usage(ctx: Any, arguments: list[TyperArgument]) -> Text:
    path = ctx.command_path
    if _children(ctx.command):
        return T("Usage: {group} COMMAND …", group=path)
    names = [
        shown_name(one) if one.required else f"[{shown_name(one)}]" for one in arguments
    ]
    return T("Usage: {command} [options]", command=" ".join([path, *names]))


def _summary(command: Any) -> Text:
    return Text(_plain(command.help))


def _row(terminal: Terminal, parameter: Any) -> tuple[str, str]:
    """Return how a parameter is written, and what it is."""
    name = ", ".join([*parameter.opts, *parameter.secondary_opts])
    if isinstance(parameter, TyperArgument):
        name = shown_name(parameter)
    elif not parameter.is_flag:
        name += f" {parameter.name.upper()}"
    text = terminal.say(Text(_plain(parameter.help)))
    notes = terminal.say(T("; ")).join(map(terminal.say, _notes(parameter)))
    if notes:
        text = terminal.say(T("{text} ({notes})", text=text, notes=notes))
    return name, text


def _notes(parameter: Any) -> Iterator[Text]:
    lowest, highest, default = parameter.min, parameter.max, parameter.default
    if parameter.required:
        yield T("must be given")
    if lowest is not None and highest is not None:
        yield T("{lowest} to {highest}", lowest=lowest, highest=highest)
    elif lowest is not None:
        yield T("{lowest} or more", lowest=lowest)
    if default is not None and default is not False:
        yield T("else {default}", default=default)
    if parameter.envvar:
        yield T("also as the variable {name}", name=parameter.envvar)
