"""Buttons under a message."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from adapters.telegram.callbacks import Callbacks
from bot.messages import Button

__all__ = ["keyboard", "link_keyboard"]

ROW_LETTERS = 26
ROW_BUTTONS = 5


async def keyboard(
    callbacks: Callbacks, chat_id: str, buttons: Sequence[Button], *, origin: str = ""
) -> InlineKeyboardMarkup | None:
    """Return buttons in rows that fit a phone; None where there are none.

    `origin` is the key of the channel that they are about, where that is another one.
    """
    rows: list[list[InlineKeyboardButton]] = []
    length = 0
    for button in buttons:
        written = await callbacks.write(
            chat_id,
            button.command,
            origin=origin,
            asks=button.asks,
            prefill=button.prefill,
        )
        shown = InlineKeyboardButton(button.label, callback_data=written)
        length += len(button.label) + 2
        if rows and length <= ROW_LETTERS and len(rows[-1]) < ROW_BUTTONS:
            rows[-1].append(shown)
        else:
            rows.append([shown])
            length = len(button.label) + 2
    return InlineKeyboardMarkup(rows) if rows else None


def link_keyboard(label: str, url: str) -> InlineKeyboardMarkup:
    """Return one button that opens an address."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=url)]])
