"""The part of the composition root for what is remembered, and of whom."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.adapter import Adapter
from bot.app_safety import SafetyPath
from bot.app_senses import Senses
from bot.commands.command import Command
from bot.commands.link import link_command, unlink_command
from bot.commands.memory import memory_command
from bot.commands.remember import remember_command
from bot.commands.why import Explain
from bot.history import History
from bot.identities import Linked
from bot.linking import Linking
from bot.meaning.meanings import Meanings
from bot.memory.explaining import explain_memory
from bot.memory.memories import Memories
from bot.memory.offers import MemoryOffers
from bot.memory.recall import Recall
from bot.preferences import Preferences
from bot.store.links import LinkRepository
from bot.store.memories import MemoryRepository
from bot.store.settings import SettingsRepository
from bot.store.store import Store
from bot.store.turns import TurnRepository

__all__ = ["MemoryParts", "build_memory"]


@dataclass(frozen=True, slots=True)
class MemoryParts:
    """What reads a conversation and what is remembered into a prompt, and more.

    Attributes:
        linked: returns all accounts of a person.
        explanation: what /why adds to an answer.
    """

    linked: Linked
    history: History
    recall: Recall
    offers: MemoryOffers
    explanation: Explain
    commands: tuple[Command, ...]


def build_memory(
    store: Store,
    safety: SafetyPath,
    adapters: Mapping[str, Adapter],
    senses: Senses,
    meanings: Meanings,
    preferences: Preferences,
) -> MemoryParts:
    """Build what keeps notes and links, and what brings notes into prompts."""
    config, words = senses.setup.config.memory, senses.setup.words
    links, repository = LinkRepository(store), MemoryRepository(store)
    memories = Memories(
        repository,
        links.identities,
        chain=safety.chain,
        refuser=safety.refuser,
        config=config,
    )
    offers = MemoryOffers(
        memories,
        SettingsRepository(store),
        adapters=adapters,
        preferences=preferences,
        words=words,
        clock=store.clock,
        is_on=config.offers,
    )
    linking = Linking(links, adapters=adapters, preferences=preferences, words=words)
    history = History(TurnRepository(store), senses.engine.count_tokens)
    return MemoryParts(
        linked=links.identities,
        history=history,
        recall=Recall(
            memories,
            repository,
            meanings,
            count=history.count,
            max_tokens=config.tokens,
        ),
        offers=offers,
        explanation=explain_memory(memories, repository),
        commands=(
            remember_command(memories, words),
            memory_command(memories, offers, words),
            link_command(linking, words),
            unlink_command(linking, words),
        ),
    )
