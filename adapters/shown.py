"""A message of the bot as it is shown, beside how it is to look."""

from dataclasses import dataclass

from bot.messages import Reply

__all__ = ["Shown", "looks_like"]


@dataclass(slots=True, eq=False)
class Shown:
    """A message that is there; `contents` is None while they are not known."""

    id: str
    contents: Reply | None
    touched_s: float


def looks_like(one: Reply, other: Reply) -> bool:
    """Return whether people would see no difference."""
    return (one.text, one.buttons, one.attachments) == (
        other.text,
        other.buttons,
        other.attachments,
    )
