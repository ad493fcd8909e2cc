"""/language: in which language the bot's own texts are shown."""

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

__all__ = ["language_command"]

ME, EVERYONE = "me", "everyone"


def language_command(preferences: Preferences) -> Command:
    """Return the command that chooses a language for oneself or the community."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        language = arguments.get("language")
        if language is None:
            return Answer(
                T(
                    "I write to you in “{language}”. You can choose: {choices}.",
                    language=context.language,
                    choices=", ".join(preferences.languages),
                )
            )
        if arguments.get("for", ME) == ME:
            await preferences.set_person_language(
                context.channel, context.author, str(language)
            )
            return Answer(T("From now on I write to you in “{name}”.", name=language))
        if context.author.role < Role.MODERATOR:
            raise UserError(T("Only moderators may choose the community's language."))
        await preferences.set_community_language(context.channel, str(language))
        return Answer(
            T("From now on I write to this community in “{name}”.", name=language),
            is_private=False,
        )

    return Command(
        name="language",
        summary=T("Show or choose the language that I write to you in."),
        parameters=(
            Parameter(
                "language",
                T("The language, such as en or zh."),
                choices=lambda: preferences.languages,
            ),
            Parameter(
                "for", T("For you or for everyone."), choices=lambda: (ME, EVERYONE)
            ),
        ),
        run=run,
        steers=True,
    )
