"""Texts on their way between the bot and a worker."""

import msgspec

from bot.words import Text

__all__ = ["WireText", "encodable", "packed", "unpacked"]


class WireText(msgspec.Struct, frozen=True):
    """A Text, in types that msgpack knows."""

    template: str
    values: tuple[tuple[str, "str | int | float | WireText"], ...] = ()
    plural: str | None = None


def encodable(text: str) -> str:
    """Return the text with a mark in place of what UTF-8 has no bytes for."""
    return text.encode(errors="replace").decode()


def packed(text: Text) -> WireText:
    """Return a Text for the other side."""
    return WireText(
        text.template,
        tuple((name, _packed_value(value)) for name, value in text.values),
        text.plural,
    )


def _packed_value(value: object) -> str | int | float | WireText:
    if isinstance(value, Text):
        return packed(value)
    return value if isinstance(value, (int, float)) else encodable(str(value))


def unpacked(text: WireText) -> Text:
    """Return the Text that the other side packed."""
    return Text(
        text.template,
        tuple(
            (name, unpacked(value) if isinstance(value, WireText) else value)
            for name, value in text.values
        ),
        text.plural,
    )
