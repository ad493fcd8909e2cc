"""Whether what somebody wrote is meant for the bot."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

import regex

from bot.commands.registry import is_command
from bot.messages import Channel
from bot.preferences import Talk

__all__ = ["Addressing", "Call", "TalkOf", "nothing_chosen"]

TalkOf = Callable[[Channel], Awaitable[Talk | None]]
"""What moderators chose for a channel: `Preferences.talk`."""


async def nothing_chosen(channel: Channel) -> Talk | None:
    """Stand in where nobody chooses, as in tests: the settings count everywhere."""
    return None


@dataclass(frozen=True, slots=True)
class Call:
    """What a text turned out to be.

    Attributes:
        text: the text without the name or sign that called the bot.
    """

    text: str
    is_to_bot: bool


class Addressing:
    """Tells what is meant for the bot from what people say to each other.

    Args:
        names: what it is called, at a text's start: "Hearth, what is …".
        prefix: a sign at a text's start that calls it; "": there is none.
        talk_channels: ids of channels where it answers everything by default.
        talk_of: what moderators chose for a channel.
    """

    def __init__(
        self,
        *,
        names: Collection[str],
        prefix: str,
        talk_channels: Collection[str],
        talk_of: TalkOf,
    ) -> None:
        called = "|".join(regex.escape(name) for name in names if name.strip())
        self._name = (
            regex.compile(
                rf"\s*(?:hey|hi|hello|ok|okay)?[\s,]*(?:{called})(?:[\s,:;.!?…、，：]+|$)",
                regex.IGNORECASE,
            )
            if called
            else None
        )
        self._prefix = prefix
        self._talk_channels = frozenset(talk_channels)
        self._talk_of = talk_of

    async def read(
        self, channel: Channel, text: str, *, is_direct: bool, also_known_as: str = ""
    ) -> Call:
        """Return what a text is; `is_direct`: a mention, a reply to it, a private chat.

        `also_known_as` is another id that the settings may name the channel by.
        Commands are always for the bot. In a channel where it never talks nothing else
        is, but a private one.
        """
        if is_command(text) or channel.is_private:
            return Call(text, is_to_bot=True)
        talk = await self._talk_of(channel)
        if talk is Talk.NEVER:
            return Call(text, is_to_bot=False)
        called = self._without_call(text)
        if called is not None:
            return Call(called, is_to_bot=True)
        is_always = talk is Talk.ALWAYS or (
            talk is None
            and not self._talk_channels.isdisjoint({channel.id, also_known_as})
        )
        return Call(text, is_to_bot=is_direct or is_always)

    def _without_call(self, text: str) -> str | None:
        """Return the text behind a name or sign at its start; None: there is none."""
        if self._prefix and text.startswith(self._prefix):
            return text.removeprefix(self._prefix).strip()
        found = self._name.match(text) if self._name else None
        if found is None:
            return None
        # A name alone is a greeting, and is answered as it stands.
        return text[found.end() :].strip() or text
