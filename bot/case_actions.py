"""What moderators have done about a case: messages go, people are warned or put out.

Nothing here happens by itself: a moderator has pressed a button or written a command.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.adapter import Adapter
from bot.case_cards import CaseFile
from bot.case_desk import CaseDesk
from bot.cases import By, Case, CaseMessage, Move, Outcome
from bot.clock import Clock
from bot.commands.verdicts import HARMLESS
from bot.errors import GoneError, PlatformError, UserError
from bot.messages import Author, Channel
from bot.safety.policy import Category
from bot.store.corrections import Correction, CorrectionRepository
from bot.store.judgements import JudgementRepository
from bot.words import T, Text, Tn, join_texts

__all__ = ["CaseActions", "Measure"]

LONGEST_MINUTES = 28 * 24 * 60
"""Longer than that no platform lets a time-out be."""

Apply = Callable[[Adapter, Channel, CaseMessage], Awaitable[None]]


class Measure(StrEnum):
    """What can be done about a case, beside deciding it."""

    DELETE = "delete"
    """Take its messages away."""
    WARN = "warn"
    """Tell who wrote them something, in private."""
    TIMEOUT = "timeout"
    """Let who wrote them write nothing for a while."""
    KICK = "kick"
    """Put who wrote them out; they may come back."""
    BAN = "ban"
    """Put who wrote them out for good."""
    WRONG = "wrong"
    """Teach the filters that it was harmless, and close it."""


@dataclass(frozen=True, slots=True)
class _Order:
    """A measure as a moderator wants it."""

    file: CaseFile
    by: By
    text: str

    @property
    def reason(self) -> str:
        """What the platform's own log says."""
        return f"{self.by.name}, case {self.file.case.number}"


