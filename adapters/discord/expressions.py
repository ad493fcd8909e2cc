"""Emoji and stickers of a server, made from pictures."""

import discord

from adapters.discord.convert import target_id
from adapters.discord.outbox import Outbox
from adapters.governor import Lane
from bot.errors import GoneError, PlatformError
from bot.messages import Attachment, Author, Channel
from bot.provenance import MADE_BY_AI
from bot.words import T

__all__ = ["upload_emoji", "upload_sticker"]

EMOJI_BYTES, STICKER_BYTES = 256 * 1024, 512 * 1024


async def upload_emoji(
    outbox: Outbox, place: Channel, name: str, picture: Attachment, *, by: Author
) -> str:
    """Add an emoji to the server of a channel; return its id.

    Raises:
        PlatformError: the right is missing, or the picture is too large.
    """
    _check_size(picture, EMOJI_BYTES)
    guild = _guild(outbox, place)
    try:
        emoji = await outbox.run(
            lambda: guild.create_custom_emoji(
                name=name, image=picture.content, reason=_reason(picture, by)
            ),
            key=f"other:{guild.id}",
            lane=Lane.MODERATION,
        )
    except ValueError as error:  # discord.py looks at the first bytes
        raise PlatformError(
            T("“{name}” is no picture that Discord takes.", name=picture.name)
        ) from error
    return str(emoji.id)


async def upload_sticker(
    outbox: Outbox,
    place: Channel,
    name: str,
    picture: Attachment,
    *,
    emoji: str,
    by: Author,
) -> None:
    """Add a sticker to the server of a channel.

    Raises:
        PlatformError: the right is missing, or the picture is too large.
    """
    _check_size(picture, STICKER_BYTES)
    guild = _guild(outbox, place)
    await outbox.run(
        lambda: guild.create_sticker(
            name=name,
            description=name,
            emoji=emoji,
            file=outbox.file(picture),
            reason=_reason(picture, by),
        ),
        key=f"other:{guild.id}",
        lane=Lane.MODERATION,
    )


def _reason(picture: Attachment, by: Author) -> str:
    """Return what the server's audit log says: who, and which model drew it."""
    if picture.provenance is None:
        return by.name
    model, seed = picture.provenance.model, picture.provenance.seed
    return f"{by.name} · {MADE_BY_AI}: {model}, seed {seed}"


def _guild(outbox: Outbox, place: Channel) -> discord.Guild:
    found = outbox.client.get_channel(target_id(place))
    guild = getattr(found, "guild", None)
    if not isinstance(guild, discord.Guild):
        raise GoneError(T("There is no channel {name}.", name=place.id))
    if not guild.me.guild_permissions.create_expressions:
        raise outbox.rights.lacking(target_id(place), "create_expressions")
    return guild


def _check_size(picture: Attachment, most: int) -> None:
    if picture.size_bytes > most:
        raise PlatformError(
            T(
                "“{name}” is too large: Discord takes {most} KiB here.",
                name=picture.name,
                most=most // 1024,
            )
        )
