"""What a worker writes, put into the bot's own log."""

import asyncio

import msgspec
import structlog

__all__ = ["forward_log"]

logger = structlog.get_logger(__name__)

LOG_LEVELS = ("debug", "info", "warning", "error", "critical")


async def forward_log(output: asyncio.StreamReader | None, *, pid: int) -> None:
    """Read the output of a worker to its end."""
    while output is not None:
        try:
            line = await output.readline()
        except ValueError:
            continue  # longer than any line of use
        if not line:
            return
        _log_line(line.decode(errors="replace").rstrip(), pid=pid)


def _log_line(line: str, *, pid: int) -> None:
    """Log what the worker logged; what libraries print is for debugging only."""
    try:
        fields = msgspec.json.decode(line, type=dict[str, object])
        level, event = str(fields.pop("level")), str(fields.pop("event"))
    except (msgspec.DecodeError, KeyError):
        logger.debug("worker printed", line=line, pid=pid)
        return
    if level in LOG_LEVELS:
        getattr(logger, level)(event, **fields, pid=pid)
