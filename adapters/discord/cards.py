"""Cards that moderators decide by pressing a button."""

import discord
import structlog

from adapters.discord.interactions import OpenInteraction
from adapters.discord.outbox import Outbox
from bot.errors import PlatformError

__all__ = ["DECIDING", "close_card"]

logger = structlog.get_logger(__name__)

DECIDING = frozenset({"approve", "decide", "reject", "review"})
"""Commands whose button settles a card: afterwards it has no buttons any more."""

LONGEST = 2000


async def close_card(outbox: Outbox, opened: OpenInteraction) -> None:
    """Take the buttons from a card that was decided, and show by whom."""
    source = opened.source
    command = opened.line.removeprefix("/").split(" ", 1)[0]
    if source is None or command not in DECIDING:
        return
    name = discord.utils.escape_markdown(opened.author.name)
    content = f"{source.content}\n-# ☑ {opened.label} · {name}"
    changes = {} if len(content) > LONGEST else {"content": content}
    try:
        await outbox.edit(opened.channel, str(source.id), view=None, **changes)
    except PlatformError as error:
        logger.warning("card not closed", reason=str(error))
