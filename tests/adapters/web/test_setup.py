from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from adapters.web.adapter import LIMITS
from adapters.web.audience import Viewer
from adapters.web.sessions import Sessions
from adapters.web.setup import PageSetup
from adapters.web.visit import Visits
from bot.clock import FakeClock
from bot.store.visitors import VisitorRepository
from tests.stores import new_store

if TYPE_CHECKING:
    from pathlib import Path

    from bot.words import Words
    from tests.adapters.web.conftest import House


async def test_page_without_a_session_is_refused_in_the_readers_language(
    house: House, two_languages: Words, tmp_path: Path
) -> None:
    clock = FakeClock()
    async with new_store(tmp_path / "own.sqlite3", clock=clock) as store:
        visitors = VisitorRepository(store)
        sessions = Sessions(key=b"k", visitors=visitors, owners=(), clock=clock)
        visits = Visits(sessions, two_languages, language="en")
        board = house.adapter.board
        setup = PageSetup(board, visits, lambda role: (), LIMITS, frozenset())
        headers = [(b"accept-language", b"zh-CN")]
        request = Request({"type": "http", "headers": headers})
        refusal = await setup.draw(request, Viewer("v", "", lambda line: None))
    assert isinstance(refusal, Response)
    assert refusal.status_code == 400
    assert json.loads(bytes(refusal.body))["error"].startswith("YOUR VISIT HAS ENDED.")
