"""Where cases are brought before moderators, and answers back to who asked."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakValueDictionary

import structlog

from bot.adapter import Adapter
from bot.case_cards import CaseFile, case_card
from bot.case_words import told
from bot.cases import By, Case, CaseKind, CaseMessage, Move, Outcome, Voice
from bot.errors import GoneError, PlatformError, UserError
from bot.messages import Author, Channel, Reply
from bot.moderators import Moderators
from bot.preferences import Preferences
from bot.store.appeals import AppealRepository, AppealState
from bot.store.case_people import CasePeople
from bot.store.cases import CaseRepository
from bot.store.judgements import JudgementRepository, StoredJudgement
from bot.words import T, Words

__all__ = ["Answered", "CaseDesk"]

logger = structlog.get_logger(__name__)

_DECIDED = {
    Outcome.GRANTED: AppealState.GRANTED,
    Outcome.UPHELD: AppealState.UPHELD,
}


@dataclass(frozen=True, slots=True)
class Answered:
    """A case after it was closed, and who was told of it or could not be."""

    case: Case
    told: tuple[Voice, ...]
    not_told: tuple[Voice, ...]


class CaseDesk:
    """Shows cases to moderators, moves them on, and tells who asked how they ended."""

    def __init__(
        self,
        cases: CaseRepository,
        people: CasePeople,
        *,
        judgements: JudgementRepository,
        appeals: AppealRepository,
        moderators: Moderators,
        adapters: Mapping[str, Adapter],
        preferences: Preferences,
        words: Words,
    ) -> None:
        self.cases = cases
        self.people = people
        self.adapters = adapters
        self._judgements = judgements
        self._appeals = appeals
        self._moderators = moderators
        self._preferences = preferences
        self._words = words
        self._showing: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._waiting: set[tuple[str, str]] | None = None  # None: not read yet

    async def find(self, number: int, channel: Channel, person: Author) -> Case:
        """Return a case that somebody may deal with from a channel.

        Raises:
            UserError: there is none, it is another community's, or about them.
        """
        case = await self.cases.get(number)
        if case is None or not await self.oversees(case, channel):
            raise UserError(T("There is no case {number}.", number=number))
        if await self._is_about(case, channel.platform, person):
            raise UserError(
                T("This case is about you: somebody else has to look at it.")
            )
        return case

    async def oversees(self, case: Case, channel: Channel) -> bool:
        """Return whether a case may be dealt with from a channel."""
        return await self._moderators.oversees(case.community_key, channel)

    async def show(self, number: int) -> bool:
        """Show moderators a case as it is now; return whether they can see it."""
        lock = self._showing.setdefault(number, asyncio.Lock())
        async with lock:  # one after the other: the last one shown is the latest
            case = await self.cases.get(number)
            if case is None:
                return False
            card = case_card(await self.file(case))
            if not case.cards:
                if case.is_closed:
                    return False  # nobody has to look at it any more
                places = await self._moderators.put_up(
                    card, communities=(case.community_key,)
                )
                await self.cases.put_cards(number, places)
                return bool(places)
            for place in case.cards:
                await self._moderators.change(place, card)
            return True

    async def file(self, case: Case) -> CaseFile:
        """Return a case with all that is known about it."""
        messages = await self.cases.messages(case.number)
        file = CaseFile(
            case,
            place=self._place(messages[-1].channel_key) if messages else "?",
            messages=messages,
            voices=await self.cases.voices(case.number),
            notes=await self.cases.notes(case.number),
            judged=await self._judged(messages),
        )
        if len(file.authors) != 1 or case.kind is CaseKind.APPEAL:
            return file
        history = await self.people.history(
            case.community_key, file.authors[0].author_id
        )
        return CaseFile(
            case,
            place=file.place,
            messages=messages,
            voices=file.voices,
            notes=file.notes,
            judged=file.judged,
            history=history,
        )

    async def move(self, number: int, move: Move, by: By) -> Case:
        """Take a case, put it aside or open it again, and show that.

        Raises:
            UserError: another has it, or it is decided.
        """
        case = await self.cases.move(number, move, by)
        appeal = await self.cases.appeal_of(number)
        if move is Move.REOPEN and appeal is not None:
            await self._appeals.reopen(appeal)
        await self.show(number)
        return case

    async def close(self, case: Case, outcome: Outcome, by: By) -> Answered:
        """Decide a case, show that, and tell who asked.

        Raises:
            UserError: another has it, it is decided, or that is no outcome for it.
        """
        is_appeal = case.kind is CaseKind.APPEAL
        if is_appeal is not (outcome in _DECIDED):
            fitting = [o for o in Outcome if (o in _DECIDED) is is_appeal]
            raise UserError(
                T(
                    "Case {number} can be closed as: {choices}.",
                    number=case.number,
                    choices=", ".join(fitting),
                )
            )
        case = await self.cases.move(case.number, Move.CLOSE, by, outcome=outcome)
        appeal = await self.cases.appeal_of(case.number)
        if appeal is not None:
            state = _DECIDED[outcome]
            await self._appeals.decide(appeal, state, decided_by=by.name)
        answered = await self._answer(case)
        await self.show(case.number)
        return answered

    async def remind(
        self, channel: Channel, person: Author, message_id: str | None
    ) -> None:
        """Tell somebody what could not be told before; the message is theirs."""
        if self._waiting is None:
            self._waiting = set(await self.people.unanswered())
        if (channel.platform, person.id) not in self._waiting:
            return
        closed = await self.people.unanswered_of(channel.platform, person.id)
        lines = [await self._said(case, channel, person) for case in closed]
        reply = Reply("\n".join(lines), reply_to_id=message_id, only_for=person.id)
        try:
            if lines:
                await self.adapters[channel.platform].send(channel, reply)
        except PlatformError as error:
            logger.warning("person still not told of a case", reason=str(error))
            return
        await self.seen(channel.platform, person, closed)

    async def seen(
        self, platform: str, person: Author, cases: tuple[Case, ...]
    ) -> None:
        """Remember that somebody knows how these cases ended."""
        await self.people.told_all(platform, person.id, cases)
        if self._waiting is not None:
            self._waiting.discard((platform, person.id))

    async def warn(self, message: CaseMessage, text: str) -> None:
        """Tell the author of a message something from the moderators, in private.

        Raises:
            PlatformError: they could not be told.
        """
        person = Author(message.author_id, message.author_name)
        adapter, channel = self.where(message.channel_key)
        language = await self._preferences.language(channel, person)
        line = T("A word from the moderators: {text}", text=text)
        said = self._words.say(line, language)
        await adapter.send(channel, Reply(said, only_for=person.id))

    def where(self, channel_key: str) -> tuple[Adapter, Channel]:
        """Return the channel with a key, and the platform that it is on.

        Raises:
            GoneError: there is none any more.
        """
        platform, _, place = channel_key.partition(":")
        adapter = self.adapters.get(platform)
        if adapter is None:
            raise GoneError(T("There is no channel {name}.", name=channel_key))
        return adapter, adapter.channel(place)

    async def _answer(self, case: Case) -> Answered:
        answered, not_told = [], []
        for voice in await self.cases.voices(case.number, only_untold=True):
            if await self._tell(case, voice):
                await self.people.told(voice)
                answered.append(voice)
            else:
                not_told.append(voice)
                if self._waiting is not None:
                    platform = voice.channel_key.partition(":")[0]
                    self._waiting.add((platform, voice.person_id))
        return Answered(case, tuple(answered), tuple(not_told))

    async def _tell(self, case: Case, voice: Voice) -> bool:
        person = Author(voice.person_id, voice.person_name)
        messages = await self.cases.messages(case.number)
        is_theirs = voice.kind is CaseKind.APPEAL and bool(messages)
        try:
            adapter, channel = self.where(voice.channel_key)
            said = await self._said(case, channel, person)
            reply_to_id = messages[0].message_id if is_theirs else None
            reply = Reply(said, reply_to_id=reply_to_id, only_for=person.id)
            await adapter.send(channel, reply)
        except PlatformError as error:
            logger.warning(
                "person not told of a case", case=case.number, reason=str(error)
            )
            return False
        return True

    async def _said(self, case: Case, channel: Channel, person: Author) -> str:
        messages = await self.cases.messages(case.number)
        language = await self._preferences.language(channel, person)
        return self._words.say(told(case, await self._judged(messages)), language)

    async def _judged(
        self, messages: tuple[CaseMessage, ...]
    ) -> StoredJudgement | None:
        number = messages[0].judgement_id if messages else None
        return None if number is None else await self._judgements.get(number)

    async def _is_about(self, case: Case, platform: str, person: Author) -> bool:
        return any(
            one.author_id == person.id and one.channel_key.startswith(f"{platform}:")
            for one in await self.cases.messages(case.number)
        )

    def _place(self, channel_key: str) -> str:
        try:
            return self.where(channel_key)[1].name or channel_key
        except PlatformError:
            return channel_key
