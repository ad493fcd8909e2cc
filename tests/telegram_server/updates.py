"""The updates that wait for a bot."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["DEFAULT_KINDS", "KINDS", "UpdateQueue", "Webhook"]

DEFAULT_KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
    }
)
"""What a bot gets that did not say what it wants."""

KINDS = DEFAULT_KINDS | {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(slots=True)
class Webhook:
    """Where updates are delivered to, instead of being asked for."""

    url: str
    secret_token: str = field(default="", repr=False)
    max_connections: int = 40
    last_error: str = ""
    last_error_at: int = 0


class UpdateQueue:
    """Updates in order of their ids, until they are confirmed.

    Attributes:
        pending: what was not confirmed yet.
        allowed: the kinds that are kept from now on.
        webhook: None: the bot asks by itself.
        is_silent: nothing is kept, as for a bot that is not there.
    """

    def __init__(self, *, first_id: int = 100_000_001) -> None:
        self.pending: list[dict[str, Any]] = []
        self.allowed = DEFAULT_KINDS
        self.webhook: Webhook | None = None
        self._next_id = first_id
        self._arrived = asyncio.Event()
        self._poller: asyncio.Future[str] | None = None

    def allow(self, kinds: Iterable[str]) -> None:
        """Set what is kept from now on; none stands for the default ones.

        Kinds that Telegram does not know are ignored, as it does.
        """
        self.allowed = frozenset(kinds) & KINDS or DEFAULT_KINDS

    def add(self, kind: str, contents: dict[str, Any]) -> None:
        """Keep an update, unless its kind was not asked for."""
        if kind not in self.allowed:
            return
        self.pending.append({"update_id": self._next_id, kind: contents})
        self._next_id += 1
        self._arrived.set()

    def confirm(self, offset: int) -> None:
        """Forget what lies before an offset; a negative one counts from the end."""
        if offset < 0:
            del self.pending[: max(len(self.pending) + offset, 0)]
        elif offset > 0:
            self.pending = [u for u in self.pending if u["update_id"] >= offset]

    def take_over(self) -> asyncio.Future[str]:
        """Return a future that gets the reason when another poller comes.

        The poller before is told so: this is why the second one of two lives on.
        """
        self.end_poll(
            "terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )
        self._poller = asyncio.get_running_loop().create_future()
        return self._poller

    def end_poll(self, reason: str) -> None:
        """End the long poll that is open, if there is one."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(reason)
        self._poller = None

    @property
    def is_polled(self) -> bool:
        """Whether somebody waits for updates."""
        return self._poller is not None and not self._poller.done()

    async def arrival(self) -> None:
        """Wait for an update; returns at once where one is there."""
        while not self.pending:
            self._arrived.clear()
            await self._arrived.wait()
