"""Telegram counts texts in UTF-16 units: what is beyond U+FFFF counts twice."""

__all__ = ["positions", "substring", "units"]


def units(text: str) -> int:
    """Return how long a text is."""
    return len(text) + sum(character > "\uffff" for character in text)


def positions(text: str) -> list[int]:
    """Return the offset of each character, and of the end."""
    offsets, offset = [0], 0
    for character in text:
        offset += 2 if character > "\uffff" else 1
        offsets.append(offset)
    return offsets


def substring(text: str, offset: int, length: int) -> str:
    """Return a part of a text; both numbers count units."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    part = encoded[2 * offset : 2 * (offset + length)]
    return part.decode("utf-16-le", "replace")
