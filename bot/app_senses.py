"""The part of the composition root for what is read, heard, spoken and drawn."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.adapter import Adapter
from bot.answers import RunningAnswers
from bot.app_safety import SafetyPath
from bot.commands.command import Command
from bot.commands.imagine import imagine_command
from bot.commands.speak import speak_command
from bot.drawing import Drawer
from bot.files.opener import FileOpener
from bot.files.worker import FileLimits
from bot.generation.engine import Engine
from bot.listening import Listener
from bot.models.choose_image import settled
from bot.reading import Reader
from bot.setup import Setup
from bot.speaking import Speaker
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

    def drawer(self, safety: SafetyPath) -> Drawer | None:
        """Return what draws; None where the settings name no model."""
        config = settled(self.setup.config.models.image)
        if not config.model:
            return None
        return Drawer(engine=self.engine, chain=safety.chain, config=config)

    def commands(
        self,
        store: Store,
        safety: SafetyPath,
        running: RunningAnswers,
        adapters: Mapping[str, Adapter],
    ) -> tuple[Command, ...]:
        """Return the commands that speak and draw: none where nothing can."""
        speaker, drawer = self.speaker(safety), self.drawer(safety)
        commands: list[Command] = []
        if speaker is not None:
            speak = speak_command(
                speaker,
                turns=TurnRepository(store),
                judgements=safety.judgements,
                refuser=safety.refuser,
            )
            commands.append(speak)
        if drawer is not None:
            imagine = imagine_command(
                drawer,
                adapters=adapters,
                running=running,
                judgements=safety.judgements,
                refuser=safety.refuser,
                words=self.setup.words,
            )
            commands.append(imagine)
        return tuple(commands)


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
