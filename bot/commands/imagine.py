"""/imagine: draws what somebody describes."""

import asyncio
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.adapter import Adapter
from bot.answers import RunningAnswers
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.drawing import SEED_BITS, Drawer, Drawn, Undrawn, Wanted
from bot.errors import HearthbotError, UserError
from bot.generation.requests import ImageParams
from bot.messages import Button
from bot.owner import owner_of
from bot.pause import Output
from bot.safety.refuser import Refuser
from bot.safety.verdict import Stage
from bot.store.judgements import JudgementRepository
from bot.words import T, Text, Tn, Words

__all__ = ["SHAPES", "STYLES", "imagine_command"]

STYLES: Mapping[str, str] = {
    "none": "",
    "sticker": "sticker, thick white outline, flat colours, plain background",
    "watercolour": "watercolour painting, soft washes, paper texture",
    "photo": "photograph, natural light, sharp focus",
    "pixel": "pixel art, few colours, clean edges",
    "ink": "ink drawing, fine lines, black on white",
    "comic": "comic, bold outlines, flat colours",
}
"""What is put behind the words, by the name of a style."""

SHAPES: Mapping[str, tuple[int, int]] = {
    "square": (1, 1),
    "wide": (3, 2),
    "tall": (2, 3),
}
"""Width to height."""

MULTIPLE_PX = 64
NUM_SEEDS = 2**SEED_BITS


def imagine_command(
    drawer: Drawer,
    *,
    adapters: Mapping[str, Adapter],
    running: RunningAnswers,
    judgements: JudgementRepository,
    refuser: Refuser,
    words: Words,
) -> Command:
    """Return the command that draws."""
    imagining = _Imagining(drawer, adapters, running, judgements, refuser, words)
    return Command(
        name="imagine",
        summary=T("Draw what you describe."),
        parameters=tuple(_parameters(drawer)),
        run=imagining.run,
        makes=Output.PICTURES,
    )


