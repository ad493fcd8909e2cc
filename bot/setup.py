"""What every terminal command begins with: settings, words, log and a terminal."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.config import Config
from bot.config_file import load_config, resolve_path
from bot.log_ring import LogRing
from bot.logs import configure_logging
from bot.store.sealing import Sealer, read_sealer
from bot.terminal.output import Terminal
from bot.words import Words

__all__ = ["Setup", "aside", "read_setup"]


@dataclass(frozen=True, slots=True)
class Setup:
    """The settings, and what is needed to act on them.

    Attributes:
        config_path: paths in the settings are relative to its folder.
        environ: where secrets are; never logged.
        store_folder: a passing place for the database; None: where the settings say.
        log: the last lines of the log.
    """

    config: Config
    config_path: Path
    environ: Mapping[str, str] = field(repr=False)
    words: Words
    terminal: Terminal
    store_folder: Path | None = None
    log: LogRing = field(default_factory=LogRing, repr=False)

    @property
    def store_path(self) -> Path:
        """Where the database is."""
        if self.store_folder is not None:
            return self.store_folder / "hearthbot.sqlite3"
        return resolve_path(self.config_path, self.config.store.path)

    def sealer(self) -> Sealer | None:
        """Return what seals texts in the database; None: no key is set.

        Raises:
            ConfigError: what is set is no key.
            MissingError: the package for it is not installed.
        """
        return read_sealer(self.config.store.key_env, self.environ)

    @property
    def models_folder(self) -> Path:
        """Where downloaded models are."""
        return resolve_path(self.config_path, self.config.bot.cache_folder) / "models"


def read_setup(config_path: Path, *, quiet: bool = False) -> Setup:
    """Read the settings and start logging to stderr; `quiet` logs only trouble.

    Raises:
        ConfigError: a setting is wrong; the text says which.
    """
    words = Words.load()
    config = load_config(config_path, os.environ)
    terminal = Terminal(words, config.bot.language)
    log = configure_logging(
        "warning" if quiet and config.bot.log_level == "info" else config.bot.log_level,
        is_terminal=sys.stderr.isatty(),
        stream=sys.stderr,
    )
    return Setup(config, config_path, os.environ, words, terminal, log=log)


@contextmanager
def aside(setup: Setup) -> Iterator[Setup]:
    """Return the setup with a passing store: the bot's own is left alone."""
    with TemporaryDirectory(prefix="hearthbot-") as folder:
        yield replace(setup, store_folder=Path(folder))
