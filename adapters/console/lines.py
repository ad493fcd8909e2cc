"""Lines out of the bytes that a terminal or a pipe gives."""

from dataclasses import dataclass, field

__all__ = ["MAX_LINE_BYTES", "Line", "LineReader"]

MAX_LINE_BYTES = 4 * 1024 * 1024
"""A line that does not end by then is handed on in parts, to bound the memory."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end; `is_damaged` where some bytes were not UTF-8."""

    text: str = field(repr=False)
    is_damaged: bool = False


class LineReader:
    """Cuts bytes into lines; how the bytes come does not change the lines."""

    def __init__(self, *, max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self._max_line_bytes = max_line_bytes
        self._rest = b""

    def feed(self, chunk: bytes) -> list[Line]:
        """Add bytes and return the lines that are finished."""
        lines: list[Line] = []
        rest = self._rest + chunk
        start = 0
        while True:
            end = rest.find(b"\n", start, start + self._max_line_bytes + 1)
            if end >= 0:
                lines.append(_line(rest[start:end]))
                start = end + 1
            elif len(rest) - start > self._max_line_bytes:
                end = _character_start(rest, start + self._max_line_bytes)
                lines.append(_line(rest[start:end]))
                start = end
            else:
                break
        self._rest = rest[start:]
        return lines

    def flush(self) -> list[Line]:
        """Return what stands behind the last line end, if anything, as a line."""
        rest, self._rest = self._rest, b""
        return [_line(rest)] if rest else []


def _character_start(line: bytes, position: int) -> int:
    """Return where the UTF-8 character at a position starts."""
    for start in range(position, position - 4, -1):
        if line[start] & 0b1100_0000 != 0b1000_0000:
            return start
    return position  # not UTF-8 anyhow


def _line(line: bytes) -> Line:
    line = line.removesuffix(b"\r")
    try:
        return Line(line.decode())
    except UnicodeDecodeError:
        return Line(line.decode(errors="replace"), is_damaged=True)
