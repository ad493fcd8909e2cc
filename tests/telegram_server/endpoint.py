"""The Bot API over HTTP: reads calls, carries them out, writes answers."""

import asyncio
import json
from typing import Any

from aiohttp import web

from tests.telegram_server.accounts import BotAccount, is_token
from tests.telegram_server.calls import Call, CallLog
from tests.telegram_server.faults import Fault, FaultKind, Faults
from tests.telegram_server.flood import Flood, counts
from tests.telegram_server.methods.table import METHODS
from tests.telegram_server.params import Params, Upload
from tests.telegram_server.query import Query
from tests.telegram_server.refusals import (
    Refusal,
    bad_request,
    not_found,
    too_large,
    too_many_requests,
    unauthorized,
)
from tests.telegram_server.settings import Settings
from tests.telegram_server.world import World

__all__ = ["Endpoint"]

SPARE_BYTES = 1024 * 1024
"""So much may come with the files of one call."""
PAGE = "<html><body><h1>{status} Something went wrong</h1></body></html>"


class Endpoint:
    """Answers `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(
        self,
        world: World,
        *,
        settings: Settings,
        faults: Faults,
        flood: Flood,
        calls: CallLog,
    ) -> None:
        self._world = world
        self._settings = settings
        self._faults = faults
        self._flood = flood
        self._calls = calls
        self._open: set[asyncio.Transport] = set()

    def application(self) -> web.Application:
        """Return the routes as an application that can be served."""
        size = self._settings.upload_bytes + SPARE_BYTES
        application = web.Application(client_max_size=size)
        application.router.add_route("*", "/bot{token}/{method}", self._call)
        application.router.add_get("/file/bot{token}/{path:.+}", self._download)
        return application

    def drop_all(self) -> None:
        """End all connections that wait for an answer."""
        for transport in tuple(self._open):
            transport.abort()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if request.transport is not None:
            self._open.add(request.transport)
        try:
            return await self._logged_call(request)
        finally:
            if request.transport is not None:
                self._open.discard(request.transport)

    async def _logged_call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        clock = self._world.clock
        call = Call(method, {}, "", clock.now_utc(), clock.monotonic())
        self._calls.append(call)
        try:
            bot = self._bot(request.match_info["token"])
            call.bot = bot.username
            params = await _read(request)
            call.parameters = _noted(params)
            before = self._faults.take(
                method,
                FaultKind.DROP_BEFORE,
                FaultKind.ANSWER,
                FaultKind.REFUSE,
                FaultKind.SLOW,
            )
            if before is not None:
                answer = await self._go_wrong(before, request, call)
                if answer is not None:
                    return answer
            result = await self._carry_out(method, bot, params, request)
        except Refusal as refusal:
            return self._refused(call, refusal)
        call.was_done, call.result = True, result
        if self._faults.take(method, FaultKind.DROP_AFTER):
            return _dropped(request)
        call.status = 200
        self._world.changed()
        return _json(200, {"ok": True, "result": result})

    def _refused(self, call: Call, refusal: Refusal) -> web.Response:
        call.status, call.description = refusal.code, refusal.description
        self._world.changed()
        body: dict[str, Any] = {
            "ok": False,
            "error_code": refusal.code,
            "description": refusal.description,
        }
        headers = {}
        if refusal.parameters:
            body["parameters"] = refusal.parameters
        if "retry_after" in refusal.parameters:
            headers["Retry-After"] = str(refusal.parameters["retry_after"])
        return _json(refusal.code, body, headers)

    def _bot(self, token: str) -> BotAccount:
        bot = self._world.bots.get(token)
        if bot is None:
            raise unauthorized() if is_token(token) else not_found()
        if bot.is_logged_out:
            raise bad_request("Logged out")
        return bot

    async def _go_wrong(
        self, fault: Fault, request: web.Request, call: Call
    ) -> web.StreamResponse | None:
        if fault.refusal is not None:
            raise fault.refusal
        if fault.kind is FaultKind.DROP_BEFORE:
            return _dropped(request)
        if fault.kind is FaultKind.ANSWER:
            call.status = fault.status
            page = PAGE.format(status=fault.status)
            return web.Response(
                status=fault.status, text=page, content_type="text/html"
            )
        call.is_slow = True
        self._world.changed()
        await self._world.clock.sleep(fault.delay_s)
        return None

    async def _carry_out(
        self, method: str, bot: BotAccount, params: Params, request: web.Request
    ) -> Any:
        run = METHODS.get(method.lower())
        if run is None:
            raise not_found("Not Found: method not found")
        base_url = f"{request.scheme}://{request.host}"
        query = Query(self._world, bot, params, self._settings, base_url)
        chat_id = params.text("chat_id")
        if counts(method):
            self._check_flood(bot, chat_id)
        result = await run(query)
        if counts(method):
            number = len(result) if isinstance(result, list) else 1
            self._flood.sent(bot.id, chat_id, number)
        if method.lower() == "getupdates" and result:
            result = self._mix(result)
        return result

    def _check_flood(self, bot: BotAccount, chat_id: str) -> None:
        wait_s = self._flood.wait_s(
            bot.id,
            chat_id,
            self._settings.flood,
            is_group=chat_id.startswith(("-", "@")),
        )
        if wait_s:
            raise too_many_requests(wait_s)

    def _mix(self, updates: list[Any]) -> list[Any]:
        if self._faults.take("getUpdates", FaultKind.DUPLICATE):
            updates = [update for update in updates for _ in range(2)]
        if self._faults.take("getUpdates", FaultKind.REORDER):
            updates = updates[::-1]
        return updates

    async def _download(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        call = Call(
            "download",
            {"path": path},
            "",
            self._world.clock.now_utc(),
            self._world.clock.monotonic(),
        )
        self._calls.append(call)
        try:
            call.bot = self._bot(request.match_info["token"]).username
            fault = self._faults.take(
                "download", FaultKind.DROP_BEFORE, FaultKind.ANSWER, FaultKind.SLOW
            )
            if fault is not None:
                answer = await self._go_wrong(fault, request, call)
                if answer is not None:
                    return answer
            for stored in self._world.files.values():
                if stored.path == path:
                    call.status, call.was_done = 200, True
                    return web.Response(body=stored.content)
            raise not_found()
        except Refusal as refusal:
            return self._refused(call, refusal)


def _json(
    status: int, body: dict[str, Any], headers: dict[str, str] | None = None
) -> web.Response:
    return web.Response(
        status=status,
        body=json.dumps(body).encode(),
        content_type="application/json",
        headers=headers,
    )


def _dropped(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _noted(params: Params) -> dict[str, Any]:
    files = {
        name: f"<{upload.name}, {len(upload.content)} bytes>"
        for name, upload in params.files.items()
    }
    noted = {**params.fields, **files}
    if "secret_token" in noted:
        noted["secret_token"] = "<secret>"
    return noted


async def _read(request: web.Request) -> Params:
    fields = dict(request.query)
    files: dict[str, Upload] = {}
    try:
        if request.content_type == "application/json":
            body = await request.json()
            if not isinstance(body, dict):
                raise bad_request("can't parse request JSON object")
            fields |= {
                name: value if isinstance(value, str) else json.dumps(value)
                for name, value in body.items()
                if value is not None
            }
        elif request.can_read_body:
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    files[name] = Upload(
                        value.filename, value.content_type, value.file.read()
                    )
                    value.file.close()
                else:
                    fields[name] = str(value)
    except web.HTTPRequestEntityTooLarge:
        raise too_large() from None
    except ValueError:
        raise bad_request("can't parse request JSON object") from None
    return Params(fields, files)
