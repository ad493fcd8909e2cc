"""What people who wait are told of their place."""

from bot.generation.requests import Place
from bot.words import T, Text

__all__ = ["queue_text"]


def queue_text(place: Place) -> Text:
    """Return where somebody stands in the queue, with the time that it may take."""
    if place.estimate_s is None:
        return T("You are number {n} in the queue …", n=place.position)
    return T(
        "You are number {n} in the queue, about {seconds} s …",
        n=place.position,
        seconds=max(1, round(place.estimate_s)),
    )
