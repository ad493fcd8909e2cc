"""`hearthbot do "/…"`: one command, as the owner, while the bot is stopped."""

from bot.app import open_app
from bot.messages import Author, Channel, Role
from bot.setup import Setup
from bot.words import T

__all__ = ["do_line"]


async def do_line(setup: Setup, line: str, *, as_json: bool) -> None:
    """Run a command line and print its reply."""
    owner = Author(
        id="owner",
        name=setup.terminal.say(T("Owner")),
        role=Role.OWNER,
        language=setup.config.bot.language,
    )
    here = Channel("console", "terminal", "console", is_private=True)
    async with open_app(setup, ()) as app:
        reply = await app.dispatcher.run(
            line, author=owner, channel=here, message_id=None
        )
        await app.drain()
    if as_json:
        setup.terminal.json({"text": reply.text})
    else:
        setup.terminal.result(reply.text)
