"""How a post looks on Discord: an embed, and what does not fit into it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import discord

from adapters.discord.markup import render
from bot.messages import Attachment
from bot.publication import Link, Publication

__all__ = ["PostLayout", "lay_out"]

LONGEST_TITLE, LONGEST_TEXT, LONGEST_FIELD, LONGEST_IN_ALL = 256, 4096, 1024, 6000
COLOUR = 0xE8590C  # embers
NO_NAME = "\u200b"


@dataclass(frozen=True, slots=True)
class PostLayout:
    """A post, laid out.

    Attributes:
        rest: markdown that goes into messages below it; "": nothing.
    """

    embed: discord.Embed
    picture: Attachment | None
    rest: str


def lay_out(publication: Publication, *, can_unfurl: bool) -> PostLayout:
    """Lay a post out. What is too long for the embed is not cut: it follows whole."""
    embed = discord.Embed(colour=COLOUR)
    if len(publication.title) <= LONGEST_TITLE:
        embed.title = publication.title
        heading = ""
    else:
        heading = f"**{publication.title}**\n\n"
    footer = " · ".join(part for part in (publication.byline, publication.id) if part)
    embed.set_footer(text=footer)
    picture = _named(publication.picture)
    if picture is not None:
        embed.set_image(url=f"attachment://{picture.name}")
    rest = _fill(embed, publication, heading, can_unfurl=can_unfurl)
    return PostLayout(embed, picture, rest)


def _fill(
    embed: discord.Embed, publication: Publication, heading: str, *, can_unfurl: bool
) -> str:
    """Write the text into the embed; return what goes below it."""
    sources = _sources(publication.sources)
    summary = f"*{publication.summary}*" if publication.summary else ""
    whole = "\n\n".join(part for part in (summary, publication.body) if part.strip())
    room = LONGEST_IN_ALL - len(embed) - len(sources)
    shown = render(heading + whole, can_unfurl=can_unfurl)
    if len(sources) <= LONGEST_FIELD and len(shown) <= min(LONGEST_TEXT, room):
        embed.description = shown
        if sources:
            embed.add_field(name=NO_NAME, value=sources, inline=False)
        return ""
    short = render(heading + publication.summary, can_unfurl=can_unfurl)
    if len(short) <= LONGEST_TEXT:
        embed.description = short
        below = [publication.body]
    else:
        below = [heading + whole]
    return "\n\n".join(part for part in (*below, sources) if part.strip())


def _sources(links: Sequence[Link]) -> str:
    return "\n".join(f"🔗 [{link.title}](<{link.url}>)" for link in links)


def _named(picture: Attachment | None) -> Attachment | None:
    """Return the picture under a name that an embed can point to."""
    if picture is None:
        return None
    extension = picture.name.rpartition(".")[2] if "." in picture.name else "png"
    plain = "".join(c for c in extension if c.isascii() and c.isalnum()) or "png"
    return replace(picture, name=f"picture.{plain}")
