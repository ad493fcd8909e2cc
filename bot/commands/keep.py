"""/keep: how long a community lets the bot keep what was said and judged."""

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.errors import UserError
from bot.keep_rules import KeepRules
from bot.messages import Role
from bot.store.retention_days import Keep
from bot.words import T, Text, Words

__all__ = ["keep_command"]

DEFAULT = "default"
MOST_DAYS = 3650
_WHAT = {"turns": Keep.TURNS, "texts": Keep.TEXTS, "records": Keep.RECORDS}


def keep_command(rules: KeepRules, words: Words) -> Command:
    """Return the command that shows and shortens how long things are kept."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        if "what" in arguments:
            what = _WHAT[str(arguments["what"])]
            value = str(arguments.get("days", ""))
            if not value:
                raise UserError(
                    T("Say for how many days, or {default}.", default=DEFAULT)
                )
            await rules.choose(context.channel, what, _days(rules, what, value))
        days = await rules.of(context.channel)
        texts = (
            _turns(days.turns),
            T("- texts that a filter noticed: {days} days", days=days.texts),
            T(
                "- verdicts, ratings and traces of answers: {days} days",
                days=days.records,
            ),
            T("/keep turns 30 makes it shorter; /keep turns default undoes that."),
        )
        said = [
            words.say(text, context.language)
            for text in (T("In this community I keep:"), *texts)
        ]
        return Answer("\n".join(said))

    return Command(
        name="keep",
        summary=T("Show or shorten how long I keep what is said here."),
        parameters=(
            Parameter(
                "what", T("turns, texts or records."), choices=lambda: tuple(_WHAT)
            ),
            Parameter("days", T("For how many days, or default.")),
        ),
        run=run,
        min_role=Role.MODERATOR,
    )


def _turns(days: int) -> Text:
    if not days:
        return T("- what was said: until /reset")
    return T("- what was said: {days} days, or until /reset", days=days)


def _days(rules: KeepRules, what: Keep, value: str) -> int | None:
    """Return the days that were chosen; None: those of config.toml.

    Raises:
        UserError: it is no such number, or longer than whoever runs the bot allows.
    """
    if value == DEFAULT:
        return None
    least = 0 if what is Keep.TEXTS else 1
    most = rules.limits.of(what) or MOST_DAYS
    if not (value.isdecimal() and value.isascii() and len(value) < 6) or not (
        least <= int(value) <= most
    ):
        raise UserError(
            T(
                "Choose {least} to {most} days: longer is not allowed by whoever runs "
                "this bot.",
                least=least,
                most=most,
            )
        )
    return int(value)
