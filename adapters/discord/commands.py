"""The bot's commands as Discord shows them: slash commands with typed options."""

import inspect
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import discord
import structlog
from discord import app_commands
from typing_extensions import override

from adapters.discord.client import DiscordClient
from adapters.discord.desk import Desk
from bot.commands.command import Command, Parameter, ParameterType
from bot.messages import Role
from bot.words import T, Text, Words

__all__ = ["CommandTree", "WordsTranslator", "build_tree", "line_of"]

logger = structlog.get_logger(__name__)

LONGEST_SUMMARY, LONGEST_CHOICE, MOST_CHOICES, LONGEST_TEXT = 100, 100, 25, 6000

PUBLIC = frozenset({"ask", "imagine"})
"""Commands whose answer is for everybody: "thinking" is shown to all."""

WITH_FILE = frozenset({"ask", "pictures", "emoji", "sticker", "settings"})
"""Commands that take a file."""

FIXED = frozenset(
    {
        ("blocked", "what"),
        ("channel", "name"),
        ("channel", "what"),
        ("correct", "what"),
        ("decide", "what"),
        ("language", "for"),
        ("limits", "name"),
        ("limits", "what"),
        ("pictures", "action"),
        ("rate", "value"),
        ("review", "action"),
        ("safety", "what"),
        ("schedule", "action"),
        ("settings", "what"),
        ("talk", "when"),
        ("words", "what"),
    }
)
"""Choices that only a new version changes; all others are looked up while typing."""

TYPES: Mapping[ParameterType, type] = {
    ParameterType.TEXT: str,
    ParameterType.REST: str,
    ParameterType.INTEGER: int,
}
LOCALES: Mapping[discord.Locale, str] = {
    locale: locale.value for locale in discord.Locale
}
CHANGED = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)
OLD = T("This command has changed. Reload Discord, then it is shown as it is now.")
FAILED = T("Something went wrong on my side. Please try again.")
FILE_SUMMARY = T("A file to look at.")


