"""`hearthbot store key`, `seal` and `rotate`: the key that texts are sealed with."""

from bot.clock import SystemClock
from bot.errors import MissingError
from bot.setup import Setup
from bot.store.seal_sweep import SealSweep
from bot.store.sealing import Sealer, new_key
from bot.store.store import Store
from bot.words import T, Tn

__all__ = ["make_key", "rotate_store", "seal_store"]


def make_key(setup: Setup) -> None:
    """Print a new key (stdout), and what to do with it (stderr)."""
    setup.terminal.result(new_key())
    setup.terminal.note(
        T(
            "Keep this key where the database is not, such as in a password store: "
            "without it nobody can read the texts, nor those in backups. Put it into "
            "{name} before you start the bot. Is there a key already? Then write the "
            "new one before it, with a comma between them, and run: hearthbot store "
            "rotate",
            name=setup.config.store.key_env,
        )
    )


async def seal_store(setup: Setup) -> None:
    """Seal what lies open, or under an older key; goes on where it stopped.

    Raises:
        MissingError: no key is set.
        StoreError: the bot is running, or a key is missing.
    """
    await _seal(setup, _sealer(setup))


async def rotate_store(setup: Setup) -> None:
    """Do the same where there are two keys or more.

    Raises:
        MissingError: there is no key, or only one.
        StoreError: the bot is running, or a key is missing.
    """
    sealer = _sealer(setup)
    if len(sealer.ids) == 1:
        raise MissingError(
            T(
                "{name} has one key only. Make a new one with `hearthbot store key` "
                "and write it before the old one, with a comma between them.",
                name=setup.config.store.key_env,
            )
        )
    await _seal(setup, sealer)
    setup.terminal.result(
        T(
            "The older keys are needed only for backups from before now: keep them "
            "where those are, and leave the newest one alone in {name}.",
            name=setup.config.store.key_env,
        )
    )


def _sealer(setup: Setup) -> Sealer:
    sealer = setup.sealer()
    if sealer is None:
        raise MissingError(
            T(
                "There is no key in {name}. Make one with: hearthbot store key",
                name=setup.config.store.key_env,
            )
        )
    return sealer


async def _seal(setup: Setup, sealer: Sealer) -> None:
    async with Store.open(
        setup.store_path,
        backups=setup.config.store.backups,
        clock=SystemClock(),
        sealer=sealer,
    ) as store:
        sweep = SealSweep(store, sealer)
        total = await sweep.total()
        with setup.terminal.steps(T("Sealing")) as progress:
            progress(0, max(1, total))
            while await sweep.step():
                progress(sweep.num_sealed, max(1, total))
            progress(1, 1)
        with setup.terminal.waiting(T("Writing the file anew…")):
            await sweep.finish()
    setup.terminal.result(
        Tn("{n} text sealed.", "{n} texts sealed.", sweep.num_sealed)
        if sweep.num_sealed
        else T("All texts were sealed already.")
    )
