"""What the desk changes: it runs the commands of the chats, on a moderator's behalf."""

import re

from adapters.web.desk_door import DeskVisit
from bot.commands.command import Answer, CommandContext
from bot.commands.registry import Registry
from bot.errors import UserError
from bot.messages import Channel
from bot.words import T, Text, Words

__all__ = ["Steering"]

WORD = re.compile(r"[^\s\"“”„«»]{1,200}")
MAX_REST = 300


class Steering:
    """Runs command lines in places that somebody steers.

    The checks, the rights and the line in the audit are those of the command. Whoever
    calls this has checked that the visitor steers the place.
    """

    def __init__(self, registry: Registry, words: Words) -> None:
        self._registry = registry
        self._words = words

    async def run(
        self,
        name: str,
        *values: str,
        place: Channel,
        visit: DeskVisit,
        rest: str = "",
    ) -> str:
        """Run a command with words as its arguments; return what it says.

        Raises:
            UserError: the command says no, or a value cannot be one of its words.
        """
        for value in values:
            if not WORD.fullmatch(value):
                raise UserError(T("“{value}” cannot be used here.", value=value[:50]))
        rest = " ".join(rest.split())[:MAX_REST]
        line = " ".join(part for part in (f"/{name}", *values, rest) if part)
        context = CommandContext(
            visit.author,
            place,
            visit.language,
            from_elsewhere=visit.place.platform,
        )
        return self._said(await self._registry.run(line, context), visit.language)

    def _said(self, answer: Answer, language: str) -> str:
        text = answer.text
        return self._words.say(text, language) if isinstance(text, Text) else text
