"""The one thing of a camera's notes that a picture needs: which side is up."""

__all__ = ["UPRIGHT", "orientation", "orientation_notes"]

UPRIGHT = 1
ORIENTATION = 0x0112
SHORT = 3
MAX_ENTRIES = 1_000
PREFIX = b"Exif\x00\x00"


def orientation(notes: bytes) -> int:
    """Return 1 to 8 as the notes say, 1 (upright) where they do not say it clearly."""
    notes = notes.removeprefix(PREFIX)
    if notes[:4] == b"II*\x00":
        order = "little"
    elif notes[:4] == b"MM\x00*":
        order = "big"
    else:
        return UPRIGHT

    def number(start: int, length: int) -> int:
        piece = notes[start : start + length]
        return int.from_bytes(piece, "little" if order == "little" else "big")

    table = number(4, 4)
    for entry in range(min(number(table, 2), MAX_ENTRIES)):
        start = table + 2 + 12 * entry
        if number(start, 2) == ORIENTATION and number(start + 2, 2) == SHORT:
            value = number(start + 8, 2)
            return value if 1 <= value <= 8 else UPRIGHT
    return UPRIGHT


def orientation_notes(value: int) -> bytes:
    """Return notes (without prefix) that say only which side is up."""
    return b"".join(
        (
            b"MM\x00*\x00\x00\x00\x08",
            b"\x00\x01",  # one entry
            ORIENTATION.to_bytes(2, "big"),
            SHORT.to_bytes(2, "big"),
            b"\x00\x00\x00\x01",  # one value
            value.to_bytes(2, "big"),
            b"\x00\x00",
            b"\x00\x00\x00\x00",  # nothing follows
        )
    )
