"""/watch: whether filters look at what members say to each other in a channel."""

from collections.abc import Mapping
from datetime import timedelta

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.errors import UserError
from bot.lookout import DROPPED, JUDGED, NOTICED
from bot.messages import Role
from bot.store.watch_counts import WatchCounts
from bot.watching import Watches, WatchMode
from bot.words import T, Text, Words

__all__ = ["watch_command"]

_SAYING: Mapping[WatchMode, Text] = {
    WatchMode.OFF: T("Nobody's messages are watched in this channel."),
    WatchMode.SHADOW: T(
        "In this channel I count what filters notice, and show nobody. I act on "
        "nothing."
    ),
    WatchMode.SUGGEST: T(
        "In this channel moderators are shown what filters notice. I act on nothing: "
        "they decide."
    ),
}
WEEK = timedelta(days=7)


def watch_command(watches: Watches, counts: WatchCounts, words: Words) -> Command:
    """Return the command that shows and chooses whether a channel is watched."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        channel = context.channel
        chosen = arguments.get("mode")
        if chosen is not None:
            if channel.is_private:
                raise UserError(T("What people write to me in private is not watched."))
            mode = WatchMode(str(chosen))
            await watches.choose(channel, mode)
            return Answer(_SAYING[mode], is_private=False)
        lines = [_SAYING[await watches.mode(channel)]]
        counted = await counts.of(channel.key, within=WEEK)
        if counted:
            lines.append(_counted(counted))
        said = [words.say(line, context.language) for line in lines]
        said += [
            f"- `{name}` {num}"
            for name, num in counted.items()
            if name not in {JUDGED, NOTICED, DROPPED}
        ]
        return Answer("\n".join(said))

    return Command(
        name="watch",
        summary=T("Show or choose whether I watch what members write here."),
        parameters=(
            Parameter(
                "mode",
                T("off, shadow or suggest; left out, I say which it is."),
                choices=lambda: tuple(WatchMode),
            ),
        ),
        min_role=Role.MODERATOR,
        run=run,
    )


def _counted(counted: Mapping[str, int]) -> Text:
    return T(
        "In the last seven days: {judged} messages judged, {noticed} noticed, "
        "{dropped} let go because there were too many at once.",
        judged=counted.get(JUDGED, 0),
        noticed=counted.get(NOTICED, 0),
        dropped=counted.get(DROPPED, 0),
    )
