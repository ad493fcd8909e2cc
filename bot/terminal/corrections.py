"""`hearthbot corrections`: what moderators corrected, as rows to train on."""

import asyncio
import json
import sys
from pathlib import Path

from bot.clock import SystemClock
from bot.setup import Setup
from bot.store.corrections import Correction, CorrectionRepository
from bot.store.store import Store
from bot.words import Tn

__all__ = ["write_corrections"]


async def write_corrections(setup: Setup, out: Path | None) -> None:
    """Write one JSON line a correction, to the terminal where no file is named.

    Raises:
        StoreError: the store cannot be read, or the bot is running.
    """
    backups = setup.config.store.backups
    async with Store.open(
        setup.store_path,
        backups=backups,
        clock=SystemClock(),
        sealer=setup.sealer(),
    ) as store:
        corrections = await CorrectionRepository(store).all()
    lines = "".join(_line(one) for one in corrections)
    if out is None:
        sys.stdout.write(lines)
        return
    await asyncio.to_thread(out.write_text, lines, encoding="utf-8")
    setup.terminal.result(
        setup.terminal.say(
            Tn("{n} correction written.", "{n} corrections written.", len(corrections))
        )
    )


def _line(correction: Correction) -> str:
    row = {
        "text": correction.text,
        "stage": correction.stage.value,
        "category": correction.category.value,
        "is_harmful": correction.is_harmful,
    }
    return json.dumps(row, ensure_ascii=False) + "\n"
