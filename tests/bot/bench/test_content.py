"""The bench of the kinds, with models that are good at it and hopeless."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.app import open_app
from bot.bench.content import bench_content
from bot.bench.material import ENTRIES, MESSAGES, TOPICS
from bot.setup import Setup
from content.kinds import KINDS
from content.writer import Writer

MakeSetup = Callable[..., Setup]


@pytest.fixture
async def writer(make_setup: MakeSetup, tmp_path: Path) -> AsyncIterator[Writer]:
    async with open_app(make_setup(), ()) as app:
        yield app.content.writer


async def test_model_that_cannot_write_passes_only_what_is_designed(
    writer: Writer,
) -> None:
    steps: list[tuple[int, int]] = []
    figures = await bench_content(
        writer,
        tuple(KINDS),
        num_topics=2,
        language="en",
        persona="hearth",
        progress=lambda done, total: steps.append((done, total)),
    )
    passed = {one.kind: one.passed for one in figures}
    assert {kind for kind, share in passed.items() if share == 1.0} >= {
        "digest",
        "discussion",
        "lesson",
        "quiz",
        "recap",
    }
    assert passed["translation"] == 0.0
    for one in figures:
        assert one.num_drafts == 2
        assert one.passed_first <= one.passed
        assert 0 <= one.p50_s <= one.max_s
        assert bool(one.reasons) == (one.passed < 1.0)
    assert steps[-1] == (2 * len(KINDS), 2 * len(KINDS))


def test_material_is_enough_for_what_is_made_from_it() -> None:
    assert len(set(TOPICS)) >= 10
    assert all(entry.url and entry.text for entry in ENTRIES)
    assert {message.may_be_named for message in MESSAGES} == {True, False}
