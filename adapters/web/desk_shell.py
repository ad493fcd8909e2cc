"""The frame of the moderators' desk: navigation around a page, or the sign-in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from adapters.web.desk_door import (
    MODERATORS_ONLY,
    OWNERS_ONLY,
    DeskDoor,
    DeskVisit,
    Entry,
)
from adapters.web.desk_pages import DESK_PAGES, DeskPage
from adapters.web.desk_texts import DESK_TEXTS
from adapters.web.headers import DESK_POLICY
from bot.errors import GoneError
from bot.words import T, Text
from content.content import Content

__all__ = ["DeskShell"]

HEAD = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>{title}</title>
<link rel="icon" href="/static/flame.svg">
<link rel="stylesheet" href="/static/theme.css">
<link rel="stylesheet" href="/static/desk.css">
{styles}<script src="/static/theme.js"></script>
<script type="module" src="/static/{script}.js"></script>
<script type="application/json" id="setup">{setup}</script>
</head>
"""
BODY = """<body>
<div class="hearth desk">
<a class="skip" href="#content">{skip_to_content}</a>
<header class="frame">
<a class="brand" href="/"><svg aria-hidden="true"><use href="/static/desk.svg#flame"/>\
</svg><span dir="auto">{bot_name}</span></a>
<nav aria-label="{pages}"><ul>{links}</ul></nav>
<div class="self"><a href="/"><svg aria-hidden="true">\
<use href="/static/desk.svg#rooms"/></svg><span>{rooms}</span></a>{leave}</div>
</header>
<main id="content" tabindex="-1"></main>
<p class="notice" role="status" hidden></p>
</div>
</body>
</html>
"""
LINK = """<li><a href="/desk/{name}"{current}><svg aria-hidden="true">\
<use href="/static/desk.svg#{name}"/></svg><span>{label}</span></a></li>"""
LEAVE = """<button type="button" class="leave"><svg aria-hidden="true">\
<use href="/static/desk.svg#leave"/></svg><span>{leave}</span></button>"""
SIGN_IN = """<body>
<div class="hearth desk is-closed"><main></main></div>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class DeskShell:
    """Serves the desk's pages and what all of them ask."""

    content: Content
    door: DeskDoor
    bot_name: str
    pages: tuple[DeskPage, ...] = DESK_PAGES

    def routes(self) -> list[Route]:
        """Return the routes of the frame and of every page."""
        answering = self.door.visits.answering
        found = [
            Route("/desk", self._begin, methods=["GET"]),
            Route("/desk/enter", answering(self._enter), methods=["GET"]),
            self.door.route("/desk/api/changes", self._changes, is_poll=True),
            self.door.route("/desk/api/token", self._token, is_poll=True),
        ]
        for page in self.pages:
            found += page.routes(self.content, self.door)
        # The last: it takes whatever is left.
        found.append(Route("/desk/{page}", answering(self._page), methods=["GET"]))
        return found

    async def _begin(self, request: Request) -> Response:
        return RedirectResponse(f"/desk/{self.pages[0].name}", status_code=303)

    async def _page(self, request: Request) -> Response:
        name = str(request.path_params["page"])
        page = next((one for one in self.pages if one.name == name), None)
        if page is None:
            raise GoneError(T("There is no page “{name}” here.", name=name))
        visit = await self.door.visit(request)
        if visit is None:
            return await self._sign_in(request)
        if visit.author.role < page.least_role:
            return await self.door.visits.refusal(request, OWNERS_ONLY, 403)
        setup = self._setup(request, visit.language, {**DESK_TEXTS, **page.texts})
        setup |= {
            "page": page.name,
            "me": {"id": visit.author.id, "name": visit.author.name},
            "pages": [one.name for one in self._pages_of(visit)],
            "entry": visit.entry.value,
            "timezone": self.content.zone.key,
        }
        texts = setup["texts"]
        head = self._head(
            setup,
            title=f"{self._say(page.label, visit)} · {self.bot_name}",
            script="desk",
            styles=f'<link rel="stylesheet" href="/static/desk_{page.name}.css">\n',
        )
        body = BODY.format(
            bot_name=escape(self.bot_name),
            leave=""
            if visit.entry is Entry.OWNER
            else LEAVE.format(leave=escape(texts["leave"])),
            links="".join(
                self._link(one, page, visit) for one in self._pages_of(visit)
            ),
            pages=escape(texts["pages"]),
            rooms=escape(texts["rooms"]),
            skip_to_content=escape(texts["skip_to_content"]),
        )
        return _html(head + body, 200)

    def _pages_of(self, visit: DeskVisit) -> tuple[DeskPage, ...]:
        role = visit.author.role
        return tuple(page for page in self.pages if role >= page.least_role)

    async def _enter(self, request: Request) -> Response:
        """Answer who comes by a link: what it proves is in no address."""
        language = await self.door.visits.language(request)
        setup = self._setup(request, language, DESK_TEXTS)
        title = f"{setup['texts']['entering']} · {self.bot_name}"
        head = self._head(setup, title=title, script="desk_enter", styles="")
        return _html(head + SIGN_IN, 200)

    async def _sign_in(self, request: Request) -> Response:
        language = await self.door.visits.language(request)
        session = self.door.visits.session(request)
        visitor = await self.door.visits.sessions.visitor(session)
        setup = self._setup(request, language, DESK_TEXTS)
        setup["me"] = {"name": visitor.name if visitor else ""}
        setup["role"] = int(await self.door.visits.role(request))
        why = await self.door.why_closed(request)
        if why is not MODERATORS_ONLY:
            setup["told"] = self.door.visits.words.say(why, language)
        title = f"{setup['texts']['sign_in']} · {self.bot_name}"
        head = self._head(setup, title=title, script="desk_sign_in", styles="")
        return _html(head + SIGN_IN, 401)

    async def _changes(self, request: Request, visit: DeskVisit) -> Response:
        """Answer with a number for each thing, which is another once it changed."""
        return JSONResponse(await self.content.newest.numbers())

    async def _token(self, request: Request, visit: DeskVisit) -> Response:
        """Answer with the form token of today, after somebody came in anew."""
        token = self.door.visits.sessions.form_token(self.door.visits.session(request))
        return JSONResponse({"form_token": token, "id": visit.author.id})

    def _setup(
        self, request: Request, language: str, texts: Mapping[str, Text]
    ) -> dict[str, Any]:
        visits = self.door.visits
        return {
            "form_token": visits.sessions.form_token(visits.session(request)),
            "bot_name": self.bot_name,
            "language": language,
            "texts": {
                name: visits.words.say(text, language) for name, text in texts.items()
            },
        }

    def _head(
        self, setup: dict[str, Any], *, title: str, script: str, styles: str
    ) -> str:
        # No text can end the element that it stands in.
        said = json.dumps(setup, ensure_ascii=False).replace("<", "\\u003c")
        return HEAD.format(
            language=escape(setup["language"]),
            title=escape(title),
            styles=styles,
            script=script,
            setup=said,
        )

    def _link(self, page: DeskPage, current: DeskPage, visit: DeskVisit) -> str:
        return LINK.format(
            name=page.name,
            label=escape(self._say(page.label, visit)),
            current=' aria-current="page"' if page is current else "",
        )

    def _say(self, text: Text, visit: DeskVisit) -> str:
        return self.door.visits.words.say(text, visit.language)


def _html(page: str, status: int) -> Response:
    headers = {"Content-Security-Policy": DESK_POLICY}
    return HTMLResponse(page, status_code=status, headers=headers)
