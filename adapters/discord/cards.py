"""Cards that moderators decide by pressing a button."""

from typing import Any

import discord
import structlog

from adapters.discord.interactions import OpenInteraction
from adapters.discord.outbox import Outbox
from bot.errors import PlatformError

__all__ = ["close_card"]

logger = structlog.get_logger(__name__)

LONGEST = 2000


async def close_card(outbox: Outbox, opened: OpenInteraction) -> None:
    """Take the buttons from a card that was decided, and show by whom."""
    source = opened.source
    if source is None:
        return
    name = discord.utils.escape_markdown(opened.author.name)
    content = f"{source.content}\n\n-# ☑ {opened.label} · {name}"
    changes: dict[str, Any] = {} if len(content) > LONGEST else {"content": content}
    interaction = opened.interaction
    try:
        if source.flags.ephemeral:  # only reached by the way that it came
            await outbox.run(
                lambda: interaction.edit_original_response(view=None, **changes),
                key="hook",
            )
        else:
            await outbox.edit(opened.channel, str(source.id), view=None, **changes)
    except PlatformError as error:
        logger.warning("card not closed", reason=str(error))
