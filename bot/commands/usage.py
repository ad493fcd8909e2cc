"""/usage: how much of the models somebody has used today, and how much is left."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.commands.command import Answer, Arguments, Command, CommandContext
from bot.commands.usage_chart import usage_chart
from bot.messages import Role
from bot.persons import Persons
from bot.quotas import Limits, Quotas, Used
from bot.store.usage import Usage
from bot.words import T, Text, Tn, Words

__all__ = ["bar", "usage_command"]

BAR_LENGTH = 10
NUM_SHOWN, NUM_DAYS = 5, 14


def usage_command(
    quotas: Quotas, persons: Persons, words: Words, zone: ZoneInfo
) -> Command:
    """Return the command that shows people what they have used today.

    Moderators see their community's as well, whose share of it is largest, and a chart
    of the last days.
    """

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        used = await quotas.used(context.channel, context.author)
        is_free = context.author.role >= Role.MODERATOR
        lines = [
            *_own(used.person, used.limits, is_free=is_free),
            T(
                "It begins anew at midnight ({again}, {zone}).",
                again=f"{quotas.begins_anew():%Y-%m-%d %H:%M}",
                zone=zone.key,
            ),
        ]
        said = [words.say(line, context.language) for line in lines]
        if not is_free:
            return Answer("\n".join(said))
        said += [words.say(line, context.language) for line in _all(used)]
        said += await _shares(context, used.community)
        chart = await usage_chart(
            await quotas.days(context.channel, NUM_DAYS),
            lambda text: words.say(text, context.language),
        )
        return Answer("\n".join(said), attachments=(chart,) if chart else ())

    async def _shares(context: CommandContext, whole: Usage) -> Sequence[str]:
        top = await quotas.top(context.channel, limit=NUM_SHOWN)
        ids = [person.partition(":")[2] for person, _ in top]
        names = await persons.names(context.channel.platform, ids)
        return [
            f"- {names.get(one, one)}: {bar(share)} {share:.0%}"
            for one, (_, usage) in zip(ids, top, strict=True)
            if (share := _share(usage, whole)) > 0
        ]

    return Command(
        name="usage",
        summary=T("Show how much of me you have used today."),
        run=run,
        is_everyones=True,
    )


def bar(share: float) -> str:
    """Return a share of a whole, from 0 to 1, as a bar."""
    full = min(BAR_LENGTH, max(0, round(share * BAR_LENGTH)))
    return "▰" * full + "▱" * (BAR_LENGTH - full)


def _own(usage: Usage, limits: Limits, *, is_free: bool) -> Sequence[Text]:
    requests = 0 if is_free else limits.requests
    seconds = 0 if is_free else limits.seconds
    return (_requests(usage, requests), _seconds(usage, seconds))


def _all(used: Used) -> Sequence[Text]:
    limits = used.limits
    return (
        T("This community today:"),
        _requests(used.community, limits.community_requests),
        _seconds(used.community, limits.community_seconds),
    )


def _requests(usage: Usage, limit: int) -> Text:
    if not limit:
        return Tn(
            "{n} request today, without a limit",
            "{n} requests today, without a limit",
            n=usage.requests,
        )
    return T(
        "{bar} {n} of {limit} requests today",
        bar=bar(usage.requests / limit),
        n=usage.requests,
        limit=limit,
    )


def _seconds(usage: Usage, limit: int) -> Text:
    if not limit:
        return T("{n} s of work today, without a limit", n=round(usage.seconds))
    return T(
        "{bar} {n} of {limit} s of work today",
        bar=bar(usage.seconds / limit),
        n=round(usage.seconds),
        limit=limit,
    )


def _share(usage: Usage, whole: Usage) -> float:
    if whole.seconds:
        return usage.seconds / whole.seconds
    return usage.requests / whole.requests if whole.requests else 0.0
