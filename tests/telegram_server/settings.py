"""What may be made smaller or larger, to meet a limit without moving much."""

from dataclasses import dataclass

__all__ = ["FloodLimits", "Settings"]

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FloodLimits:
    """How much a bot may send before it is asked to wait.

    Telegram names one message a second in a chat, twenty a minute in a group, and
    thirty a second in all, and lets short bursts pass; how many, it does not say.
    """

    chat_per_s: float = 1.0
    chat_burst: int = 3
    group_per_minute: int = 20
    total_per_s: float = 30.0


@dataclass(slots=True)
class Settings:
    """The server's limits.

    Attributes:
        flood: None: nobody is ever asked to wait.
    """

    flood: FloodLimits | None = None
    upload_bytes: int = 50 * MIB
    photo_bytes: int = 10 * MIB
    download_bytes: int = 20 * MIB
    text_units: int = 4096
    caption_units: int = 1024
    delete_window_s: float = 48 * 3600.0
