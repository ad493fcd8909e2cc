"""/desk: a way into the moderators' desk, for one use."""

import secrets
from collections.abc import Callable

from bot.commands.command import Answer, Arguments, Command, CommandContext, Parameter
from bot.errors import UserError
from bot.messages import Role
from bot.store.desk_visits import DeskGrant, DeskVisitRepository, link_key
from bot.words import T, Tn

__all__ = ["DESK", "desk_command"]

DESK = "desk"
END = "end"
TOKEN_BYTES = 32


def desk_command(visits: DeskVisitRepository, page_url: Callable[[], str]) -> Command:
    """Return the command that gives a link to the desk.

    `page_url` is where the page is for others; "": it is not open. What the person may
    do where they ask, they may do at the desk, and nothing else.
    """

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        author, channel = context.author, context.channel
        if arguments.get("what") == END:
            ended = await visits.end_all(channel.platform, author.id)
            return Answer(
                Tn(
                    "You are signed out of the desk: {n} link or visit has ended.",
                    "You are signed out of the desk: {n} links and visits have ended.",
                    n=ended,
                )
            )
        url = page_url().rstrip("/")
        if not url:
            raise UserError(T("The page is not open, and the desk is a part of it."))
        if channel.platform == "web":
            return Answer(T("You are on the page already: {link}", link=f"{url}/desk"))
        token = secrets.token_urlsafe(TOKEN_BYTES)
        grant = DeskGrant(author.id, author.name, author.role, channel)
        await visits.hand_out(link_key(token), grant)
        return Answer(
            T(
                "Your way to the desk, for you alone. It works once, within 5 minutes; "
                "who has it has your rights, so pass it on to nobody. {link}",
                link=f"{url}/desk/enter#{token}",
            )
        )

    return Command(
        name=DESK,
        summary=T("Get a link to the moderators' desk on the page."),
        parameters=(
            Parameter(
                "what",
                T("“end” signs you out of the desk everywhere."),
                choices=lambda: (END,),
            ),
        ),
        run=run,
        min_role=Role.MODERATOR,
    )
