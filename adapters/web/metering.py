"""/metrics: for Prometheus, from this machine or with a token."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hmac import compare_digest
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.exposition import CONTENT_TYPE

__all__ = ["Metering"]

FORWARDING = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
SCHEME = "bearer "


@dataclass(frozen=True, slots=True)
class Metering:
    """Answers who may know how the bot is doing.

    Attributes:
        text: makes the page.
        token: what readers must show; None: only this machine reads, and nobody whom a
            proxy on it speaks for.
    """

    text: Callable[[], Awaitable[str]]
    token: str | None = field(default=None, repr=False)

    def route(self) -> Route:
        """Return the route."""
        return Route("/metrics", self._answer, methods=["GET"])

    async def _answer(self, request: Request) -> Response:
        headers = {"Cache-Control": "no-store"}
        if self.token is not None and not self._shows_token(request):
            return Response(
                status_code=401, headers={**headers, "WWW-Authenticate": "Bearer"}
            )
        if self.token is None and not _is_from_here(request):
            return Response(status_code=403, headers=headers)
        return PlainTextResponse(
            await self.text(), headers={**headers, "Content-Type": CONTENT_TYPE}
        )

    def _shows_token(self, request: Request) -> bool:
        shown = request.headers.get("authorization", "")
        return (
            self.token is not None
            and shown[: len(SCHEME)].lower() == SCHEME
            and compare_digest(shown[len(SCHEME) :].encode(), self.token.encode())
        )


def _is_from_here(request: Request) -> bool:
    """Return whether a program of this machine asks, and for nobody else."""
    if request.client is None or any(name in request.headers for name in FORWARDING):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
