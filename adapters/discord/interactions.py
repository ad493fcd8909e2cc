"""Commands, presses and menus that are open: acknowledged at once, answered later."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import discord
import structlog

from adapters.discord.errors import as_platform_error
from bot.clock import Clock
from bot.messages import Author, Channel

__all__ = ["Interactions", "OpenInteraction", "sent_with"]

logger = structlog.get_logger(__name__)

USABLE_S = 14.5 * 60
"""So long an answer is taken. Discord says 15 minutes: some are left for the call."""

KEPT = 5000


@dataclass(slots=True, eq=False)
class OpenInteraction:
    """A command, press or menu of somebody.

    Attributes:
        is_private: only this person sees "thinking", and what takes its place.
        is_pending: "thinking" is shown, and no answer has taken its place yet.
        is_lost: Discord does not take answers to it.
        source: the message with the button that was pressed.
        label: what that button says.
    """

    interaction: discord.Interaction
    channel: Channel
    author: Author
    born_s: float
    is_private: bool
    is_pending: bool
    is_lost: bool = False
    source: discord.Message | None = None
    label: str = ""


def sent_with(interaction: discord.Interaction) -> Mapping[str, Any]:
    """Return what Discord sent with an interaction."""
    return cast(Mapping[str, Any], interaction.data or {})


class Interactions:
    """What is open, by its id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: OrderedDict[str, OpenInteraction] = OrderedDict()

    def get(self, interaction_id: str | None) -> OpenInteraction | None:
        """Return what is open under an id; None where the id is another's."""
        return self._open.get(interaction_id) if interaction_id else None

    def is_usable(self, opened: OpenInteraction) -> bool:
        """Return whether Discord still takes answers to it."""
        age_s = self._clock.monotonic() - opened.born_s
        return not opened.is_lost and age_s < USABLE_S

    async def acknowledge(
        self,
        interaction: discord.Interaction,
        *,
        channel: Channel,
        author: Author,
        is_private: bool = True,
    ) -> OpenInteraction:
        """Tell Discord that it arrived, before anything else is done about it.

        A press is acknowledged without a sign, all else shows "thinking". It does not
        wait for the governor: Discord does not count these calls, and waits 3 seconds.
        """
        is_press = interaction.type is discord.InteractionType.component
        opened = OpenInteraction(
            interaction=interaction,
            channel=channel,
            author=author,
            born_s=self._clock.monotonic(),
            is_private=is_private,
            is_pending=not is_press,
            source=interaction.message if is_press else None,
        )
        self._keep(opened)
        try:
            if is_press:
                await interaction.response.defer()
            else:
                await interaction.response.defer(ephemeral=is_private, thinking=True)
        except Exception as error:
            if as_platform_error(error) is None:
                raise
            # It is answered all the same: in the channel, or to the person.
            opened.is_lost = True
            logger.warning("acknowledged too late", reason=str(error))
        return opened

    def _keep(self, opened: OpenInteraction) -> None:
        self._open[str(opened.interaction.id)] = opened
        while len(self._open) > KEPT:
            self._open.popitem(last=False)
