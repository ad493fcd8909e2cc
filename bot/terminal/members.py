"""`hearthbot export` and `hearthbot forget`: for whoever runs the bot and is asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.clock import SystemClock
from bot.commands.me_texts import forgotten_text
from bot.errors import StoreError
from bot.forgetting import Forgetting
from bot.keeping import Keeping
from bot.setup import Setup
from bot.store.people import PersonRepository
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.words import T

__all__ = ["export_person", "forget_person"]


async def export_person(
    setup: Setup, platform: str, person: str, out: Path | None
) -> None:
    """Write all that is kept of a person to a file, or print it.

    Raises:
        StoreError: the bot runs, or there is no store; the text says which.
        OSError: the file cannot be written.
    """
    async with _opened(setup) as store:
        content = await PersonRepository(store).export(platform, person)
    if out is None:
        setup.terminal.result(content.decode())
        return
    await asyncio.to_thread(_write, out, content)
    setup.terminal.result(str(out))


async def forget_person(setup: Setup, platform: str, person: str) -> None:
    """Forget a person and print what came of it.

    Raises:
        StoreError: the bot runs, or there is no store; the text says which.
    """
    async with _opened(setup) as store:
        forgetting = Forgetting(
            PersonRepository(store),
            Keeping(SettingsRepository(store)),
            stop=lambda *_: 0,  # nothing runs
            path=store.path,
            keep_backups_days=setup.config.store.keep_backups_days,
            clock=store.clock,
        )
        done = await forgetting.forget(platform, person)
    for text in forgotten_text(done):
        setup.terminal.result(text)


@asynccontextmanager
async def _opened(setup: Setup) -> AsyncIterator[Store]:
    path = setup.store_path
    if not path.exists():
        raise StoreError(T("There is no database {path} yet.", path=path))
    backups = setup.config.store.backups
    async with Store.open(
        path, backups=backups, clock=SystemClock(), sealer=setup.sealer()
    ) as store:
        yield store


def _write(file: Path, content: bytes) -> None:
    file.touch(mode=0o600)  # for nobody else on this machine
    file.write_bytes(content)
