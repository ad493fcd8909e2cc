"""What a community wants its pictures to look like: a line of style and a palette."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.colour_names import colour_name
from bot.errors import UserError
from bot.messages import Channel
from bot.preferences import community_key
from bot.store.settings import SettingsRepository
from bot.words import T

__all__ = ["MAX_LINE", "CommunityStyle", "CommunityStyles", "read_palette"]

LINE, PALETTE = "style-line", "style-palette"
MAX_LINE = 120
MAX_COLOURS = 3
COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class CommunityStyle:
    """A line that goes into every prompt, and up to three colours such as #b8471f."""

    line: str = ""
    palette: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What is put behind the words of a prompt; "": nothing."""
        names = tuple(dict.fromkeys(map(colour_name, self.palette)))
        colours = f"in {' and '.join(names)}" if names else ""
        return ", ".join(part for part in (self.line, colours) if part)


class CommunityStyles:
    """Keeps the style of each community. A line is judged by who sets it."""

    def __init__(self, settings: SettingsRepository) -> None:
        self._settings = settings

    async def of(self, channel: Channel) -> CommunityStyle:
        """Return what the community of a channel wants."""
        key = community_key(channel)
        line = await self._settings.get(key, LINE) or ""
        palette = await self._settings.get(key, PALETTE) or ""
        return CommunityStyle(line, tuple(palette.split()))

    async def words_for(self, channel: Channel) -> str:
        """Return what is put behind the words of a prompt for a channel."""
        return (await self.of(channel)).words

    async def set_line(self, channel: Channel, line: str) -> None:
        """Keep a line that was judged."""
        await self._settings.set(community_key(channel), LINE, line)

    async def set_palette(self, channel: Channel, palette: Sequence[str]) -> None:
        """Keep colours as `read_palette` returns them."""
        await self._settings.set(community_key(channel), PALETTE, " ".join(palette))

    async def clear(self, channel: Channel) -> None:
        """Let pictures look as the model likes, and covers as config.toml says."""
        # Set, not unset: the audit is to have it.
        await self.set_line(channel, "")
        await self.set_palette(channel, ())


def read_palette(text: str) -> tuple[str, ...]:
    """Return the colours of a text, such as "#b8471f #f0a95c".

    Raises:
        UserError: one is no colour, or there are too many or none.
    """
    words = text.replace(",", " ").split()
    found = [COLOUR.fullmatch(word) for word in words]
    if not 1 <= len(words) <= MAX_COLOURS or None in found:
        raise UserError(
            T("Say one to three colours, such as: /style palette #b8471f #f0a95c")
        )
    return tuple(f"#{match[1].lower()}" for match in found if match is not None)
