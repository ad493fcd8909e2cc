"""/model: which model talks in a channel, or in all of a community."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.choices import no_such_choice
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.errors import UserError
from bot.messages import Role
from bot.preferences import Preferences
from bot.words import T, Text, Words

__all__ = ["model_command"]

USE, LIST, DEFAULT = "use", "list", "default"


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the command works with."""

    preferences: Preferences
    is_loaded: Callable[[str], bool]
    words: Words

    def say(self, lines: Sequence[Text], context: CommandContext) -> str:
        """Return the lines in the reader's language."""
        return "\n".join(self.words.say(line, context.language) for line in lines)

    def not_loaded(self, names: Sequence[str]) -> list[Text]:
        """Return a line for each model that is not ready to answer at once."""
        return [
            T("“{name}” is not loaded: its first answer takes longer.", name=name)
            for name in names
            if not self.is_loaded(name)
        ]


def model_command(
    preferences: Preferences, is_loaded: Callable[[str], bool], words: Words
) -> Command:
    """Return the command that shows and chooses models.

    `is_loaded` says whether a model is ready to answer at once.
    """
    desk = _Desk(preferences, is_loaded, words)

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        what = str(arguments.get("what", LIST))
        if what == LIST:
            return Answer(await _list(desk, context))
        if context.author.role < Role.MODERATOR:
            raise UserError(T("Only moderators may choose another model."))
        if what == USE:
            name = str(arguments.get("name", ""))
            return Answer(await _use(desk, context, name), is_private=False)
        return Answer(await _choose(desk, context, what), is_private=False)

    return Command(
        name="model",
        summary=T("Show or choose the model that I use."),
        parameters=(
            Parameter(
                "what",
                T("A model for this channel; or use, for all of the community; list."),
                suggestions=lambda: (*preferences.models, USE, LIST, DEFAULT),
            ),
            Parameter(
                "name",
                T("With use the model, or default."),
                suggestions=lambda: (*preferences.models, DEFAULT),
            ),
        ),
        run=run,
        steers=True,
    )


async def _list(desk: _Desk, context: CommandContext) -> str:
    models = desk.preferences.models
    said = T(
        "Here I use the model “{name}”. You can choose: {choices}.",
        name=await desk.preferences.model(context.channel),
        choices=", ".join(models),
    )
    return desk.say([said, *desk.not_loaded(models)], context)


async def _use(desk: _Desk, context: CommandContext, name: str) -> str:
    """Choose for the community."""
    chosen = _known(desk, name)
    await desk.preferences.set_community_model(context.channel, chosen)
    used = await desk.preferences.model(context.channel)
    if not chosen:
        return desk.say([_now(used)], context)
    lines = [T("From now on I use the model “{name}” everywhere.", name=name)]
    if used != chosen:
        lines.append(
            T(
                "This channel keeps its own choice, “{name}”. /model default ends "
                "that.",
                name=used,
            )
        )
    return desk.say([*lines, *desk.not_loaded([chosen])], context)


async def _choose(desk: _Desk, context: CommandContext, name: str) -> str:
    """Choose for the channel."""
    chosen = _known(desk, name)
    await desk.preferences.set_model(context.channel, chosen)
    if not chosen:
        return desk.say([_now(await desk.preferences.model(context.channel))], context)
    said = T("From now on I use the model “{name}” here.", name=name)
    return desk.say([said, *desk.not_loaded([chosen])], context)


def _known(desk: _Desk, name: str) -> str:
    """Return the model of this name, "" for the default.

    Raises:
        UserError: it may not be chosen.
    """
    if name == DEFAULT:
        return ""
    if name not in desk.preferences.models:
        raise no_such_choice(name, (*desk.preferences.models, DEFAULT))
    return name


def _now(name: str) -> Text:
    return T("Here I use the model “{name}” now.", name=name)
