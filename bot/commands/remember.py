"""/remember: something that the bot is to know the next time."""

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.memory.memories import Memories
from bot.messages import Button
from bot.words import T, Words

__all__ = ["remember_command"]


def remember_command(memories: Memories, words: Words) -> Command:
    """Return the command with which people tell it what to remember about them."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        channel, person = context.channel, context.author
        note = await memories.remember(
            await memories.owner(channel, person),
            str(arguments["what"]),
            channel=channel,
            person=person,
            language=context.language,
        )
        text = (
            T("I will remember in our private chats: “{text}”", text=note.text)
            if channel.is_private
            else T(
                "I will remember when I answer you in this community: “{text}”",
                text=note.text,
            )
        )
        forget = words.say(T("Forget it again"), context.language)
        return Answer(text, (Button(forget, f"/memory forget {note.number}"),))

    return Command(
        name="remember",
        summary=T("Tell me something about you that I shall remember."),
        parameters=(
            Parameter(
                "what",
                T("What to remember, such as “I am vegetarian”."),
                ParameterType.REST,
                is_required=True,
            ),
        ),
        run=run,
    )
