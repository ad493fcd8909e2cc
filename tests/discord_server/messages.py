"""Messages and the files in them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tests.discord_server.refusals import Json

if TYPE_CHECKING:
    from tests.discord_server.places import Channel, User

__all__ = ["CROSSPOSTED", "EPHEMERAL", "LOADING", "VOICE", "File", "Message"]

CROSSPOSTED, EPHEMERAL, LOADING, VOICE = 1 << 0, 1 << 6, 1 << 7, 1 << 13
COMPONENTS_V2 = 1 << 15


@dataclass(eq=False)
class File:
    """An uploaded file."""

    id: str
    name: str
    content: bytes = field(repr=False)
    media_type: str = "application/octet-stream"
    description: str | None = None
    duration_s: float | None = None
    waveform: str | None = None
    url: str = ""

    @property
    def is_spoiler(self) -> bool:
        """Whether people must click to see it."""
        return self.name.startswith("SPOILER_")


@dataclass(eq=False)
class Message:
    """A message, with what it was before each edit in `history`.

    Attributes:
        pinged_users, pinged_roles, pings_everyone: whom it notifies, what the sender
            allowed considered.
        only_for: the one person who sees it; None where all do.
        application_id: set where it came out of an interaction.
    """

    id: str
    channel: "Channel" = field(repr=False)
    author: "User"
    content: str
    created_utc: datetime
    kind: int = 0  # 19: a reply, 20: the answer to a command
    edited_utc: datetime | None = None
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[File] = field(default_factory=list)
    nonce: str | None = None
    allowed_mentions: Json | None = None
    pinged_users: "list[User]" = field(default_factory=list)
    pinged_roles: list[str] = field(default_factory=list)
    pings_everyone: bool = False
    reply_to: "Message | None" = field(default=None, repr=False)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    poll: Json | None = None
    votes: dict[int, list[str]] = field(default_factory=dict)
    flags: int = 0
    thread: "Channel | None" = field(default=None, repr=False)
    only_for: str | None = None
    application_id: str | None = None
    interaction: Json | None = field(default=None, repr=False)
    history: list[str] = field(default_factory=list)
    is_deleted: bool = False

    @property
    def is_ephemeral(self) -> bool:
        """Whether one person alone sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def is_crossposted(self) -> bool:
        """Whether it was published to the servers that follow the channel."""
        return bool(self.flags & CROSSPOSTED)

    @property
    def is_loading(self) -> bool:
        """Whether it says that the bot is thinking."""
        return bool(self.flags & LOADING)

    @property
    def buttons(self) -> dict[str, str]:
        """The custom id behind each label, buttons in any kind of row."""
        return {
            part.get("label", ""): part["custom_id"]
            for part in parts_of(self.components)
            if part.get("type") == 2 and "custom_id" in part
        }


def parts_of(components: list[Json]) -> list[Json]:
    """Return all components, those inside others too."""
    found: list[Json] = []
    for part in components:
        found.append(part)
        found += parts_of(part.get("components") or [])
        for name in ("accessory", "component"):
            if isinstance(part.get(name), dict):
                found += parts_of([part[name]])
    return found
