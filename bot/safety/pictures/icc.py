"""Colour profiles without the words in them: who made them, when, with what."""

import struct
from collections.abc import Mapping

__all__ = ["clean_profile"]

HEADER_BYTES = 128
TAG_BYTES = 12
MAX_TAGS = 100
MAX_PROFILE_BYTES = 4_000_000

# What turns numbers into colours. All else is description.
KEPT = frozenset(
    b"A2B0 A2B1 A2B2 B2A0 B2A1 B2A2 B2D0 B2D1 B2D2 B2D3 D2B0 D2B1 D2B2 D2B3 bTRC bXYZ "
    b"bkpt chad chrm cicp gTRC gXYZ gamt kTRC rTRC rXYZ wtpt".split()
)
# CMM, date, maker and model of the device, creator, and the profile's own hash.
SILENCED = ((4, 8), (24, 36), (48, 56), (80, 100))


def clean_profile(profile: bytes) -> bytes | None:
    """Return a profile with the same colours and nothing else, None if it is damaged.

    A profile must have a name and a copyright: both become empty.
    """
    if not HEADER_BYTES + 4 <= len(profile) <= MAX_PROFILE_BYTES:
        return None
    (num_tags,) = struct.unpack_from(">I", profile, HEADER_BYTES)
    table_end = HEADER_BYTES + 4 + num_tags * TAG_BYTES
    if profile[36:40] != b"acsp" or num_tags > MAX_TAGS or table_end > len(profile):
        return None
    tags: dict[bytes, bytes] = {}
    for number in range(num_tags):
        name, start, length = struct.unpack_from(
            ">4sII", profile, HEADER_BYTES + 4 + number * TAG_BYTES
        )
        if start + length > len(profile):
            return None
        if name in KEPT:
            tags[name] = profile[start : start + length]
    is_v4 = profile[8] >= 4
    tags[b"desc"] = _MANY_LANGUAGES if is_v4 else _DESCRIPTION
    tags[b"cprt"] = _MANY_LANGUAGES if is_v4 else b"text" + bytes(5)
    return _assemble(profile[:HEADER_BYTES], tags)


def _assemble(header: bytes, tags: Mapping[bytes, bytes]) -> bytes:
    table = bytearray(struct.pack(">I", len(tags)))
    bodies = bytearray()
    begin = HEADER_BYTES + 4 + len(tags) * TAG_BYTES
    places: dict[bytes, int] = {}  # tags often share one body
    for name, body in sorted(tags.items()):
        if body not in places:
            places[body] = begin + len(bodies)
            bodies += body + bytes(-len(body) % 4)
        table += struct.pack(">4sII", name, places[body], len(body))
    silent = bytearray(header)
    for start, end in SILENCED:
        silent[start:end] = bytes(end - start)
    silent[24:36] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)  # a date there must be
    silent[:4] = struct.pack(">I", begin + len(bodies))
    return bytes(silent + table + bodies)


_MANY_LANGUAGES = (
    b"mluc" + bytes(4) + struct.pack(">II2s2sII", 1, 12, b"en", b"US", 0, 28)
)
_DESCRIPTION = b"desc" + bytes(4) + struct.pack(">I", 1) + bytes(1 + 4 + 4 + 2 + 1 + 67)
