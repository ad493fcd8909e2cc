"""/persona: how the bot speaks in a channel."""

from bot.avatars import Avatars
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

__all__ = ["persona_command"]


def persona_command(
    preferences: Preferences, avatars: Avatars | None = None
) -> Command:
    """Return the command that shows and chooses the persona of a channel."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        name = arguments.get("name")
        if name is None:
            persona = await preferences.persona(context.channel)
            avatar = await avatars.of(persona) if avatars is not None else None
            return Answer(
                T(
                    "Here I am “{name}”. You can choose: {choices}.",
                    name=persona.name,
                    choices=", ".join(preferences.personas),
                ),
                attachments=(avatar,) if avatar is not None else (),
            )
        if context.author.role < Role.MODERATOR:
            raise UserError(T("Only moderators may choose another persona."))
        await preferences.set_persona(context.channel, str(name))
        return Answer(T("From now on I am “{name}” here.", name=name), is_private=False)

    return Command(
        name="persona",
        summary=T("Show or choose how I speak in this channel."),
        parameters=(
            Parameter(
                "name",
                T("The persona; left out, I say which one it is."),
                choices=lambda: tuple(preferences.personas),
            ),
        ),
        run=run,
        steers=True,
    )
