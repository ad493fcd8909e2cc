"""/pictures: the community's list of unwanted pictures."""

from collections.abc import Sequence

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.errors import UserError
from bot.messages import Role
from bot.preferences import community_key
from bot.safety.picture_filter import is_picture
from bot.safety.pictures.opener import PictureOpener
from bot.safety.pictures.perceptual_hash import picture_hashes
from bot.store.picture_hashes import PictureHashRepository
from bot.words import T, Text, Words

__all__ = ["pictures_command"]

ACTIONS = ("list", "block", "unblock")
MAX_SHOWN = 20
NOTE_LENGTH = 100


def pictures_command(
    hashes: PictureHashRepository, opener: PictureOpener, words: Words
) -> Command:
    """Return the command with which moderators fill the list."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        action = str(arguments.get("action", "list"))
        rest = str(arguments.get("rest", ""))
        community = community_key(context.channel)
        if action == "block":
            return Answer(await _block(hashes, opener, context, rest))
        if action == "unblock":
            if not await hashes.remove(community, rest.strip().lower()):
                raise UserError(T("There is no “{name}” on the list.", name=rest))
            return Answer(T("That picture may be shown again."))
        return Answer(await _list(hashes, community, words, context.language))

    return Command(
        name="pictures",
        summary=T("Show and fill the list of unwanted pictures."),
        parameters=(
            Parameter(
                "action",
                T("list, block (with a picture attached) or unblock."),
                choices=lambda: ACTIONS,
            ),
            Parameter(
                "rest",
                T("With block a note, with unblock the picture's name in the list."),
                ParameterType.REST,
            ),
        ),
        run=run,
        min_role=Role.MODERATOR,
    )


async def _block(
    hashes: PictureHashRepository,
    opener: PictureOpener,
    context: CommandContext,
    note: str,
) -> Text:
    pictures = [one for one in context.attachments if is_picture(one)]
    if not pictures:
        raise UserError(T("Attach the picture to the command, please."))
    names: list[str] = []
    for attachment in pictures:
        found = picture_hashes(await opener.open(attachment.content))
        if not found:
            raise UserError(
                T(
                    "That picture is too plain to be known again, so it cannot be "
                    "listed."
                )
            )
        name = await hashes.add(
            community_key(context.channel),
            found,
            note=note[:NOTE_LENGTH],
            added_by=context.author.name,
        )
        names.append(name)
    return T(
        "Listed as {names}. This picture and copies of it are refused from now on; the "
        "picture itself is not kept.",
        names=", ".join(names),
    )


async def _list(
    hashes: PictureHashRepository, community: str, words: Words, language: str
) -> str:
    listed = await hashes.all(community)
    if not listed:
        return words.say(
            T("No picture is listed. Attach one to: /pictures block"), language
        )
    lines: Sequence[str] = [
        f"- `{one.hash}` · {one.note or '…'} · {one.added_by}"
        for one in listed[:MAX_SHOWN]
    ]
    if len(listed) > MAX_SHOWN:
        more = T("… and {number} more.", number=len(listed) - MAX_SHOWN)
        lines = [*lines, words.say(more, language)]
    return "\n".join(lines)
