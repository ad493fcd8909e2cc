"""What stands before every request: host, origin, session, and strict headers."""

import secrets
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.headers import HEADERS, PAGE_POLICY, STRICT_POLICY
from adapters.web.sessions import COOKIE, LIFETIME, Session
from adapters.web.visit import Visits, is_page
from bot.words import T

__all__ = ["Guard", "set_session_cookie"]

FORM_HEADER = "x-hearthbot-form"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
REFUSED = T("Only this page itself may ask that. Please load it anew, and try again.")
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Guard:
    """Wraps the whole site, sockets included.

    On loopback it answers to the names of this machine, and to that of `url`: the
    address that a web server in front of it has.
    """

    def __init__(
        self, app: ASGIApp, *, visits: Visits, host: str, url: str = ""
    ) -> None:
        self.app = app  # NiceGUI finds its server by following `app`
        self._visits = visits
        self._sessions = visits.sessions
        known = LOOPBACK_NAMES | ({host, _hostname(url)} - {""})
        self._hosts = known if _is_loopback(host) else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or refuse one request."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._is_known_host(headers.get("host", "")) or _is_foreign(headers):
            await self._refuse(scope, receive, send)
            return
        session = self._session(headers)
        is_new = session is None and is_page(scope["path"])
        if is_new:
            session = self._sessions.begin()
        elif session is not None and self._sessions.is_aging(session):
            session, is_new = self._sessions.refreshed(session), True
        if (
            scope["type"] == "http"
            and scope["method"] not in SAFE_METHODS
            and not scope["path"].startswith("/_nicegui_ws/")
            and not self._has_form_token(session, headers)
        ):
            await self._refuse(scope, receive, send)
            return
        scope.setdefault("state", {})["session"] = session
        if scope["type"] == "http":
            cookie = self._sessions.cookie(session) if session and is_new else None
            send = _Dressed(scope, send, cookie)
        await self.app(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        response = await self._visits.refusal(Request(scope), REFUSED, 403)
        response.headers["Content-Security-Policy"] = STRICT_POLICY
        await response(scope, receive, send)

    def _session(self, headers: Headers) -> Session | None:
        cookie = cookie_parser(headers.get("cookie", "")).get(COOKIE)
        return self._sessions.read(cookie) if cookie else None

    def _has_form_token(self, session: Session | None, headers: Headers) -> bool:
        return session is not None and self._sessions.is_form_token(
            session, headers.get(FORM_HEADER, "")
        )

    def _is_known_host(self, host: str) -> bool:
        # A name that somebody else points at this machine (DNS rebinding) is refused.
        return self._hosts is None or _hostname(f"//{host}") in self._hosts


class _Dressed:
    """Adds headers to a response, the cookie, and the nonce to the page's scripts."""

    def __init__(self, scope: Scope, send: Send, cookie: str | None) -> None:
        self._scope = scope
        self._send = send
        self._cookie = cookie
        self._nonce = secrets.token_urlsafe(16)
        self._start: Message | None = None
        self._page = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            self._dress(headers)
            if headers.get("content-type", "").startswith("text/html"):
                self._start = message  # the page is held back until it is whole
                return
        elif message["type"] == "http.response.body" and self._start is not None:
            self._page += message.get("body", b"")
            if message.get("more_body"):
                return
            await self._send_page(self._start)
            return
        await self._send(message)

    def _dress(self, headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers[name] = value
        headers.setdefault(
            "Content-Security-Policy", PAGE_POLICY.format(nonce=self._nonce)
        )
        if is_page(self._scope["path"]):
            headers["Cache-Control"] = "no-store"
        elif self._scope["path"].startswith("/desk/"):
            headers.setdefault("Cache-Control", "no-store")
        if self._cookie is not None:
            set_session_cookie(headers, self._cookie, scheme=self._scope["scheme"])

    async def _send_page(self, start: Message) -> None:
        # What people and models wrote is escaped in the page: no "<script" is theirs.
        nonce = f'<script nonce="{self._nonce}"'.encode()
        body = bytes(self._page).replace(b"<script", nonce)
        MutableHeaders(scope=start)["Content-Length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def set_session_cookie(headers: MutableHeaders, cookie: str, *, scheme: str) -> None:
    """Let a response hand out a session's cookie."""
    secure = "; Secure" if scheme == "https" else ""
    headers.append(
        "Set-Cookie",
        f"{COOKIE}={cookie}; Path=/; Max-Age={int(LIFETIME.total_seconds())}; "
        f"HttpOnly; SameSite=Lax{secure}",
    )


def _is_foreign(headers: Headers) -> bool:
    """Return whether another site's page makes the request."""
    origin = headers.get("origin")
    if origin is None:
        # Pages of other sites may link here, but not fetch or embed anything.
        return (
            headers.get("sec-fetch-site") in {"cross-site", "same-site"}
            and headers.get("sec-fetch-mode") != "navigate"
        )
    return urlsplit(origin).netloc.lower() != headers.get("host", "").lower()


def _hostname(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
