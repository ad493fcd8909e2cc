"""/limits: how much people may send in a community."""

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.errors import UserError
from bot.limits import LIMITS, CommunityLimits, find_limit
from bot.messages import Role
from bot.preferences import community_key
from bot.words import T, Text, Words

__all__ = ["limits_command"]

DEFAULT = "default"


def limits_command(limits: CommunityLimits, words: Words) -> Command:
    """Return the command that shows and sets the limits of a community."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        if str(arguments.get("what", "show")) == "show":
            return Answer(await _show(limits, words, context))
        limit = find_limit(str(arguments.get("name", "")))
        value = str(arguments.get("value", ""))
        number = None if value == DEFAULT else _number(value)
        await limits.choose(community_key(context.channel), limit, number)
        return Answer(await _show(limits, words, context))

    return Command(
        name="limits",
        summary=T("Show or set how much people may send here."),
        parameters=(
            Parameter("what", T("show or set."), choices=lambda: ("show", "set")),
            Parameter(
                "name",
                T("What to limit."),
                choices=lambda: tuple(limit.name for limit in LIMITS),
            ),
            Parameter("value", T("A whole number, or default.")),
        ),
        run=run,
        min_role=Role.MODERATOR,
    )


def _number(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) <= 9):
        raise UserError(
            T("Write it like this: /limits set person 5. default takes it back.")
        )
    return int(value)


async def _show(limits: CommunityLimits, words: Words, context: CommandContext) -> str:
    community = community_key(context.channel)
    lines = []
    for limit in LIMITS:
        chosen = await limits.chosen(community, limit)
        said: Text | str = str(chosen)
        if chosen is None:
            said = T("default")
            if limit.has_default:
                said = T("{number} (default)", number=limits.highest(limit))
        line = T("{summary}: {value}", summary=limit.summary, value=said)
        lines.append(f"- `{limit.name}` · {words.say(line, context.language)}")
    return "\n".join(lines)
