"""A call from its first byte to its last: log, faults, token, rates, route, answer."""

import json
import math
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.discord_server.api import Api, Ask, Handler, Limit
from tests.discord_server.bodies import read_body
from tests.discord_server.calls import Call
from tests.discord_server.faults import Fault, FaultKind, Faults
from tests.discord_server.rates import Limited
from tests.discord_server.refusals import Refusal, refuse
from tests.discord_server.routes import bot, interactions, messages, places, reactions

__all__ = ["PREFIX", "Endpoint"]

PREFIX = "/api/v10"
TABLE: dict[str, Handler] = {
    **bot.ROUTES,
    **messages.ROUTES,
    **reactions.ROUTES,
    **places.ROUTES,
    **interactions.ROUTES,
}
MAJOR = ("channel_id", "guild_id", "application_id", "interaction_id", "token")
VIA = {"Via": "1.1 google"}


class Endpoint:
    """Serves the HTTP API and keeps the log of its calls.

    Attributes:
        num_carried_out: how many calls may have changed something, by route.
    """

    def __init__(self, api: Api, faults: Faults, token: str) -> None:
        self.calls: list[Call] = []
        self._api = api
        self._faults = faults
        self._authorization = f"Bot {token}"

    def add_to(self, app: web.Application) -> None:
        """Put the routes under the prefix; what is under no route is a 404."""
        for route, handler in TABLE.items():
            method, path = route.split(" ", 1)
            app.router.add_route(method, PREFIX + path, self._serving(route, handler))
        app.router.add_route("*", PREFIX + "/{path:.*}", self._unknown)

    def _serving(
        self, route: str, handler: Handler
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            return await self._serve(request, route, handler)

        return serve

    async def _unknown(self, request: web.Request) -> web.StreamResponse:
        call = Call(f"{request.method} ?", {}, self._api.clock.monotonic(), 404)
        self.calls.append(call)
        return _json({"message": "404: Not Found", "code": 0}, status=404)

    async def _serve(
        self, request: web.Request, route: str, handler: Handler
    ) -> web.StreamResponse:
        parts = dict(request.match_info)
        shown = {name: part for name, part in parts.items() if name != "token"}
        call = Call(route, shown, self._api.clock.monotonic())
        call.audit_reason = request.headers.get("X-Audit-Log-Reason")
        self.calls.append(call)
        fault = self._faults.take(route)
        if fault is not None and fault.kind is FaultKind.DROP_BEFORE:
            return _cut(request)
        if fault is not None and fault.kind is FaultKind.STATUS:
            call.status = fault.status
            return web.Response(status=fault.status, text="upstream error", headers=VIA)
        response = await self._answer(request, call, parts, handler)
        call.status = response.status
        self._api.rates.count_invalid(response.status)
        if fault is not None:
            return await self._spoilt(request, response, call, fault)
        return response

    async def _spoilt(
        self, request: web.Request, response: web.Response, call: Call, fault: Fault
    ) -> web.StreamResponse:
        if fault.kind is FaultKind.DROP_AFTER:
            call.status = 0
            return _cut(request)
        await self._api.clock.sleep(fault.delay_s)
        return response

    async def _answer(
        self,
        request: web.Request,
        call: Call,
        parts: dict[str, str],
        handler: Handler,
    ) -> web.Response:
        major = "+".join(parts[name] for name in MAJOR if name in parts)
        channel_id = parts.get("channel_id", "")
        limited, headers = self._api.rates.take(call.route, major, channel_id)
        try:
            body = await read_body(request)
            if limited is not None:
                return _wait(limited, headers)
            self._authorize(request, call.route)
            call.body = body.json
            reason = call.audit_reason
            ask = Ask(self._api, parts, request.query, body, reason)
            shown = await handler(ask)
            call.is_carried_out = request.method != "GET"
        except Refusal as refusal:
            call.code = refusal.code
            return _json(refusal.body, status=refusal.status, headers=headers | VIA)
        except Limit as limit:
            call.code = 30046
            words = refuse(30046).body["message"]
            return _wait(Limited(limit.retry_after_s, "shared"), headers, 30046, words)
        if shown is None:
            return web.Response(status=204, headers=headers | VIA)
        return _json(shown, headers=headers | VIA)

    def _authorize(self, request: web.Request, route: str) -> None:
        # What has a token of its own in its path needs no other.
        if "{token}" in route:
            return
        if request.headers.get("Authorization") != self._authorization:
            raise refuse(0)


def _wait(
    limited: Limited,
    headers: dict[str, str],
    code: int = 0,
    words: str = "You are being rate limited.",
) -> web.Response:
    if limited.is_ban:
        return web.Response(status=429, text="error code: 1015")
    retry_after_s = math.ceil(limited.retry_after_s * 1000) / 1000
    is_global = limited.scope == "global"
    headers = headers | VIA | {"X-RateLimit-Scope": limited.scope}
    headers["Retry-After"] = str(math.ceil(retry_after_s))
    if is_global:
        headers["X-RateLimit-Global"] = "true"
    body = {"message": words, "retry_after": retry_after_s, "global": is_global}
    return _json(body | {"code": code}, status=429, headers=headers)


def _json(
    shown: object, *, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    # Without a charset: discord.py takes exactly this content type for JSON.
    return web.Response(
        body=json.dumps(shown).encode(),
        status=status,
        headers=headers,
        content_type="application/json",
    )


def _cut(request: web.Request) -> web.StreamResponse:
    """Break the connection; what is returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
