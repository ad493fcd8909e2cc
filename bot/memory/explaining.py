"""Says which notes an answer was written with, to the person they are about."""

from collections.abc import Awaitable, Callable, Sequence

from bot.commands.command import CommandContext
from bot.memory.memories import Memories
from bot.store.memories import MemoryRepository
from bot.words import T, Text

__all__ = ["explain_memory"]


def explain_memory(
    memories: Memories, repository: MemoryRepository
) -> Callable[[CommandContext, str], Awaitable[Sequence[Text]]]:
    """Return what /why adds to an answer, by the id of the message it answers.

    Whoever asks sees notes of their own and the community's, and nobody else's.
    """

    async def explain(context: CommandContext, message_id: str) -> Sequence[Text]:
        owners = await memories.owners(context.channel, context.author)
        notes = await repository.used_for(context.scope, message_id, owners)
        return tuple(
            T("- remembered for this community: “{text}”", text=note.text)
            if note.is_community
            else T("- remembered of you: “{text}”", text=note.text)
            for note in notes
        )

    return explain
