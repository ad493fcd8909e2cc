"""`hearthbot backup` beside a bot that runs, and `hearthbot restore` after it."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bot.conftest import Home
    from tests.bot.terminal.conftest import Start


def texts(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("SELECT text FROM room_message")]


async def test_copy_of_a_bot_that_runs_brings_it_back(home: Home, start: Start) -> None:
    nothing = home.run("backup")
    assert (nothing.code, nothing.is_kind) == (1, True)
    assert "no database" in nothing.err
    async with start() as running:
        await running.sign_in("Ada")
        await running.say("Before")
        copied = await home.run_beside("backup", "--keep", "1")
        assert copied.code == 0, copied.err
        copy = Path(copied.out.strip())
        await running.say("After")
        refused = await home.run_beside("restore", str(copy))
        assert (refused.code, refused.is_kind) == (1, True)
        assert "Another Hearthbot" in refused.err
        await running.end(signal.SIGTERM)
    store = home.folder / "data" / "hearthbot.sqlite3"
    assert copy.parent == store.parent / "backups"
    assert "After" in texts(store)
    restored = await home.run_beside("restore", str(copy))
    assert restored.code == 0, restored.err
    assert "Before" in texts(store)
    assert "After" not in texts(store)
    kept = next(store.parent.glob("*.replaced-*"))
    assert kept.name in restored.out.replace("\n", "")
    assert "After" in texts(kept)
