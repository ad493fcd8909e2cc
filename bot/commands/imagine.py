"""/imagine: draws what somebody describes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.adapter import Adapter
from bot.commands.command import Answer, Arguments, Command, CommandContext
from bot.commands.easel import Easel, Sheet
from bot.commands.imagine_options import imagine_parameters, params_of, styled
from bot.commands.sheets import picture_named
from bot.drawing import NUM_SEEDS, Drawn, Wanted
from bot.errors import UserError
from bot.messages import Button
from bot.pause import Output
from bot.store.drawn import DrawnRepository, Purpose
from bot.store.drawn_messages import DrawnMessages
from bot.words import T, Text, Tn

__all__ = ["imagine_command"]


def imagine_command(
    easel: Easel,
    *,
    drawn: DrawnRepository,
    messages: DrawnMessages,
    adapters: Mapping[str, Adapter],
) -> Command:
    """Return the command that draws."""
    imagining = _Imagining(easel, drawn, messages, adapters)
    return Command(
        name="imagine",
        summary=T("Draw what you describe."),
        parameters=imagine_parameters(easel.drawer),
        run=imagining.run,
        makes=Output.PICTURES,
    )


@dataclass(frozen=True, slots=True)
class _Imagining:
    easel: Easel
    drawn: DrawnRepository
    messages: DrawnMessages
    adapters: Mapping[str, Adapter]

    async def run(self, context: CommandContext, arguments: Arguments) -> Answer:
        """Draw, and answer with what may be shown."""
        count = int(arguments.get("count", 1))
        most = self._most(context)
        if not 1 <= count <= most:
            raise UserError(T("I can draw 1 to {max} pictures at once.", max=most))
        wanted = Wanted(
            styled(arguments),
            params=params_of(arguments, self.easel.drawer.side_px),
            start=await self._start(context, arguments),
            places=(context.channel,),
            author=context.author,
        )
        sheet = await self.easel.draw(context, wanted, count)
        if isinstance(sheet, Answer):
            return sheet
        shown = sheet.drawn
        sheet_id = await self.drawn.keep(
            context.scope,
            context.author,
            purpose=Purpose.PICTURE,
            prompt=shown[0].prompt,
            model=self.easel.drawer.model,
            pictures=sheet.stored,
            making=sheet.making,
        )
        return Answer(
            _said(sheet),
            buttons=self._buttons(context, arguments, shown, sheet_id),
            attachments=tuple(
                replace(one.attachment, description=one.prompt) for one in shown
            ),
            is_private=False,
            shown=partial(self.messages.note, sheet_id=sheet_id),
        )

    def _most(self, context: CommandContext) -> int:
        """Return how many pictures there may be in one reply here."""
        adapter = self.adapters.get(context.channel.platform)
        most = self.easel.drawer.max_count
        return most if adapter is None else min(most, adapter.limits.attachments)

    async def _start(
        self, context: CommandContext, arguments: Arguments
    ) -> bytes | None:
        if "like" not in arguments:
            return None
        named = str(arguments["like"])
        sheet_id, _, number = named.partition("-")
        _, picture = await picture_named(self.drawn, context, sheet_id, number)
        return picture.content

    def _buttons(
        self,
        context: CommandContext,
        arguments: Arguments,
        drawn: Sequence[Drawn],
        sheet_id: str,
    ) -> tuple[Button, ...]:
        """Offer the same words again. They are as the filters left them, with style."""
        size = f"size={arguments['size']} " if "size" in arguments else ""
        seed = (drawn[-1].provenance.seed + 1) % NUM_SEEDS
        count = arguments.get("count", 1)
        prompt = drawn[0].prompt
        # Of several, the first is what variations begin from.
        like = f"like={sheet_id}-1 "
        say = self.easel.words.say
        which = "" if len(drawn) == 1 else _which(len(drawn), context, self.easel)
        return (
            Button(
                say(T("Again"), context.language),
                f"/imagine count={count} {size}{prompt}",
            ),
            Button(
                say(T("Variations"), context.language),
                f"/imagine count={self._most(context)} {size}seed={seed} "
                f"{like}{prompt}",
            ),
            Button(
                say(T("Upscale"), context.language), f"/upscale {sheet_id}", asks=which
            ),
            Button(
                say(T("Use as post"), context.language),
                f"/postpicture {sheet_id}",
                asks=which,
            ),
        )


def _which(number: int, context: CommandContext, easel: Easel) -> str:
    return easel.words.say(
        T("Which picture, 1 to {max}?", max=number), context.language
    )


def _said(sheet: Sheet) -> Text:
    seeds = ", ".join(str(one.provenance.seed) for one in sheet.drawn)
    text = Tn("Seed: {seeds}", "Seeds: {seeds}", len(sheet.drawn), seeds=seeds)
    return sheet.missing(text)