class CaseActions:
    """Takes measures. Who takes one has the case from then on."""

    def __init__(
        self,
        desk: CaseDesk,
        judgements: JudgementRepository,
        corrections: CorrectionRepository,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._judgements = judgements
        self._corrections = corrections
        self._clock = clock

    async def take(self, measure: Measure, case: Case, by: By, text: str) -> Text:
        """Take a measure and show it on the card; return what came of it.

        Raises:
            UserError: another has the case, there is nobody it could be about, or the
                platform did not let it happen at all; the text says why.
        """
        order = _Order(await self._desk.file(case), by, text.strip())
        run = {
            Measure.DELETE: self._delete,
            Measure.WARN: self._warn,
            Measure.TIMEOUT: self._time_out,
            Measure.KICK: self._kick,
            Measure.BAN: self._ban,
            Measure.WRONG: self._teach,
        }[measure]
        await self._desk.cases.move(case.number, Move.TAKE, by)
        try:
            return await run(order)
        finally:
            await self._desk.show(case.number)

    async def _delete(self, order: _Order) -> Text:
        async def delete(at: Adapter, channel: Channel, one: CaseMessage) -> None:
            try:
                await at.delete_message(channel, one.message_id, reason=order.reason)
            except GoneError:
                return  # somebody was faster

        done, failed = await self._each(order.file.messages, delete)
        said = Tn("{n} message is gone.", "{n} messages are gone.", n=len(done))
        return await self._kept(order, Measure.DELETE, str(len(done)), said, failed)

    async def _warn(self, order: _Order) -> Text:
        if not order.text:
            raise UserError(
                T(
                    "Write behind it what they are told: /case warn {number} …",
                    number=order.file.case.number,
                )
            )

        async def warn(at: Adapter, channel: Channel, one: CaseMessage) -> None:
            await self._desk.warn(one, order.text)
            await self._desk.people.warn(
                order.file.case,
                channel.platform,
                Author(one.author_id, one.author_name),
                order.text,
                order.by,
            )

        done, failed = await self._each(_people(order.file), warn)
        said = Tn("{n} person was warned.", "{n} people were warned.", n=len(done))
        return await self._kept(order, Measure.WARN, _names(done), said, failed)

    async def _time_out(self, order: _Order) -> Text:
        minutes = _minutes(order.text)
        until_utc = self._clock.now_utc() + timedelta(minutes=minutes)

        async def time_out(at: Adapter, channel: Channel, one: CaseMessage) -> None:
            await at.time_out(
                channel, one.author_id, until_utc=until_utc, reason=order.reason
            )

        done, failed = await self._each(_people(order.file), time_out)
        said = Tn(
            "{n} person has a time-out until {end}.",
            "{n} people have a time-out until {end}.",
            n=len(done),
            end=_shown(until_utc),
        )
        about = f"{_names(done)} · {_shown(until_utc)}"
        return await self._kept(order, Measure.TIMEOUT, about, said, failed)

    async def _kick(self, order: _Order) -> Text:
        async def kick(at: Adapter, channel: Channel, one: CaseMessage) -> None:
            await at.kick(channel, one.author_id, reason=order.reason)

        done, failed = await self._each(_people(order.file), kick)
        said = Tn("{n} person was put out.", "{n} people were put out.", n=len(done))
        return await self._kept(order, Measure.KICK, _names(done), said, failed)

    async def _ban(self, order: _Order) -> Text:
        async def ban(at: Adapter, channel: Channel, one: CaseMessage) -> None:
            await at.ban(channel, one.author_id, reason=order.reason)

        done, failed = await self._each(_people(order.file), ban)
        said = Tn("{n} person was banned.", "{n} people were banned.", n=len(done))
        return await self._kept(order, Measure.BAN, _names(done), said, failed)

    async def _teach(self, order: _Order) -> Text:
        taught = 0
        for message in order.file.messages:
            if message.judgement_id is None:
                continue
            judged = await self._judgements.get(message.judgement_id)
            if judged is None or not judged.text:
                continue
            if judged.found.category not in set(Category):
                continue
            await self._corrections.add(
                Correction(
                    judgement_id=judged.id,
                    category=Category(judged.found.category),
                    is_harmful=False,
                    stage=judged.stage,
                    text=judged.text,
                    by_id=order.by.id,
                    created_utc=self._clock.now_utc(),
                )
            )
            taught += 1
        number = order.file.case.number
        await self._desk.cases.note(number, Measure.WRONG, HARMLESS, order.by)
        await self._desk.close(order.file.case, Outcome.DISMISSED, order.by)
        if not taught:
            return T(
                "Closed. There was nothing to teach: what was noticed was a rule, or "
                "is forgotten."
            )
        return Tn(
            "Closed, and {n} text is kept as an example of what is harmless.",
            "Closed, and {n} texts are kept as examples of what is harmless.",
            n=taught,
        )

    async def _each(
        self, messages: tuple[CaseMessage, ...], apply: Apply
    ) -> tuple[tuple[CaseMessage, ...], tuple[Text, ...]]:
        """Do something for each message; return those where it worked, and why not."""
        done: list[CaseMessage] = []
        failed: list[Text] = []
        for message in messages:
            try:
                await apply(*self._desk.where(message.channel_key), message)
            except (PlatformError, UserError) as error:
                failed.append(error.text)
            else:
                done.append(message)
        return tuple(done), tuple(failed)

    async def _kept(
        self,
        order: _Order,
        measure: Measure,
        about: str,
        said: Text,
        failed: tuple[Text, ...],
    ) -> Text:
        """Note what was done, and say what was not."""
        reasons = join_texts(failed)
        if reasons is not None and len(failed) == _num_targets(order, measure):
            raise UserError(reasons)
        await self._desk.cases.note(order.file.case.number, measure, about, order.by)
        if reasons is None:
            return said
        return T(
            "{done} It did not work {num}×: {reasons}",
            done=said,
            num=len(failed),
            reasons=reasons,
        )


def _num_targets(order: _Order, measure: Measure) -> int:
    file = order.file
    return len(file.messages if measure is Measure.DELETE else file.authors)


def _people(file: CaseFile) -> tuple[CaseMessage, ...]:
    if not file.authors:
        raise UserError(
            T("I do not know who wrote that; or it was me. There is nobody to act on.")
        )
    return file.authors


def _names(messages: tuple[CaseMessage, ...]) -> str:
    return ", ".join(one.author_name for one in messages)


def _minutes(text: str) -> int:
    """Return how long a time-out lasts: an hour where nothing is said."""
    if not text:
        return 60
    if not (text.isascii() and text.isdecimal()) or not int(text) > 0:
        raise UserError(T("Write the time-out in minutes, such as 60."))
    return min(int(text), LONGEST_MINUTES)


def _shown(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"
