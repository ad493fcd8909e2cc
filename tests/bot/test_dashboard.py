"""The dashboard shows what the bot tells, and nothing that it does not."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.bot.conftest import OpenBot

PATH = Path(__file__).parents[2] / "docs" / "grafana" / "hearthbot.json"
NAME = re.compile(r"\b(?:hearthbot|process)_[a-z_]+")
WIDTH = 24


@pytest.fixture
def dashboard() -> dict[str, Any]:
    return dict(json.loads(PATH.read_text("utf-8")))


def expressions(dashboard: dict[str, Any]) -> Iterator[str]:
    for panel in dashboard["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))
    for variable in dashboard["templating"]["list"]:
        yield variable["definition"]


def test_data_source_is_asked_for_and_never_named(dashboard: dict[str, Any]) -> None:
    assert [one["name"] for one in dashboard["__inputs"]] == ["DS_PROMETHEUS"]
    assert dashboard["id"] is None
    named = re.findall(r'"uid": "([^"]+)"', PATH.read_text("utf-8"))
    assert set(named) == {"${DS_PROMETHEUS}", dashboard["uid"]}


def test_panels_have_places_of_their_own(dashboard: dict[str, Any]) -> None:
    taken: set[tuple[int, int]] = set()
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))
    for panel in dashboard["panels"]:
        x, y, w, h = (panel["gridPos"][key] for key in "xywh")
        cells = {(x + dx, y + dy) for dx in range(w) for dy in range(h)}
        assert x + w <= WIDTH
        assert not cells & taken, panel["title"]
        taken |= cells


def test_expressions_are_whole(dashboard: dict[str, Any]) -> None:
    for expression in expressions(dashboard):
        for opening, closing in ("()", "{}", "[]"):
            assert expression.count(opening) == expression.count(closing), expression
        assert expression.count('"') % 2 == 0, expression


async def test_every_metric_that_is_shown_is_told(
    dashboard: dict[str, Any], open_bot: OpenBot
) -> None:
    async with asyncio.timeout(60), open_bot() as bot:
        page = await bot.app.scrape.text()
    told = set(re.findall(r"^# TYPE (\w+)", page, flags=re.MULTILINE))
    told |= set(re.findall(r"^(\w+_bucket)", page, flags=re.MULTILINE))
    shown = {name for expr in expressions(dashboard) for name in NAME.findall(expr)}
    assert len(shown) > 20
    assert shown <= told
    assert told - {name for name in told if name.endswith("_bucket")} <= shown | {
        "hearthbot_request_waiting_seconds",
        "hearthbot_request_duration_seconds",
    }, "told, and shown nowhere"
