"""Who the bot is on Telegram."""

from dataclasses import dataclass

from telegram import User

__all__ = ["Identity"]


@dataclass(slots=True)
class Identity:
    """What Telegram says of the bot itself; empty until it has been asked.

    Attributes:
        sees_all: privacy mode is off: it gets all that is written in groups.
    """

    id: int = 0
    username: str = ""
    name: str = ""
    sees_all: bool = False
    has_inline: bool = False

    @property
    def url(self) -> str:
        """Where people find it; "" while that is not known."""
        return f"https://t.me/{self.username}" if self.username else ""

    def take(self, user: User) -> None:
        """Take what Telegram says."""
        self.id = user.id
        self.username = user.username or ""
        self.name = user.full_name
        self.sees_all = bool(user.can_read_all_group_messages)
        self.has_inline = bool(user.supports_inline_queries)
