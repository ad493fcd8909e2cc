"""Getting updates, one way or the other."""

import asyncio
from typing import Any

from tests.telegram_server.query import Method, Query
from tests.telegram_server.refusals import bad_request, conflict
from tests.telegram_server.updates import Webhook

__all__ = ["METHODS"]

WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
LONGEST_POLL_S = 50


def _allow(query: Query) -> None:
    kinds = query.params.json("allowed_updates")
    if kinds is None:
        return  # what was set before stays
    if not isinstance(kinds, list):
        raise bad_request("can't parse allowed_updates: expected an Array")
    query.bot.updates.allow(kinds)


async def get_updates(query: Query) -> list[dict[str, Any]]:
    """Return what waits for the bot; wait for it if asked to.

    Of two that wait at once the first is sent away with a conflict.
    """
    updates, params = query.bot.updates, query.params
    if updates.webhook is not None:
        raise conflict(WEBHOOK_ACTIVE)
    _allow(query)
    limit = min(max(params.integer("limit", 100), 1), 100)
    timeout_s = min(max(params.integer("timeout"), 0), LONGEST_POLL_S)
    updates.confirm(params.integer("offset"))
    ended = updates.take_over()
    query.world.changed()
    try:
        if not updates.pending and timeout_s:
            await _first(ended, updates.arrival(), query.world.clock.sleep(timeout_s))
        if ended.done():
            raise conflict(ended.result())
        return updates.pending[:limit]
    finally:
        ended.cancel()  # nobody waits any more, also where the client has gone


async def _first(ended: asyncio.Future[str], *waits: Any) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait({ended, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def set_webhook(query: Query) -> bool:
    """Have updates delivered from now on. Only loopback addresses are taken here."""
    params = query.params
    url = params.text("url")
    if not url:
        return await delete_webhook(query)
    if not url.startswith(("http://127.0.0.1", "http://localhost", "https://")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(query)
    updates = query.bot.updates
    updates.end_poll("terminated by setWebhook request")
    if params.boolean("drop_pending_updates"):
        updates.pending.clear()
    updates.webhook = Webhook(
        url, secret, max_connections=params.integer("max_connections", 40)
    )
    query.world.changed()
    return True


async def delete_webhook(query: Query) -> bool:
    """Have updates kept until they are asked for."""
    updates = query.bot.updates
    updates.webhook = None
    if query.params.boolean("drop_pending_updates"):
        updates.pending.clear()
    query.world.changed()
    return True


async def get_webhook_info(query: Query) -> dict[str, Any]:
    """Say where updates go."""
    updates = query.bot.updates
    webhook = updates.webhook
    shown: dict[str, Any] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
        "allowed_updates": sorted(updates.allowed),
    }
    if webhook is not None:
        shown["max_connections"] = webhook.max_connections
        if webhook.last_error:
            shown["last_error_date"] = webhook.last_error_at
            shown["last_error_message"] = webhook.last_error
    return shown


METHODS: dict[str, Method] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
