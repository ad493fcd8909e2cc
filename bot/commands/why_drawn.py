"""How a picture that was drawn in a chat came about: for /why."""

import asyncio
from collections.abc import Sequence

from bot.commands.command import CommandContext
from bot.commands.why import Explain, explain_judgement
from bot.enlarging import size_of
from bot.messages import Attachment, Role
from bot.provenance import provenance_of
from bot.store.drawn import StoredDrawing
from bot.store.drawn_messages import DrawnMessages, ShownDrawing
from bot.store.judgements import JudgementRepository
from bot.words import T, Text, Tn

__all__ = ["explain_attached", "explain_drawing", "explain_replied"]


def explain_drawing(
    messages: DrawnMessages, judgements: JudgementRepository
) -> Explain:
    """Return the explanation of messages that show what was drawn.

    Members see what they had drawn themselves, moderators all of the channel.
    """

    async def explain(context: CommandContext, message_id: str) -> Sequence[Text]:
        is_member = context.author.role < Role.MODERATOR
        asked_by = context.author if is_member else None
        if message_id:
            shown = await messages.of_message(
                context.scope, message_id, asked_by=asked_by
            )
        else:
            author_id = context.author.id if is_member else None
            latest = await judgements.latest_answer(context.channel, author_id)
            if latest is None:
                return ()
            shown = await messages.of_judgement(
                context.scope, latest.id, asked_by=asked_by
            )
        return () if shown is None else await _told(shown, judgements)

    return explain


async def explain_attached(context: CommandContext, message_id: str) -> Sequence[Text]:
    """Say what a picture that comes with the command says of itself."""
    return _of_files(context.attachments)


async def explain_replied(context: CommandContext, message_id: str) -> Sequence[Text]:
    """Say what a picture says of itself that the command is a reply to."""
    return _of_files(context.replied.attachments if context.replied else ())


def _of_files(files: Sequence[Attachment]) -> Sequence[Text]:
    found = (provenance_of(file.content) for file in files)
    return tuple(
        T(
            "The file says: drawn by {model} from seed {seed}.",
            model=one.model,
            seed=one.seed,
        )
        for one in found
        if one is not None
    )


async def _told(shown: ShownDrawing, judgements: JudgementRepository) -> Sequence[Text]:
    sheet = shown.sheet
    pictures = [one for one in sheet.pictures if shown.number in (None, one.number)]
    seeds = ", ".join(str(one.seed) for one in pictures)
    texts = [
        T("Drawn to these words: {prompt}", prompt=sheet.prompt),
        Tn("Seed: {seeds}", "Seeds: {seeds}", len(pictures), seeds=seeds),
        await _made(shown, pictures[0]),
    ]
    if shown.side_px is not None:
        texts.append(T("Enlarged to {side} px after that.", side=shown.side_px))
    judged = await _judged(T("The words:"), sheet.making.judgement_id, judgements)
    for one in pictures:
        head = T("Picture {number}:", number=one.number)
        judged += await _judged(head, one.judgement_id, judgements)
    return (*texts, *judged)


async def _made(shown: ShownDrawing, picture: StoredDrawing) -> Text:
    model, making = shown.sheet.model, shown.sheet.making
    width, height = await asyncio.to_thread(size_of, picture.content)
    size = f"{width} × {height} px"
    if not making.took_ms:
        return T("Drawn by {model}, {size}.", model=model, size=size)
    seconds = f"{making.took_ms / 1000:.1f}"
    if not making.steps:
        return T(
            "Drawn by {model}, {size}, in {seconds} s.",
            model=model,
            size=size,
            seconds=seconds,
        )
    return T(
        "Drawn by {model}, {size}, in {seconds} s and {steps} steps.",
        model=model,
        size=size,
        seconds=seconds,
        steps=making.steps,
    )


async def _judged(
    head: Text, number: int | None, judgements: JudgementRepository
) -> list[Text]:
    judged = None if number is None else await judgements.get(number)
    return [] if judged is None else [head, *explain_judgement(judged)]
