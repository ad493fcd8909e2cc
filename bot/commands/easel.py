"""Draws for people, one request of each at a time, and keeps them company meanwhile."""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.answers import RunningAnswers
from bot.clock import Clock
from bot.commands.command import Answer, CommandContext
from bot.commands.glimpse import Glimpse
from bot.drawing import Drawer, Drawn, Undrawn, Wanted
from bot.drawn import Judged
from bot.errors import HearthbotError, UserError
from bot.generation.requests import Place
from bot.generation.ticket import Ticket
from bot.messages import Attachment, Button
from bot.owner import owner_of
from bot.queue_text import queue_text
from bot.safety.refuser import Refuser
from bot.safety.verdict import Stage
from bot.store.drawn import Making, StoredDrawing
from bot.store.judgements import JudgementRepository
from bot.words import T, Text, Tn, Words

__all__ = ["Easel", "Sheet", "waiting_text"]

TOLD_EVERY_S = 3.0
"""Who waits longer than this is told how far it is, and again as often."""


NOTHING_MADE = Making()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What came of the pictures that were asked for.

    Attributes:
        stored: those that were drawn, as they are kept.
    """

    drawn: Sequence[Drawn]
    blocked: Sequence[Undrawn]
    failed: Sequence[HearthbotError]
    stored: Sequence[StoredDrawing] = ()
    making: Making = NOTHING_MADE

    def missing(self, text: Text) -> Text:
        """Return a text with what to say of pictures that are not there."""
        number = len(self.blocked) + len(self.failed)
        if not number:
            return text
        return Tn(
            "{text}\n{n} picture did not turn out so that I could show it.",
            "{text}\n{n} pictures did not turn out so that I could show them.",
            number,
            text=text,
        )


@dataclass(frozen=True, slots=True)
class Easel:
    """What commands that draw have in common."""

    drawer: Drawer
    running: RunningAnswers
    judgements: JudgementRepository
    refuser: Refuser
    words: Words
    clock: Clock
    busy: set[str] = field(default_factory=set)

    async def draw(
        self, context: CommandContext, wanted: Wanted, count: int
    ) -> Sheet | Answer:
        """Draw so many pictures; an answer says why there is none to be shown.

        Raises:
            UserError: they are drawn for already, or wanted it to stop.
            GenerationError, MissingError: the model could not do it.
        """
        person = owner_of(context.channel, context.author).person
        if person in self.busy:
            raise UserError(
                T("I am still drawing for you. Wait for it, or end it with /stop.")
            )
        self.busy.add(person)
        begun_s = self.clock.monotonic()
        try:
            ended = await self._unless_stopped(context, wanted, count)
        finally:
            self.busy.discard(person)
        took_ms = round(1000 * (self.clock.monotonic() - begun_s))
        outcomes = (ended,) if isinstance(ended, Undrawn) else ended
        sheet = Sheet(
            [one for one in outcomes if isinstance(one, Drawn)],
            [one for one in outcomes if isinstance(one, Undrawn)],
            [one for one in outcomes if isinstance(one, HearthbotError)],
        )
        numbers = [await self._record(context, one) for one in sheet.blocked]
        if sheet.drawn:
            return await self._recorded(context, sheet, took_ms)
        if not sheet.blocked:
            raise sheet.failed[0]
        return self._refused(context, sheet.blocked[0], numbers[0])

    async def _unless_stopped(
        self, context: CommandContext, wanted: Wanted, count: int
    ) -> Undrawn | Sequence[Drawn | Undrawn | HearthbotError]:
        tickets: list[Ticket] = []
        work = asyncio.create_task(
            self.drawer.draw_many(
                wanted,
                count,
                owner=owner_of(context.channel, context.author),
                follow=tickets.append,
            )
        )
        request_id = uuid.uuid4().hex[:12]
        company = asyncio.create_task(
            self._keep_company(context, wanted, tickets, request_id)
        )
        self.running.add(
            request_id,
            work,
            channel=context.channel,
            asker=context.author,
            message_id=context.message_id or "",
        )
        try:
            await asyncio.wait((work,))
        finally:
            self.running.remove(request_id)
            work.cancel()  # it has ended, unless we are to end ourselves
            company.cancel()
        await asyncio.gather(company, return_exceptions=True)
        if work.cancelled():
            raise UserError(T("I have stopped drawing."))
        return work.result()

    async def _keep_company(
        self,
        context: CommandContext,
        wanted: Wanted,
        tickets: Sequence[Ticket],
        request_id: str,
    ) -> None:
        """Tell who waits what they wait for, and show how it looks so far."""
        if context.show is None:
            return
        say = self.words.say
        stop = Button(say(T("Stop"), context.language), f"/stop {request_id}")
        seen = say(T("The picture so far, not finished yet."), context.language)

        async def passed(png: bytes, seed: int) -> Attachment | None:
            return await self.drawer.preview(wanted, png, seed=seed, description=seen)

        async with Glimpse(passed, clock=self.clock) as glimpse:
            while True:
                await self.clock.sleep(TOLD_EVERY_S)
                picture = await glimpse.of(tickets)
                text = waiting_text(tickets, is_awake=self.drawer.is_awake)
                await context.show(text, (stop,), picture)

    async def _recorded(
        self, context: CommandContext, sheet: Sheet, took_ms: int
    ) -> Sheet:
        """Keep the verdicts on what may be shown; return the sheet with their numbers.

        Those on the pictures come last: what was drawn last is found by them.
        """
        first = sheet.drawn[0]
        making = Making(took_ms, first.steps, await self._record(context, first.words))
        stored = [
            StoredDrawing(
                number,
                one.drawing.png,
                one.provenance.seed,
                await self._record(context, one.picture),
            )
            for number, one in enumerate(sheet.drawn, 1)
        ]
        return replace(sheet, stored=stored, making=making)

    async def _record(self, context: CommandContext, judged: Judged) -> int:
        return await self.judgements.add(
            context.message_id or "",
            judged.subject,
            judged.judgement,
            author=context.author,
            channel=context.channel,
        )

    def _refused(
        self, context: CommandContext, undrawn: Undrawn, number: int
    ) -> Answer:
        verdict, language = undrawn.judgement.verdict, context.language
        if undrawn.subject.attachments:
            # No appeal: the picture is gone, and nobody could see it to decide.
            return Answer(self.refuser.say(verdict, language, stage=Stage.OUTPUT))
        return Answer(
            self.refuser.say(verdict, language),
            buttons=self.refuser.buttons(verdict, number, language),
        )


def waiting_text(tickets: Sequence[Ticket], *, is_awake: bool) -> Text:
    """Return what people are told whose pictures are not there yet."""
    if not is_awake:
        return T("I am still waking up: my model is being loaded …")
    reached = [one.reached for one in tickets]
    steps = [one for one in reached if one is not None]
    if steps:
        return T(
            "I am drawing: step {step} of {steps} …",
            step=sum(one.step for one in steps),
            steps=max(one.num_steps for one in steps) * len(tickets),
        )
    places = [one.place for one in tickets]
    first: Place | None = min(
        (place for place in places if place is not None),
        key=lambda place: place.position,
        default=None,
    )
    if first is None or None in places:
        return T("I am drawing …")
    return queue_text(first)
