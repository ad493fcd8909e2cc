"""The page itself: NiceGUI carries it, components of our own draw it."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import nicegui
from fastapi import FastAPI, Request
from nicegui import Client, ui
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from typing_extensions import override

from adapters.web.audience import Audience, Viewer

__all__ = ["Draw", "mount_page", "unmount_page"]

STATIC_FOLDER = Path(__file__).parent / "static"
RECONNECT_S = 20.0  # a page that was away for longer loads itself anew
NUM_REMEMBERED = 200  # events a page can catch up on after that
MOMENT_S = 0.06  # events within so long reach a page together
FAVICON = (STATIC_FOLDER / "flame.svg").read_text(encoding="utf-8")
HEAD = '<link rel="stylesheet" href="/static/theme.css">'

Draw = Callable[[Request, Viewer], Awaitable[dict[str, Any] | Response]]
"""Returns what a page begins with, and fills in its viewer; or else a refusal."""


class _Chat(ui.element, component="static/chat.js"):
    """All that one sees; it is told what happens by events."""

    def __init__(self, setup: dict[str, Any]) -> None:
        super().__init__()
        self._props["setup"] = setup


class _Fresh(StaticFiles):
    """Files that a browser asks about each time: an update is seen at once."""

    @override
    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def mount_page(app: FastAPI, audience: Audience, draw: Draw, *, title: str) -> None:
    """Put the page at `/` of an app, before it is served.

    NiceGUI keeps its state for the whole process: one page at a time, and
    `unmount_page` before the next.
    """
    if nicegui.app.is_started:
        raise RuntimeError("only one page can be open in a process")
    # What an earlier page of this process left behind; no server runs on it any more.
    nicegui.app.middleware_stack = None
    nicegui.app.user_middleware.clear()
    app.mount("/static", _Fresh(directory=STATIC_FOLDER))

    @ui.page(
        "/",
        title=title,
        favicon=FAVICON,
        api_router=app.router,  # type: ignore[arg-type]  # FastAPI's own has all it needs
        markdown=False,
        reconnect_timeout=RECONNECT_S,
    )
    async def index(request: Request, client: Client) -> Response | None:
        viewer = Viewer(client.id, "", _Pusher(client).show)
        setup = await draw(request, viewer)
        if isinstance(setup, Response):
            return setup
        ui.add_head_html(HEAD)
        _Chat(setup)

        def connection_changed() -> None:
            # It may have a new connection before the old one is known to be lost.
            audience.connect(viewer, is_here=client.has_socket_connection)

        # From now on it is told what happens, and hears it once it is connected.
        audience.join(viewer)
        client.on_connect(connection_changed)
        client.on_disconnect(connection_changed)
        client.on_delete(lambda: audience.leave(viewer))
        return None

    ui.run_with(
        app,
        title=title,
        tailwind=False,
        show_welcome_message=False,
        gzip_middleware_factory=None,
        binding_refresh_interval=None,
        reconnect_timeout=RECONNECT_S,
        message_history_length=NUM_REMEMBERED,
    )


def unmount_page() -> None:
    """Forget the open pages, so that another can be mounted in this process."""
    for client in tuple(Client.instances.values()):
        client.delete()
    Client.page_routes.clear()


class _Pusher:
    """Hands events to one page, a few at a time.

    What happens within a moment goes out together, and each page has a moment of its
    own: many pages are not all served in one turn of the event loop.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lines: list[str] = []
        self._delay_s = random.uniform(0.5, 1) * MOMENT_S  # noqa: S311  not a secret

    def show(self, line: str) -> None:
        """Add an event, as JSON; returns at once."""
        if not self._lines:
            asyncio.get_running_loop().call_later(self._delay_s, self._push)
        self._lines.append(line)

    def _push(self) -> None:
        lines, self._lines = self._lines, []
        if not self._client.is_deleted:
            code = "".join(f"hearthbot.receive({line});" for line in lines)
            self._client.run_javascript(code)
