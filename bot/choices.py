"""Refusing what nobody can choose, with what they can."""

from collections.abc import Iterable

from bot.errors import UserError
from bot.words import T

__all__ = ["no_such_choice"]


def no_such_choice(value: str, choices: Iterable[str]) -> UserError:
    """Return the refusal of a value that is none of the choices."""
    return UserError(
        T(
            "There is no “{value}”. You can choose: {choices}.",
            value=value,
            choices=", ".join(choices),
        )
    )