class WordsTranslator(app_commands.Translator):
    """Says what commands are in each language that there is a catalogue for."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words

    @override
    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        text = string.extras.get("text")
        language = LOCALES[locale].split("-")[0]
        if not isinstance(text, Text) or language not in self._words.languages:
            return None
        said = _shortened(self._words.say(text, language))
        return None if said == string.message else said


class CommandTree(app_commands.CommandTree[DiscordClient]):
    """discord.py's tree, which answers also where a command is no longer known.

    Attributes:
        desk: who answers then.
    """

    desk: Desk | None = None

    @override
    async def on_error(
        self,
        interaction: discord.Interaction[DiscordClient],
        error: app_commands.AppCommandError,
        /,
    ) -> None:
        is_old = isinstance(error, CHANGED)
        logger.error("command not run", exc_info=None if is_old else error)
        if interaction.response.is_done() or self.desk is None:
            return
        opened = await self.desk.acknowledge(interaction)
        if opened is not None:
            await self.desk.tell(opened, OLD if is_old else FAILED)


def build_tree(
    client: DiscordClient, commands: Iterable[Command], desk: Desk, *, are_limited: bool
) -> CommandTree:
    """Return the client's tree with the commands.

    `are_limited`: who may not run a command does not see it either. The right is
    checked each time in any case.
    """
    tree = CommandTree(client)
    tree.desk = desk
    for command in commands:
        tree.add_command(_app_command(command, desk, are_limited=are_limited))
    client.tree = tree
    return tree


def line_of(command: Command, values: Mapping[str, str | int]) -> str:
    """Return the line that runs a command with these values.

    A value that is left out before one that is given stands there as an empty word.
    """
    words = [f"/{command.name}"]
    named = [p for p in command.parameters if p.is_named and p.name in values]
    words += [f"{p.name}={values[p.name]}" for p in named]
    for parameter in command.parameters:
        if parameter.is_named:
            continue
        if parameter.name not in values:
            later = [
                p for p in command.parameters if p.name in values and not p.is_named
            ]
            if any(_is_behind(command, p, parameter) for p in later):
                words.append('""')
            continue
        words.append(_quoted(parameter, str(values[parameter.name])))
    return " ".join(words)


def _is_behind(command: Command, one: Parameter, other: Parameter) -> bool:
    return command.parameters.index(one) > command.parameters.index(other)


def _quoted(parameter: Parameter, value: str) -> str:
    if parameter.type is ParameterType.REST:
        return value.strip()
    if parameter.type is ParameterType.INTEGER:
        return value
    # The line's own quotes cannot stand inside of a quoted word.
    return f'"{value.translate(_QUOTES)}"'


_QUOTES = {ord(sign): "'" for sign in '"“„«”»'}


def _app_command(
    command: Command, desk: Desk, *, are_limited: bool
) -> app_commands.Command[Any, ..., None]:
    names = [parameter.name for parameter in command.parameters]

    async def callback(
        interaction: discord.Interaction[DiscordClient], **given: Any
    ) -> None:
        values = {
            name: given[f"p{index}"]
            for index, name in enumerate(names)
            if given.get(f"p{index}") is not None
        }
        file = given.get("file")
        await desk.run(
            interaction,
            line_of(command, values),
            files=[file] if file is not None else [],
            is_private=command.name not in PUBLIC,
        )

    _describe(callback, command)
    made: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=command.name,
        description=_locale_str(command.summary),
        callback=callback,
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=False
        ),
    )
    made.default_permissions = _permissions(command) if are_limited else None
    for index, parameter in enumerate(command.parameters):
        if _is_looked_up(command, parameter):
            made.autocomplete(f"p{index}")(_completer(parameter))
    return made


def _describe(callback: Any, command: Command) -> None:
    """Give the callback the signature that discord.py reads the options from."""
    options = [
        inspect.Parameter(
            f"p{index}",
            inspect.Parameter.KEYWORD_ONLY,
            annotation=_annotation(parameter),
            default=inspect.Parameter.empty if parameter.is_required else None,
        )
        for index, parameter in enumerate(command.parameters)
    ]
    described = {
        f"p{i}": _locale_str(p.summary) for i, p in enumerate(command.parameters)
    }
    renamed = {f"p{i}": p.name for i, p in enumerate(command.parameters)}
    if command.name in WITH_FILE:
        options.append(
            inspect.Parameter(
                "file",
                inspect.Parameter.KEYWORD_ONLY,
                annotation=discord.Attachment | None,
                default=None,
            )
        )
        described["file"] = _locale_str(FILE_SUMMARY)
    first = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_ONLY)
    callback.__signature__ = inspect.Signature([first, *options])
    app_commands.describe(**described)(callback)
    app_commands.rename(**renamed)(callback)
    app_commands.choices(
        **{
            f"p{index}": [
                app_commands.Choice(name=choice, value=choice)
                for choice in (parameter.choices or tuple)()
            ]
            for index, parameter in enumerate(command.parameters)
            if _is_fixed(command, parameter)
        }
    )(callback)


def _annotation(parameter: Parameter) -> Any:
    plain = TYPES[parameter.type]
    return plain if parameter.is_required else plain | None


def _is_fixed(command: Command, parameter: Parameter) -> bool:
    return parameter.choices is not None and (command.name, parameter.name) in FIXED


def _is_looked_up(command: Command, parameter: Parameter) -> bool:
    has_choices = parameter.choices is not None or parameter.suggestions is not None
    return has_choices and not _is_fixed(command, parameter)


def _completer(parameter: Parameter) -> Any:
    async def complete(
        interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        wanted = current.casefold().strip()
        found = [one for one in _offers(parameter) if wanted in one.casefold()]
        found.sort(key=lambda one: not one.casefold().startswith(wanted))
        return [
            app_commands.Choice(name=one, value=one)
            for one in found
            if 0 < len(one) <= LONGEST_CHOICE
        ][:MOST_CHOICES]

    return complete


def _offers(parameter: Parameter) -> Sequence[str]:
    look_up = parameter.choices or parameter.suggestions
    return look_up() if look_up is not None else ()


def _permissions(command: Command) -> discord.Permissions | None:
    if command.min_role is Role.MODERATOR:
        return discord.Permissions(manage_messages=True)
    if command.min_role is Role.OWNER:
        return discord.Permissions(administrator=True)
    return None


def _locale_str(text: Text) -> app_commands.locale_str:
    return app_commands.locale_str(_shortened(str(text)), text=text)


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_SUMMARY:
        return text
    return f"{text[: LONGEST_SUMMARY - 1]}…"
