"""What is wrong with a command line, in words of the catalogues."""

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from typer.core import TyperArgument
from typer.exceptions import TyperException

from bot.config_problem import reason_of
from bot.errors import UserError
from bot.terminal.output import clean
from bot.words import T, Text

__all__ = ["EXIT_WRONG_USE", "WrongUseError", "explain_use", "given", "shown_name"]

EXIT_WRONG_USE = 2


class WrongUseError(UserError):
    """The command line is not as the command needs it."""


def given(text: str, name: str) -> str:
    """Return what was typed for a parameter, as text.

    Raises:
        WrongUseError: it is blank.
    """
    text = clean(text)
    if not text.strip():
        raise WrongUseError(T("{name} must be given.", name=name))
    return text


def shown_name(parameter: Any) -> str:
    """Return how people write a parameter: `TEXT`, or `--topic`."""
    if isinstance(parameter, TyperArgument):
        return parameter.name.upper()
    return " / ".join(parameter.opts)


def explain_use(error: TyperException) -> Text:
    """Return what Typer found, and which page of help tells more."""
    explain = EXPLAINERS.get(type(error).__name__, _other)
    problem = explain(error)
    context = getattr(error, "ctx", None)
    if context is None:
        return problem
    return T(
        "{problem} “{command} --help” shows how it is used.",
        problem=problem,
        command=context.command_path,
    )


def _no_such_option(error: Any) -> Text:
    known = [
        option for one in error.ctx.command.get_params(error.ctx) for option in one.opts
    ]
    near = difflib.get_close_matches(error.option_name, known, n=1, cutoff=0.0)
    return T(
        "There is no option {name}. Did you mean {near}?",
        name=error.option_name,
        near=near[0],
    )


def _missing(error: Any) -> Text:
    return T("{name} must be given.", name=shown_name(error.param))


def _wrong_value(error: Any) -> Text:
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return _other(error)
    problem = cause.errors()[0]
    return T(
        "{name} = {value}: {reason}.",
        name=shown_name(error.param),
        value=problem["input"],
        reason=reason_of(problem),
    )


def _wrong_option(error: Any) -> Text:
    if "requires" in error.message:
        return T("{name} needs a value.", name=error.option_name)
    return T("{name} takes no value.", name=error.option_name)


def _other(error: Any) -> Text:
    return T("This is not how it is used: {reason}", reason=error.format_message())


# By name: the classes themselves are not part of what Typer offers.
EXPLAINERS: Mapping[str, Callable[[Any], Text]] = {
    "NoSuchOption": _no_such_option,
    "MissingParameter": _missing,
    "BadParameter": _wrong_value,
    "BadOptionUsage": _wrong_option,
}