def _parameters(drawer: Drawer) -> list[Parameter]:
    prompt = Parameter(
        "prompt", T("What it is to show."), ParameterType.REST, is_required=True
    )
    count = Parameter(
        "count",
        T("How many pictures, at most {max}.", max=drawer.max_count),
        ParameterType.INTEGER,
        is_named=True,
    )
    size = Parameter(
        "size", T("Its shape."), choices=lambda: tuple(SHAPES), is_named=True
    )
    style = Parameter(
        "style", T("How it looks."), choices=lambda: tuple(STYLES), is_named=True
    )
    seed = Parameter(
        "seed",
        T("The number of an earlier picture, to draw that one again."),
        ParameterType.INTEGER,
        is_named=True,
    )
    sizes = [size] if drawer.side_px else []
    return [prompt, count, *sizes, style, seed]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of the pictures that were asked for."""

    drawn: Sequence[Drawn]
    blocked: Sequence[Undrawn]
    failed: Sequence[HearthbotError]


@dataclass(frozen=True, slots=True)
class _Imagining:
    """Draws for one request of a person at a time."""

    drawer: Drawer
    adapters: Mapping[str, Adapter]
    running: RunningAnswers
    judgements: JudgementRepository
    refuser: Refuser
    words: Words
    busy: set[str] = field(default_factory=set)

    async def run(self, context: CommandContext, arguments: Arguments) -> Answer:
        """Draw, and answer with what may be shown."""
        count = int(arguments.get("count", 1))
        most = self._most(context)
        if not 1 <= count <= most:
            raise UserError(T("I can draw 1 to {max} pictures at once.", max=most))
        person = owner_of(context.channel, context.author).person
        if person in self.busy:
            raise UserError(
                T("I am still drawing for you. Wait for it, or end it with /stop.")
            )
        self.busy.add(person)
        try:
            outcome = await self._unless_stopped(context, arguments, count)
        finally:
            self.busy.discard(person)
        return await self._answer(context, arguments, outcome)

    def _most(self, context: CommandContext) -> int:
        """Return how many pictures there may be in one reply here."""
        adapter = self.adapters.get(context.channel.platform)
        most = self.drawer.max_count
        return most if adapter is None else min(most, adapter.limits.attachments)

    async def _unless_stopped(
        self, context: CommandContext, arguments: Arguments, count: int
    ) -> _Outcome:
        work = asyncio.create_task(self._draw_all(context, arguments, count))
        request_id = uuid.uuid4().hex[:12]
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
        if work.cancelled():
            raise UserError(T("I have stopped drawing."))
        return work.result()

    async def _draw_all(
        self, context: CommandContext, arguments: Arguments, count: int
    ) -> _Outcome:
        first = int(arguments.get("seed", secrets.randbits(SEED_BITS)))
        wanted = Wanted(
            _styled(arguments),
            params=_params(arguments, self.drawer.side_px),
            places=(context.channel,),
            author=context.author,
        )
        ended = await asyncio.gather(
            *(
                self.drawer.draw(
                    replace(
                        wanted,
                        params=replace(
                            wanted.params, seed=(first + number) % NUM_SEEDS
                        ),
                        name=f"picture-{number + 1}.png",
                    ),
                    owner=owner_of(context.channel, context.author),
                )
                for number in range(count)
            ),
            return_exceptions=True,
        )
        for one in ended:
            if isinstance(one, BaseException) and not isinstance(one, HearthbotError):
                raise one
        return _Outcome(
            [one for one in ended if isinstance(one, Drawn)],
            [one for one in ended if isinstance(one, Undrawn)],
            [one for one in ended if isinstance(one, HearthbotError)],
        )

    async def _answer(
        self, context: CommandContext, arguments: Arguments, outcome: _Outcome
    ) -> Answer:
        numbers = [
            await self._record(context, one)
            for one in outcome.blocked
            if one.subject.attachments or one is outcome.blocked[0]
        ]
        if outcome.drawn:
            return Answer(
                _said(outcome),
                buttons=self._buttons(context, arguments, outcome.drawn),
                attachments=tuple(
                    replace(one.attachment, description=one.prompt)
                    for one in outcome.drawn
                ),
                is_private=False,
            )
        if not outcome.blocked:
            raise outcome.failed[0]
        return self._refused(context, outcome.blocked[0], numbers[0])

    async def _record(self, context: CommandContext, undrawn: Undrawn) -> int:
        return await self.judgements.add(
            context.message_id or "",
            undrawn.subject,
            undrawn.judgement,
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

    def _buttons(
        self, context: CommandContext, arguments: Arguments, drawn: Sequence[Drawn]
    ) -> tuple[Button, ...]:
        """Offer the same words again. They are as the filters left them, with style."""
        size = f"size={arguments['size']} " if "size" in arguments else ""
        seed = (drawn[-1].provenance.seed + 1) % NUM_SEEDS
        lines = (
            (T("Again"), f"count={arguments.get('count', 1)} {size}"),
            (T("Variations"), f"count={self._most(context)} {size}seed={seed} "),
        )
        return tuple(
            Button(
                self.words.say(label, context.language),
                f"/imagine {options}{drawn[0].prompt}",
            )
            for label, options in lines
        )


def _styled(arguments: Arguments) -> str:
    suffix = STYLES[str(arguments.get("style", "none"))]
    prompt = str(arguments["prompt"])
    return f"{prompt}, {suffix}" if suffix else prompt


def _params(arguments: Arguments, side_px: int) -> ImageParams:
    """Return the size that is wanted; the longer side is always the same."""
    if "size" not in arguments:
        return ImageParams()
    shape = SHAPES[str(arguments["size"])]
    width, height = (
        max(MULTIPLE_PX, side_px * part // max(shape) // MULTIPLE_PX * MULTIPLE_PX)
        for part in shape
    )
    return ImageParams(width=width, height=height)


def _said(outcome: _Outcome) -> Text:
    seeds = ", ".join(str(one.provenance.seed) for one in outcome.drawn)
    text = Tn("Seed: {seeds}", "Seeds: {seeds}", len(outcome.drawn), seeds=seeds)
    missing = len(outcome.blocked) + len(outcome.failed)
    if not missing:
        return text
    return Tn(
        "{text}\n{n} picture did not turn out so that I could show it.",
        "{text}\n{n} pictures did not turn out so that I could show them.",
        missing,
        text=text,
    )
