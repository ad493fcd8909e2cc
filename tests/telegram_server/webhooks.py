"""Bringing updates to where a bot wants them."""

import ssl

import httpx

from tests.telegram_server.accounts import BotAccount
from tests.telegram_server.world import World

__all__ = ["NO_TLS", "Deliverer"]

LONGEST_PAUSE_S = 60.0
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # all is by HTTP; others take 20 ms
SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Deliverer:
    """Sends each bot with a webhook its updates, one by one and in order.

    An answer of 2xx confirms an update. Anything else is tried again, after 1 s, 2 s,
    4 s … on the server's clock. A method in the answer is not carried out.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with httpx.AsyncClient(
            timeout=10, trust_env=False, verify=NO_TLS
        ) as http:
            pauses: dict[int, float] = {}
            while True:
                await self._world.until(lambda: bool(self._waiting()))
                for bot in self._waiting():
                    await self._deliver(http, bot, pauses)

    def _waiting(self) -> list[BotAccount]:
        return [
            bot
            for bot in self._world.bots.values()
            if bot.updates.webhook is not None and bot.updates.pending
        ]

    async def _deliver(
        self, http: httpx.AsyncClient, bot: BotAccount, pauses: dict[int, float]
    ) -> None:
        updates = bot.updates
        webhook, update = updates.webhook, updates.pending[0]
        if webhook is None:
            return
        headers = {SECRET: webhook.secret_token} if webhook.secret_token else {}
        try:
            response = await http.post(webhook.url, json=update, headers=headers)
            is_taken = response.is_success
            reason = f"Wrong response from the webhook: {response.status_code}"
        except httpx.TransportError:
            is_taken, reason = False, "Connection refused"
        if is_taken:
            pauses.pop(bot.id, None)
            if update in updates.pending:
                updates.pending.remove(update)
            self._world.changed()
            return
        webhook.last_error = reason
        webhook.last_error_at = int(self._world.clock.now_utc().timestamp())
        pause_s = pauses.get(bot.id, 1.0)
        pauses[bot.id] = min(2 * pause_s, LONGEST_PAUSE_S)
        self._world.changed()
        await self._world.clock.sleep(pause_s)
