"""Buttons that survive a restart: each carries its command line, or where it is kept.

Nothing of a button is held in memory. Who forges one gets nowhere: only a button that
Discord shows under a message of the bot is taken, and the command checks the right of
the person who pressed.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import discord
import structlog

from bot.messages import Button
from bot.preferences import SettingsStore

__all__ = ["ASKING", "Asking", "ButtonBox", "is_ours"]

logger = structlog.get_logger(__name__)

LINE, KEPT, ASKING = "hb:", "hk:", "ha:"
"""What a custom id begins with: the line itself, or the key of a line that is kept, or
of one that asks for more."""

LONGEST_ID, LONGEST_LABEL = 100, 80
MOST_BUTTONS, ROW = 25, 5
SETTINGS_KEY = "discord:buttons"

STYLES: Mapping[str, discord.ButtonStyle] = {
    "approve": discord.ButtonStyle.success,
    "grant": discord.ButtonStyle.success,
    "reject": discord.ButtonStyle.danger,
    "/stop": discord.ButtonStyle.danger,
    "uphold": discord.ButtonStyle.danger,
}
"""What a word of the command makes a button look like."""


def is_ours(custom_id: str) -> bool:
    """Return whether a custom id is one that this file makes."""
    return custom_id.startswith((LINE, KEPT, ASKING))


@dataclass(frozen=True, slots=True)
class Asking:
    """What a button that asks for more stands for; see `bot.messages.Button`."""

    label: str
    command: str
    asks: str
    prefill: str = field(repr=False)


class ButtonBox:
    """Makes buttons of command lines, and command lines of pressed buttons."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    async def view(self, buttons: Sequence[Button]) -> discord.ui.View | None:
        """Return the buttons for a message; None where there are none."""
        if not buttons:
            return None
        if len(buttons) > MOST_BUTTONS:
            logger.error("too many buttons", count=len(buttons), most=MOST_BUTTONS)
        view = discord.ui.View(timeout=None)
        taken: set[str] = set()
        shown = buttons[:MOST_BUTTONS]
        num_rows = math.ceil(len(shown) / ROW)
        per_row = math.ceil(len(shown) / num_rows)
        for index, button in enumerate(shown):
            custom_id = await self._custom_id(button)
            if custom_id in taken:
                continue  # Discord takes each id once in a message
            taken.add(custom_id)
            view.add_item(
                discord.ui.Button(
                    label=button.label[:LONGEST_LABEL],
                    custom_id=custom_id,
                    style=_style(button),
                    row=index // per_row,
                )
            )
        # Presses come as plain events: discord.py need not keep the view.
        view.stop()
        return view

    async def command(self, custom_id: str) -> str | None:
        """Return the command line of a button; None: it is kept no longer."""
        if custom_id.startswith(LINE):
            return custom_id.removeprefix(LINE)
        return await self._settings.get(SETTINGS_KEY, custom_id.removeprefix(KEPT))

    async def asking(self, custom_id: str) -> Asking | None:
        """Return what a button asks for; None: nothing, or it is kept no longer."""
        if not custom_id.startswith(ASKING):
            return None
        kept = await self._settings.get(SETTINGS_KEY, custom_id.removeprefix(ASKING))
        return None if kept is None else Asking(**json.loads(kept))

    async def _custom_id(self, button: Button) -> str:
        command = button.command
        if button.asks:
            asking = Asking(button.label, command, button.asks, button.prefill)
            kept = json.dumps(asdict(asking), ensure_ascii=False)
            key = hashlib.sha256(kept.encode()).hexdigest()[:32]
            await self._settings.set(SETTINGS_KEY, key, kept)
            return f"{ASKING}{key}"
        custom_id = f"{LINE}{command}"
        if len(custom_id.encode()) <= LONGEST_ID:
            return custom_id
        key = hashlib.sha256(command.encode()).hexdigest()[:32]
        await self._settings.set(SETTINGS_KEY, key, command)
        return f"{KEPT}{key}"


def _style(button: Button) -> discord.ButtonStyle:
    words = button.command.split(" ")
    looks = [STYLES[word] for word in words if word in STYLES]
    return looks[0] if looks else discord.ButtonStyle.secondary
