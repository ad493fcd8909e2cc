"""Channels by their ids."""

import discord

from adapters.discord.convert import Converter, target_id
from adapters.discord.direct import DirectPlaces
from bot.errors import GoneError, NetworkError
from bot.messages import Channel
from bot.words import T

__all__ = ["find_channel", "message_link"]


def find_channel(
    client: discord.Client, converter: Converter, direct: DirectPlaces, channel_id: str
) -> Channel:
    """Return the channel with an id; `id/thread` names a thread of it.

    Raises:
        GoneError: there is none.
        NetworkError: Discord has not said yet what there is.
    """
    place_id, _, thread_id = channel_id.partition("/")
    wanted = thread_id or place_id
    if not (wanted.isascii() and wanted.isdecimal()):
        raise GoneError(T("There is no channel {name}.", name=channel_id))
    if not client.is_ready():
        raise NetworkError(T("Discord is not connected yet."))
    found = client.get_channel(int(wanted))
    if (private := direct.find(channel_id)) is not None:
        return private
    if found is not None:
        return converter.channel(found)
    parent = client.get_channel(int(place_id)) if thread_id else None
    if not isinstance(parent, discord.abc.GuildChannel):
        raise GoneError(T("There is no channel {name}.", name=channel_id))
    # A thread that rests is not known until somebody writes in it.
    return converter.thread_of(parent, thread_id)


def message_link(channel: Channel, message_id: str) -> str:
    """Return the address at which Discord shows a message."""
    guild = "@me" if channel.is_private else channel.community_id
    return f"https://discord.com/channels/{guild}/{target_id(channel)}/{message_id}"
