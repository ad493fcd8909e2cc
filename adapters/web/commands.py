"""The commands as the page's menu and forms show them."""

from collections.abc import Iterable

from bot.commands.command import Command, Parameter
from bot.words import Words

__all__ = ["menu"]


def menu(
    commands: Iterable[Command], words: Words, *, language: str
) -> list[dict[str, object]]:
    """Return commands in a language, ready for the page."""
    return [_entry(command, words, language) for command in commands]


def _entry(command: Command, words: Words, language: str) -> dict[str, object]:
    return {
        "name": command.name,
        "usage": command.usage,
        "summary": words.say(command.summary, language),
        "parameters": [
            _field(parameter, words, language) for parameter in command.parameters
        ],
    }


def _field(parameter: Parameter, words: Words, language: str) -> dict[str, object]:
    return {
        "name": parameter.name,
        "summary": words.say(parameter.summary, language),
        "type": parameter.type.value,
        "required": parameter.is_required,
        "named": parameter.is_named,
        "choices": list(parameter.choices()) if parameter.choices else [],
    }
