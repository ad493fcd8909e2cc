"""/model: which model talks in a channel, or in all of a community."""

from collections.abc import Callable

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
from bot.words import T, Words

__all__ = ["model_command"]

USE, LIST, DEFAULT = "use", "list", "default"


def model_command(
    preferences: Preferences, is_loaded: Callable[[str], bool], words: Words
) -> Command:
    """Return the command that shows and chooses models.

    `is_loaded` says whether a model is ready to answer at once.
    """

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        what = str(arguments.get("what", LIST))
        if what == LIST:
            return Answer(await _list(preferences, is_loaded, words, context))
        if context.author.role < Role.MODERATOR:
            raise UserError(T("Only moderators may choose another model."))
        is_for_community = what == USE
        name = str(arguments.get("name", "")) if is_for_community else what
        if name == DEFAULT:
            set_it = (
                preferences.set_community_model
                if is_for_community
                else preferences.set_model
            )
            await set_it(context.channel, "")
            used = await preferences.model(context.channel)
            return Answer(T("Here I use the model “{name}” now.", name=used))
        if name not in preferences.models:
            raise UserError(
                T(
                    "There is no “{value}”. You can choose: {choices}.",
                    value=name,
                    choices=", ".join((*preferences.models, DEFAULT)),
                )
            )
        return Answer(
            await _choose(
                preferences,
                is_loaded,
                words,
                context,
                name,
                is_for_community=is_for_community,
            ),
            is_private=False,
        )

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


async def _list(
    preferences: Preferences,
    is_loaded: Callable[[str], bool],
    words: Words,
    context: CommandContext,
) -> str:
    said = T(
        "Here I use the model “{name}”. You can choose: {choices}.",
        name=await preferences.model(context.channel),
        choices=", ".join(preferences.models),
    )
    lines = [said]
    lines += [
        T("“{name}” is not loaded: its first answer takes longer.", name=name)
        for name in preferences.models
        if not is_loaded(name)
    ]
    return "\n".join(words.say(line, context.language) for line in lines)


async def _choose(
    preferences: Preferences,
    is_loaded: Callable[[str], bool],
    words: Words,
    context: CommandContext,
    name: str,
    *,
    is_for_community: bool,
) -> str:
    lines = []
    if is_for_community:
        await preferences.set_community_model(context.channel, name)
        lines.append(T("From now on I use the model “{name}” everywhere.", name=name))
        used = await preferences.model(context.channel)
        if used != name:
            lines.append(
                T(
                    "This channel keeps its own choice, “{name}”. /model default ends "
                    "that.",
                    name=used,
                )
            )
    else:
        await preferences.set_model(context.channel, name)
        lines.append(T("From now on I use the model “{name}” here.", name=name))
    if not is_loaded(name):
        lines.append(
            T("“{name}” is not loaded: its first answer takes longer.", name=name)
        )
    return "\n".join(words.say(line, context.language) for line in lines)
