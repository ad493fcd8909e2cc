"""`hearthbot do "/…"`: one command, as the owner, while the bot is stopped."""

import asyncio
from pathlib import Path, PurePosixPath

from bot.app import open_app
from bot.commands.command import CommandContext
from bot.messages import Attachment, Author, Channel, Role
from bot.setup import Setup
from bot.words import T

__all__ = ["do_line"]


async def do_line(setup: Setup, line: str, *, out: Path | None, as_json: bool) -> None:
    """Run a command line and print its reply; files of it go to the folder `out`.

    Raises:
        UserError: there is no such command, or it was told something wrong.
        OSError: the folder cannot be written to.
    """
    if out is not None:  # said before the work, not after it
        await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)
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
    for file in answer.attachments:
        size_kb = max(1, file.size_bytes // 1024)
        setup.terminal.note(T("File: {name}, {size} KB", name=file.name, size=size_kb))
        if out is not None:
            await asyncio.to_thread(_write, out, file)
    if as_json:
        setup.terminal.json({"text": said})
    elif said or not answer.attachments:
        setup.terminal.result(said)


def _write(folder: Path, file: Attachment) -> None:
    (folder / PurePosixPath(file.name).name).write_bytes(file.content)
