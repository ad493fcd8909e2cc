"""/blocked: how much is blocked in a community, counted and never shown."""

from collections.abc import Awaitable, Callable, Sequence

from bot.bans import Bans
from bot.commands.command import Answer, Arguments, Command, CommandContext, Parameter
from bot.config_safety import SafetyConfig
from bot.messages import Channel, Role
from bot.preferences import community_key
from bot.safety.own_words import OwnWords
from bot.store.bans import EVERYWHERE as banned_everywhere
from bot.store.picture_hashes import EVERYWHERE, PictureHashRepository
from bot.words import T, Text, Tn, Words

__all__ = [
    "CountBlocked",
    "blocked_command",
    "count_links",
    "count_people",
    "count_pictures",
    "count_words",
]

CountBlocked = Callable[[Channel], Awaitable[Text]]
"""Says how much of one thing is blocked for a channel."""


def blocked_command(counts: Sequence[CountBlocked], words: Words) -> Command:
    """Return the command that tells what is blocked, a line for each of `counts`."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        said = [
            words.say(await count(context.channel), context.language)
            for count in counts
        ]
        return Answer("\n".join(f"- {line}" for line in said))

    return Command(
        name="blocked",
        summary=T("Show how much is blocked here."),
        parameters=(Parameter("what", T("list."), choices=lambda: ("list",)),),
        run=run,
        min_role=Role.MODERATOR,
    )


def count_words(own: OwnWords, config: SafetyConfig) -> CountBlocked:
    """Return what counts the words of the community and of the settings."""

    async def count(channel: Channel) -> Text:
        listed = await own.all(community_key(channel))
        return Tn(
            "{n} word of this community and {others} of my owner: /words list",
            "{n} words of this community and {others} of my owner: /words list",
            n=len(listed),
            others=len(config.blocked_words),
        )

    return count


def count_people(bans: Bans) -> CountBlocked:
    """Return what counts who is banned or muted in the community, and everywhere."""

    async def count(channel: Channel) -> Text:
        kept_away = await bans.lasting(community_key(channel), banned_everywhere)
        return Tn(
            "{n} person is banned or muted: the desk and /person say who",
            "{n} persons are banned or muted: the desk and /person say who",
            n=len(kept_away),
        )

    return count


def count_pictures(hashes: PictureHashRepository) -> CountBlocked:
    """Return what counts the pictures on the community's list and on that for all."""

    async def count(channel: Channel) -> Text:
        listed = await hashes.all(community_key(channel))
        return Tn(
            "{n} picture of this community and {others} of my owner: /pictures list",
            "{n} pictures of this community and {others} of my owner: /pictures list",
            n=len(listed),
            others=len(await hashes.all(EVERYWHERE)),
        )

    return count


def count_links(config: SafetyConfig) -> CountBlocked:
    """Return what tells how the settings treat links."""

    async def count(channel: Channel) -> Text:
        return T(
            "Links: invitations {invites}, others {others}, {n} blocked domains.",
            invites=config.links.invites,
            others=config.links.others,
            n=len(config.links.denied_domains),
        )

    return count
