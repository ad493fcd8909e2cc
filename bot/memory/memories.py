"""Keeps what people ask it to remember: judged, counted, and never across places."""

from dataclasses import replace

from bot.config_memory import MemoryConfig
from bot.errors import UserError
from bot.identities import Linked
from bot.messages import Author, Channel
from bot.safety.filter import FilterChain, Subject
from bot.safety.personal_data import REPLACEMENTS
from bot.safety.refuser import Refuser
from bot.safety.secrets import REMOVED
from bot.safety.verdict import Stage
from bot.store.memories import (
    ANYWHERE,
    MemoryRepository,
    Note,
    Owner,
    place_of,
)
from bot.words import T, Tn

__all__ = ["Memories"]

SENSITIVE = frozenset({"secret", "personal"})
_MARKS = (REMOVED, *REPLACEMENTS.values())


class Memories:
    """The notes of people and communities.

    A person has notes in each community and others in private. What they say in a
    community stays there; what they say in private follows them to the private chats of
    accounts that they have linked.
    """

    def __init__(
        self,
        repository: MemoryRepository,
        linked: Linked,
        *,
        chain: FilterChain,
        refuser: Refuser,
        config: MemoryConfig,
    ) -> None:
        self._repository = repository
        self._linked = linked
        self._chain = chain
        self._refuser = refuser
        self._config = config

    async def owner(self, channel: Channel, person: Author) -> Owner:
        """Return whose notes a person sees and changes in a channel."""
        here = (channel.platform, person.id)
        linked = await self._linked(*here)
        others = tuple(account for account in linked if account != here)
        return Owner(place_of(channel), (here, *others))

    async def owners(self, channel: Channel, person: Author) -> tuple[Owner, ...]:
        """Return whose notes an answer to a person in a channel may be written with."""
        own = await self.owner(channel, person)
        return (own,) if channel.is_private else (own, Owner.community(channel))

    async def notes(self, owner: Owner) -> tuple[Note, ...]:
        """Return the notes of an owner, the newest first."""
        return await self._repository.of(owner)

    async def remember(
        self,
        owner: Owner,
        text: str,
        *,
        channel: Channel,
        person: Author,
        language: str,
    ) -> Note:
        """Keep a note that a person gives in a channel, and return it.

        Raises:
            UserError: it is too long or not to be kept, or there are too many; the text
                says which.
        """
        safe = await self._judged(text, channel, person, language)
        note = await self._repository.add(
            owner,
            safe,
            max_notes=self._config.max_notes,
            actor=person if owner.is_community else None,
        )
        if note is None:
            raise UserError(
                Tn(
                    "I remember {n} thing already, and more I cannot. Let me forget "
                    "one with /memory list.",
                    "I remember {n} things already, and more I cannot. Let me forget "
                    "one with /memory list.",
                    n=self._config.max_notes,
                )
            )
        return note

    async def correct(
        self,
        owner: Owner,
        number: int,
        text: str,
        *,
        channel: Channel,
        person: Author,
        language: str,
    ) -> Note:
        """Put other words in place of a note's and return it.

        Raises:
            UserError: there is no such note, or the words are not to be kept.
        """
        safe = await self._judged(text, channel, person, language)
        actor = person if owner.is_community else None
        owner = _by_number(owner)
        note = await self._repository.edit(owner, number, safe, actor=actor)
        if note is None:
            raise _unknown(number)
        return note

    async def forget(self, owner: Owner, number: int, *, person: Author) -> None:
        """Delete a note.

        Raises:
            UserError: there is no such note.
        """
        actor = person if owner.is_community else None
        if not await self._repository.drop(_by_number(owner), number, actor=actor):
            raise _unknown(number)

    async def forget_all(self, owner: Owner, *, person: Author) -> int:
        """Delete all notes of an owner in one place; return how many there were."""
        actor = person if owner.is_community else None
        return await self._repository.drop_all(owner, actor=actor)

    async def is_fine(self, text: str, channel: Channel, person: Author) -> bool:
        """Return whether nothing at all speaks against keeping a text."""
        if len(text) > self._config.max_characters:
            return False
        judgement = await self._chain.judge(
            Subject(text, Stage.OUTPUT, channel, person)
        )
        return not judgement.all

    async def _judged(
        self, text: str, channel: Channel, person: Author, language: str
    ) -> str:
        """Return the text on one line, as the safety chain lets it be kept."""
        text = " ".join(text.split())
        if not text:
            raise UserError(T("What shall I remember? Write it behind the command."))
        limit = self._config.max_characters
        if len(text) > limit:
            raise UserError(
                T(
                    "That is too long for me to remember: {length} characters, and I "
                    "can keep {limit}. Could you say it more briefly?",
                    length=len(text),
                    limit=limit,
                )
            )
        if any(mark in text for mark in _MARKS):
            raise _sensitive()
        # As what goes out, for it will be said to a model and perhaps again to people.
        # What comes in was counted with the message; each judging would count anew.
        subject = Subject(text, Stage.OUTPUT, channel, person)
        judgement = await self._chain.judge(subject)
        if any(verdict.category in SENSITIVE for verdict in judgement.all):
            raise _sensitive()
        if judgement.is_blocked:
            said = self._refuser.say(judgement.verdict, language, stage=Stage.INPUT)
            raise UserError(T("{reason}\n\nI have not kept that.", reason=said))
        return judgement.text


def _by_number(owner: Owner) -> Owner:
    """Return the owner of a note that is named: a person's own may lie in any place.

    A list that was shown in private may be about a community, and its buttons too.
    """
    return owner if owner.is_community else replace(owner, place=ANYWHERE)


def _unknown(number: int) -> UserError:
    return UserError(
        T("I remember nothing here under {number}. See /memory list.", number=number)
    )


def _sensitive() -> UserError:
    return UserError(
        T(
            "I remember no passwords, keys, addresses or numbers of people: they are "
            "safer with you. The rest of it you can tell me without them."
        )
    )
