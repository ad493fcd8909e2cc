"""Forms with one field: for a question, or for what a button asks for."""

from collections.abc import Sequence
from typing import Any

import discord

__all__ = ["LONGEST_ANSWER", "one_field_form", "written"]

LONGEST_TITLE, LONGEST_ABOUT = 45, 100
LONGEST_ANSWER = 4000


def one_field_form(
    custom_id: str,
    *,
    title: str,
    label: str,
    about: str = "",
    prefill: str = "",
    max_length: int = LONGEST_ANSWER,
) -> discord.ui.Modal:
    """Return a form that comes back as a plain event, with nothing kept in memory.

    A text that is too long for the field is not filled in: its end would be lost.
    """
    form = discord.ui.Modal(title=title[:LONGEST_TITLE], custom_id=custom_id)
    field = discord.ui.TextInput[Any](
        custom_id="text",
        style=discord.TextStyle.paragraph,
        max_length=max_length,
        default=prefill if 0 < len(prefill) <= max_length else None,
    )
    form.add_item(
        discord.ui.Label(
            text=label[:LONGEST_TITLE],
            description=about[:LONGEST_ABOUT] or None,
            component=field,
        )
    )
    form.stop()
    return form


def written(components: Sequence[Any]) -> str:
    """Return what was written in a form, wherever in it the field is."""
    for component in components:
        if "value" in component:
            return str(component["value"]).strip()
        inner = [component["component"]] if "component" in component else []
        if found := written([*inner, *component.get("components", ())]):
            return found
    return ""
