"""/emoji and /sticker: a community's own, made from a picture."""

from collections.abc import Awaitable, Callable, Mapping

from bot.adapter import Adapter
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.errors import PlatformError, UserError
from bot.messages import Attachment, Role
from bot.outgoing import cleaned
from bot.safety.filter import FilterChain, Subject
from bot.safety.verdict import Stage
from bot.words import T, Text

__all__ = ["emoji_command", "sticker_command"]

NAME = Parameter("name", T("What it is called."), is_required=True)


def emoji_command(adapters: Mapping[str, Adapter], chain: FilterChain) -> Command:
    """Return the command that adds an emoji to the community."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        picture = await _picture(context, chain)
        adapter, name = adapters[context.channel.platform], str(arguments["name"])
        await _told(
            lambda: adapter.add_emoji(
                context.channel, name, picture, reason=context.author.name
            )
        )
        return Answer(_done(name), is_private=False)

    return Command(
        name="emoji",
        summary=T("Add an emoji of our own, from the attached picture."),
        parameters=(NAME,),
        min_role=Role.MODERATOR,
        floor=Role.MEMBER,
        run=run,
    )


def sticker_command(adapters: Mapping[str, Adapter], chain: FilterChain) -> Command:
    """Return the command that adds a sticker to the community."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        picture = await _picture(context, chain)
        adapter, name = adapters[context.channel.platform], str(arguments["name"])
        await _told(
            lambda: adapter.add_sticker(
                context.channel,
                name,
                picture,
                emoji=str(arguments["emoji"]),
                reason=context.author.name,
            )
        )
        return Answer(_done(name), is_private=False)

    return Command(
        name="sticker",
        summary=T("Add a sticker of our own, from the attached picture."),
        parameters=(
            NAME,
            Parameter("emoji", T("The emoji that it stands for."), is_required=True),
        ),
        min_role=Role.MODERATOR,
        floor=Role.MEMBER,
        run=run,
    )


async def _picture(context: CommandContext, chain: FilterChain) -> Attachment:
    """Return the attached picture, judged like all that the bot shows."""
    pictures = [
        one for one in context.attachments if one.media_type.startswith("image/")
    ]
    if not pictures:
        raise UserError(T("Attach the picture to the command, please."))
    judgement = await chain.judge(
        Subject(
            "",
            Stage.OUTPUT,
            context.channel,
            context.author,
            attachments=(pictures[0],),
        )
    )
    if judgement.is_blocked:
        reason = judgement.verdict.reason or judgement.verdict.category
        raise UserError(T("That picture was refused: {reason}", reason=reason))
    (picture,) = await cleaned((pictures[0],))
    return picture


async def _told(add: Callable[[], Awaitable[str]]) -> None:
    """Add it; what the platform does not take is said in its words."""
    try:
        await add()
    except PlatformError as error:
        raise UserError(error.text) from error


def _done(name: str) -> Text:
    return T("“{name}” is there now.", name=name)
