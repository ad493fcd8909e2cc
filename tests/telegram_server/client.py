"""Plain calls to the server, as a bot without a library would make them."""

import json
from dataclasses import dataclass
from typing import Any

import httpx

__all__ = ["Answer", "Client"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: dict[str, Any]

    @property
    def result(self) -> Any:
        """The result of a call that went well."""
        assert self.body.get("ok"), self.body
        return self.body["result"]

    @property
    def description(self) -> str:
        """Why the call was refused."""
        return f"{self.status} {self.body['description']}"

    @property
    def parameters(self) -> dict[str, Any]:
        """What a refusal says besides."""
        parameters: dict[str, Any] = self.body.get("parameters", {})
        return parameters


class Client:
    """Calls methods by name; fields that are no text are sent as JSON."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, token: str) -> None:
        self._http = http
        self._base_url = base_url
        self._token = token

    async def call(
        self, method: str, files: dict[str, Any] | None = None, /, **fields: Any
    ) -> Answer:
        """Call a method and return what came back, whatever it is."""
        written = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in fields.items()
        }
        url = f"{self._base_url}{self._token}/{method}"
        response = await self._http.post(url, data=written, files=files or None)
        return Answer(response.status_code, response.json())

    async def ask(self, method: str, /, **fields: Any) -> Any:
        """Call a method that goes well and return its result."""
        return (await self.call(method, **fields)).result
