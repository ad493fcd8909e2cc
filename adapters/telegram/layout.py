"""How a very long answer is laid out: its beginning, and the whole as a file."""

from dataclasses import replace

from adapters.splitter import split
from adapters.telegram.files import as_file, is_better_as_file
from adapters.telegram.limits import rendered_units
from bot.adapter import Limits
from bot.messages import Reply

__all__ = ["laid_out"]

EXCERPT = Limits(text_units=600, count_units=rendered_units)


def laid_out(reply: Reply) -> Reply:
    """Return a reply as people read it best. May be slow: call it from a thread."""
    if not is_better_as_file(reply.text):
        return reply
    beginning = next(piece for piece in split(reply.text, EXCERPT) if piece.strip())
    return replace(
        reply,
        text=f"{beginning.rstrip()}\n\n…",
        attachments=(as_file(reply.text), *reply.attachments),
    )
