"""/healthz and /readyz: for those who watch the bot from outside."""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

__all__ = ["Check", "health_routes"]

Check = Callable[[], tuple[bool, Mapping[str, object]]]
"""Says whether all is well, and with what figures; returns at once."""


def health_routes(*, alive: Check, ready: Check) -> list[Route]:
    """Return the routes; each answers 200, or 503 where all is not well."""
    return [_route("/healthz", alive), _route("/readyz", ready)]


def _route(path: str, check: Check) -> Route:
    async def answer(_request: Request) -> JSONResponse:
        is_well, figures = check()
        return JSONResponse(
            {"ok": is_well, **figures},
            status_code=200 if is_well else 503,
            headers={"Cache-Control": "no-store"},
        )

    return Route(path, answer, methods=["GET"])
