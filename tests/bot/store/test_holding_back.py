"""What a copy would send is held back when it takes the store's place."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.clock import FakeClock
from bot.publication import Published
from bot.store.copies import copy_store, restore_store
from bot.store.deliveries import DeliveryRepository, DeliveryState
from bot.store.migrations import m001_conversation
from bot.store.opening import APPLICATION_ID
from bot.store.posts import PostRepository, StoredPost
from bot.store.runs import MAY_BE_OUT, RunRepository, RunState
from bot.words import T
from tests.stores import new_store

ERROR = T("no answer")


def post(clock: FakeClock, id: str, status: str) -> StoredPost:
    now_utc = clock.now_utc()
    return StoredPost(id, "article", "Moon", status, "en", "hearth", now_utc, now_utc)


async def test_only_what_was_open_is_held(
    path: Path, clock: FakeClock, tmp_path: Path
) -> None:
    now_utc = clock.now_utc()
    async with new_store(path, clock=clock) as store:
        posts, deliveries = PostRepository(store), DeliveryRepository(store)
        runs = RunRepository(store)
        assert await runs.restored_utc() is None
        statuses = {
            "new": "",
            "waits": "approved",
            "goes": "publishing",
            "is": "published",
        }
        for hour, (name, status) in enumerate(statuses.items()):
            due_utc = now_utc + timedelta(hours=hour)
            await runs.plan(name, due_utc)
            if status:
                await posts.create(post(clock, name, status), actor="bot")
                await runs.change(
                    name, due_utc, RunState.PLANNED, RunState.STARTED, post_id=name
                )
        keys = ("web:a", "web:b", "web:c", "web:d", "web:e")
        planned, sending, again, given_up, sent = await deliveries.plan("goes", keys)
        for one in (sending, again, given_up, sent):
            await deliveries.begin(one.id)
        await deliveries.failed(again.id, ERROR, now_utc)
        await deliveries.failed(given_up.id, ERROR, None)
        await deliveries.sent(sent.id, Published(("1",)))
    copy_store(path, tmp_path / "copy")
    restore_store(path, tmp_path / "copy", now_utc=now_utc + timedelta(days=1))
    async with new_store(path, clock=clock) as store:
        deliveries, runs = DeliveryRepository(store), RunRepository(store)
        states = [one.state for one in await deliveries.of_post("goes")]
        assert states == [
            *[DeliveryState.UNKNOWN] * 3,
            DeliveryState.FAILED,
            DeliveryState.SENT,
        ]
        assert (await deliveries.of_post("goes"))[0].error == MAY_BE_OUT
        assert [run.schedule_id for run in await runs.asked()] == ["new", "waits"]
        assert [run.schedule_id for run in await runs.unfinished()] == ["goes", "is"]
        assert await runs.restored_utc() == now_utc + timedelta(days=1)
    assert planned.state is DeliveryState.PLANNED


@pytest.mark.parametrize("has_tables", [False, True])
def test_copy_from_the_first_versions_is_taken(
    has_tables: bool, path: Path, clock: FakeClock, tmp_path: Path
) -> None:
    old = Database(tmp_path / "old.sqlite3")
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    if has_tables:
        m001_conversation(old)
    old.close()
    assert (
        restore_store(path, tmp_path / "old.sqlite3", now_utc=clock.now_utc()) is None
    )
    assert path.exists()
