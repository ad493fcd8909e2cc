"""The part of the composition root for what is read, heard, spoken and drawn."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.app_safety import SafetyPath
from bot.commands.command import Command
from bot.commands.speak import speak_command
from bot.community_style import CommunityStyles
from bot.drawing import STARTERS, Drawer
from bot.files.opener import FileOpener
from bot.files.worker import FileLimits
from bot.generation.engine import Engine
from bot.known_things import KnownThings
from bot.listening import Listener
from bot.models.choose_image import settled
from bot.models.pictures import BUNDLED
from bot.reading import Reader
from bot.setup import Setup
from bot.speaking import Speaker
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.turns import TurnRepository

__all__ = ["Senses", "open_senses"]


@dataclass(frozen=True, slots=True)
class Senses:
    """What reads and listens; what speaks and draws comes with the safety path."""

    setup: Setup
    engine: Engine
    reader: Reader

    def speaker(self, safety: SafetyPath) -> Speaker | None:
        """Return what speaks; None where the settings name no model."""
        config = self.setup.config.models.speech
        if not config.model:
            return None
        return Speaker(
            engine=self.engine,
            chain=safety.chain,
            config=config,
            words=self.setup.words,
        )

    def drawer(self, store: Store, safety: SafetyPath) -> Drawer | None:
        """Return what draws; None where the settings name no model."""
        config = settled(self.setup.config.models.image)
        if not config.model:
            return None
        return Drawer(
            engine=self.engine,
            chain=safety.chain,
            config=config,
            style_of=CommunityStyles(SettingsRepository(store)).words_for,
            known=KnownThings.read(BUNDLED) if config.model in STARTERS else None,
        )

    def commands(self, store: Store, safety: SafetyPath) -> tuple[Command, ...]:
        """Return the command that speaks: none where nothing can."""
        speaker = self.speaker(safety)
        if speaker is None:
            return ()
        return (
            speak_command(
                speaker,
                turns=TurnRepository(store),
                judgements=safety.judgements,
                refuser=safety.refuser,
            ),
        )


@asynccontextmanager
async def open_senses(setup: Setup, engine: Engine) -> AsyncIterator[Senses]:
    """Open what reads files. Its processes start with the first file of their kind."""
    files, transcript = setup.config.files, setup.config.models.transcript
    limits = FileLimits(
        max_pages=files.max_pages,
        max_characters=files.max_characters,
        max_seconds=transcript.max_seconds,
    )
    async with FileOpener(limits, time_limit_s=files.time_limit_s) as opener:
        listener = Listener(engine, opener, transcript) if transcript.model else None
        yield Senses(setup, engine, Reader(files, opener=opener, listener=listener))
