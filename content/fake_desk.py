"""Moderators in memory: for tests of what they are told and asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages import Attachment, Channel
from bot.moderators import AnyCardButton, CardButton
from bot.preferences import community_key
from bot.words import Text

__all__ = ["Card", "FakeDesk"]


@dataclass(frozen=True, slots=True)
class Card:
    """What moderators were told."""

    text: str
    quote: str
    buttons: tuple[tuple[str, str], ...]
    communities: tuple[str, ...]
    attachments: tuple[Attachment, ...] = ()


class FakeDesk:
    """Moderators in memory: every community's are reached, unless told otherwise.

    Attributes:
        overseers: keys of channels that see to every community, as the owner's do.
    """

    def __init__(self) -> None:
        self.cards: list[Card] = []
        self.is_reachable = True
        self.overseers: set[str] = set()

    async def tell(
        self,
        text: Text,
        *,
        communities: Sequence[str] = (),
        quote: str = "",
        buttons: Sequence[AnyCardButton] = (),
        attachments: Sequence[Attachment] = (),
    ) -> bool:
        """Keep what they are told, where they can be reached."""
        if self.is_reachable:
            shown = [one if isinstance(one, tuple) else _pair(one) for one in buttons]
            labels = tuple((str(label), command) for label, command in shown)
            card = Card(
                str(text), quote, labels, tuple(communities), tuple(attachments)
            )
            self.cards.append(card)
        return self.is_reachable

    async def oversees(self, community: str, channel: Channel) -> bool:
        """Let each community see its own."""
        return channel.key in self.overseers or community_key(channel) == community


def _pair(button: CardButton) -> tuple[Text, str]:
    return button.label, button.command
