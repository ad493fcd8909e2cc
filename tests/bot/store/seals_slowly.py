"""Seals a store with new keys and says so after each step: something to kill.

python seals_slowly.py STORE KEYS
"""

import asyncio
import sys
from pathlib import Path

from bot.clock import SystemClock
from bot.store.seal_sweep import SealSweep
from bot.store.sealing import read_sealer
from bot.store.store import Store


async def main(path: Path, keys: str) -> None:
    sealer = read_sealer("KEY", {"KEY": keys})
    assert sealer is not None
    async with Store.open(path, backups=1, clock=SystemClock(), sealer=sealer) as store:
        sweep = SealSweep(store, sealer)
        while await sweep.step():
            sys.stdout.write(f"{sweep.num_sealed}\n")
            sys.stdout.flush()
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
