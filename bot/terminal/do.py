"""`hearthbot do "/…"`: one command, as the owner, while the bot is stopped."""

from bot.app import open_app
from bot.commands.command import CommandContext
from bot.messages import Author, Channel, Role
from bot.setup import Setup
from bot.words import T

__all__ = ["do_line"]


async def do_line(setup: Setup, line: str, *, as_json: bool) -> None:
    """Run a command line and print its reply.

    Raises:
        UserError: there is no such command, or it was told something wrong.
    """
    language = setup.config.bot.language
    owner = Author(
        id="owner",
        name=setup.terminal.say(T("Owner")),
        role=Role.OWNER,
        language=language,
    )
    here = Channel("console", "terminal", "console", is_private=True)
    async with open_app(setup, ()) as app:
        await app.content.calendar.sync(setup.config.schedule)
        context = CommandContext(owner, here, language, None)
        answer = await app.registry.run(line, context)
        await app.drain()
    said = setup.terminal.say(answer.text)
    if as_json:
        setup.terminal.json({"text": said})
    else:
        setup.terminal.result(said)
