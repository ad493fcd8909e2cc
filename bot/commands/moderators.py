"""/moderators: where the moderators of a community are told what needs them."""

from collections.abc import Mapping

from bot.adapter import Adapter
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.errors import GoneError, UserError
from bot.messages import Role
from bot.preferences import Preferences, community_key
from bot.words import T

__all__ = ["moderators_command"]


def moderators_command(
    preferences: Preferences, adapters: Mapping[str, Adapter]
) -> Command:
    """Return the command that makes a channel the moderators' own."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        channel_id = str(arguments.get("channel", ""))
        channel = context.channel
        if channel_id:
            try:
                channel = adapters[channel.platform].channel(channel_id)
            except GoneError as error:
                raise UserError(error.text) from error
        community = community_key(context.channel)
        await preferences.set_moderator_channel(community, channel)
        return Answer(
            T(
                "What needs moderators of this community is told in {channel} now.",
                channel=channel.name or channel.key,
            )
        )

    return Command(
        name="moderators",
        summary=T("Choose where moderators are told what needs them."),
        parameters=(
            Parameter("channel", T("The id of the channel; left out, it is this one.")),
        ),
        min_role=Role.MODERATOR,
        run=run,
    )
