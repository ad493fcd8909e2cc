"""Calls to the API without any SDK, to see what exactly is answered."""

import io
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.discord_server.server import DiscordServer

__all__ = ["Answered", "Caller", "calling"]


@dataclass(frozen=True)
class Answered:
    """An answer of the API."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def refusal(self) -> tuple[int, int]:
        """The status and Discord's code."""
        return self.status, self.body["code"]


class Caller:
    """Makes calls as the bot."""

    def __init__(self, server: DiscordServer, http: aiohttp.ClientSession) -> None:
        self._server = server
        self._http = http

    async def __call__(
        self,
        method: str,
        path: str,
        fields: object = None,
        *,
        files: Sequence[tuple[str, bytes]] = (),
        token: str | None = None,
    ) -> Answered:
        headers = {"Authorization": f"Bot {token or self._server.token}"}
        sent: dict[str, Any] = {"json": fields} if fields is not None else {}
        if files:
            form = aiohttp.FormData(quote_fields=False)
            form.add_field("payload_json", json.dumps(fields or {}))
            for number, (name, content) in enumerate(files):
                held = io.BytesIO(content)
                form.add_field(f"files[{number}]", held, filename=name)
            sent = {"data": form}
        url = self._server.api_url + path
        async with self._http.request(method, url, headers=headers, **sent) as answer:
            text = await answer.text()
            is_json = answer.content_type == "application/json"
            body = json.loads(text) if is_json else text
            return Answered(answer.status, body, dict(answer.headers))


@asynccontextmanager
async def calling(server: DiscordServer) -> AsyncIterator[Caller]:
    """Call a server for a while."""
    async with aiohttp.ClientSession() as http:
        yield Caller(server, http)
