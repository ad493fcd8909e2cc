"""/talk: when the bot answers in a channel."""

from collections.abc import Mapping

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.messages import Role
from bot.preferences import Preferences, Talk
from bot.words import T, Text

__all__ = ["talk_command"]

_SAYING: Mapping[Talk, Text] = {
    Talk.ALWAYS: T("Here I answer everything."),
    Talk.MENTION: T("Here I answer when I am mentioned, replied to or called by name."),
    Talk.NEVER: T("Here I answer commands only."),
}


def talk_command(preferences: Preferences) -> Command:
    """Return the command that shows and chooses when the bot answers in a channel."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        chosen = arguments.get("when")
        if chosen is None:
            talk = await preferences.talk(context.channel)
            if talk is None:
                return Answer(T("Nothing was chosen here: the settings count."))
            return Answer(_SAYING[talk])
        await preferences.set_talk(context.channel, Talk(str(chosen)))
        return Answer(_SAYING[Talk(str(chosen))], is_private=False)

    return Command(
        name="talk",
        summary=T("Show or choose when I answer in this channel."),
        parameters=(
            Parameter(
                "when",
                T("always, mention or never; left out, I say which it is."),
                choices=lambda: tuple(Talk),
            ),
        ),
        min_role=Role.MODERATOR,
        run=run,
    )
