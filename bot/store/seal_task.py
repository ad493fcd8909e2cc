"""Seals in the background what lay open when the bot started."""

import asyncio

import structlog

from bot.errors import StoreError
from bot.store.seal_sweep import SealSweep
from bot.store.store import Store

__all__ = ["SealTask"]

logger = structlog.get_logger(__name__)

PAUSE_S = 0.05
"""Between two steps: what people write comes first."""


class SealTask:
    """`async with SealTask(store):` does it once; without a key it does nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "SealTask":
        self._task = asyncio.get_running_loop().create_task(self.run())
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def run(self) -> None:
        """Seal what lies open or under an older key."""
        if self._store.sealer is None:
            return
        sweep = SealSweep(self._store, self._store.sealer)
        try:
            while await sweep.step():
                if sweep.num_sealed:
                    await self._store.clock.sleep(PAUSE_S)
            dropped = await sweep.finish()
        except StoreError as error:
            # The next start goes on; what is sealed stays so.
            logger.error("not all texts are sealed", reason=str(error))
        else:
            if sweep.num_sealed or dropped:
                logger.info(
                    "texts sealed", values=sweep.num_sealed, keys_not_needed=dropped
                )
