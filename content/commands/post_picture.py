"""/postpicture: a picture that was drawn in a chat becomes a post."""

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.commands.sheets import FIRST, picture_named
from bot.errors import UserError
from bot.messages import Button, Role
from bot.provenance import Provenance
from bot.safety.filter import FilterChain
from bot.store.drawn import DrawnRepository
from bot.store.schedules import StoredSchedule
from bot.words import T
from content.content import Content
from content.submitting import Submitted, submit_picture

__all__ = ["post_picture_command"]


def post_picture_command(
    content: Content, drawn: DrawnRepository, chain: FilterChain
) -> Command:
    """Return the command behind “Use as post”."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        number = int(arguments.get("number", FIRST))
        sheet_id = str(arguments["id"])
        sheet, picture = await picture_named(drawn, context, sheet_id, number)
        named = arguments.get("schedule")
        if named is None:
            schedules = await _steerable(content, context)
        else:
            schedules = [
                await content.rights.changeable(
                    str(named), context.author, context.channel
                )
            ]
        if not schedules:
            raise UserError(
                T(
                    "There is no schedule here to post with. /schedule says how to "
                    "make one."
                )
            )
        if len(schedules) > 1:
            buttons = [
                Button(one.id, f"/postpicture {sheet_id} {number} {one.id}")
                for one in schedules
            ]
            return Answer(T("With which schedule?"), buttons=tuple(buttons))
        provenance = Provenance(sheet.model, picture.seed)
        post = await submit_picture(
            content,
            chain,
            Submitted(picture.content, sheet.prompt, provenance),
            schedules[0],
            context.author,
        )
        told = T(
            "“{title}” waits for the moderators, as {id}.", title=post.title, id=post.id
        )
        if not content.is_running:
            told = T("{told} That is done as soon as the bot runs.", told=told)
        return Answer(told)

    return Command(
        name="postpicture",
        summary=T("Make a post of a picture that I drew here; moderators review it."),
        parameters=(
            Parameter("id", T("Its name, as buttons say it."), is_required=True),
            Parameter(
                "number", T("Which of several; the first."), ParameterType.INTEGER
            ),
            Parameter("schedule", T("With which schedule, where there are several.")),
        ),
        min_role=Role.MODERATOR,
        run=run,
    )


async def _steerable(content: Content, context: CommandContext) -> list[StoredSchedule]:
    author, place = context.author, context.channel
    visible = await content.rights.visible(author, place)
    return [
        one for one in visible if await content.rights.may_steer(one, author, place)
    ]
