"""/model: which model talks in a channel."""

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
from bot.words import T

__all__ = ["model_command"]


def model_command(preferences: Preferences) -> Command:
    """Return the command that shows and chooses the model of a channel."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        name = arguments.get("name")
        if name is None:
            return Answer(
                T(
                    "Here I use the model “{name}”. You can choose: {choices}.",
                    name=await preferences.model(context.channel),
                    choices=", ".join(preferences.models),
                )
            )
        if context.author.role < Role.MODERATOR:
            raise UserError(T("Only moderators may choose another model."))
        await preferences.set_model(context.channel, str(name))
        return Answer(
            T("From now on I use the model “{name}” here.", name=name),
            is_private=False,
        )

    return Command(
        name="model",
        summary=T("Show or choose the model that I use in this channel."),
        parameters=(
            Parameter(
                "name",
                T("The model; left out, I say which one it is."),
                choices=lambda: preferences.models,
            ),
        ),
        run=run,
        steers=True,
    )
