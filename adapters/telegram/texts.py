"""What a message says, as text for the core."""

from collections.abc import Callable

import telegram
from telegram.constants import MessageEntityType

from adapters.telegram.identity import Identity

__all__ = ["is_for_others", "is_mention", "quoted", "text_of"]

FENCE = "```"
AFTER_CALL = ",:;，："

_Describe = Callable[[telegram.Message], str]


def text_of(message: telegram.Message, me: Identity) -> str:
    """Return what a person wrote, without the mention of the bot around it.

    Blocks of code have their fences, links under a text their address, and what is no
    text at all (a place, a contact, a dice) is named.
    """
    text = message.text if message.text is not None else message.caption or ""
    if not text:
        return next((said for say in OTHERS if (said := say(message))), "")
    entities = message.entities or message.caption_entities
    return _command(_rewritten(text, entities, me), me)


def quoted(message: telegram.Message, text: str) -> str:
    """Return a text behind the part of another message that the person quoted."""
    if message.quote is None or not message.quote.text.strip():
        return text
    lines = "\n".join(f"> {line}" for line in message.quote.text.splitlines())
    return f"{lines}\n\n{text}" if text else lines


def is_mention(message: telegram.Message, me: Identity) -> bool:
    """Return whether a message mentions the bot, or is a command that names it."""
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities
    if any(_is_me(text, entity, me) for entity in entities):
        return True
    word = text.split(maxsplit=1)[0].lower() if text.startswith("/") else ""
    return bool(me.username) and word.endswith(f"@{me.username.lower()}")


def is_for_others(text: str, me: Identity) -> bool:
    """Return whether a text is a command for another bot: /help@otherbot."""
    word = text.split(maxsplit=1)[0] if text.startswith("/") else ""
    _, sign, name = word.partition("@")
    return bool(sign) and name.lower() != me.username.lower()


def _command(text: str, me: Identity) -> str:
    """Return a line as the core writes it: /set-persona for /set_persona@bot."""
    if not text.startswith("/") or not text[1:2].isalpha():
        return text
    word, blank, rest = text, "", ""
    for index, letter in enumerate(text):
        if letter.isspace():
            word, blank, rest = text[:index], text[index], text[index + 1 :]
            break
    name, _, _ = word.partition("@")
    name = name.replace("_", "-")
    if name.lower() == "/start":
        return "/help"  # what it carries is only how the person came here
    return f"{name}{blank}{rest}"


def _rewritten(
    text: str, entities: tuple[telegram.MessageEntity, ...], me: Identity
) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    parts: list[str] = []
    done = 0
    for entity in entities:
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        before, covered, behind = (
            part.decode("utf-16-le", "surrogatepass")
            for part in (units[done:start], units[start:end], units[end:])
        )
        if start < done:
            continue  # inside of one that was rewritten
        is_edge = not (parts or before.strip()) or not behind.strip()
        new = _shown(entity, covered, is_call=is_edge and _is_me(text, entity, me))
        if new is not None:
            parts += [before, new]
            done = end
    if not parts:
        return text
    rest = units[done:].decode("utf-16-le", "surrogatepass")
    if not "".join(parts).strip():
        rest = rest.lstrip().lstrip(AFTER_CALL)
    return "".join((*parts, rest)).strip()


def _shown(
    entity: telegram.MessageEntity, covered: str, *, is_call: bool
) -> str | None:
    """Return what stands for a part of a text; None: it stays as it is."""
    match entity.type:
        case MessageEntityType.MENTION | MessageEntityType.TEXT_MENTION if is_call:
            return ""
        case MessageEntityType.PRE if FENCE not in covered:
            return f"{FENCE}{entity.language or ''}\n{covered}\n{FENCE}"
        case MessageEntityType.CODE if "`" not in covered:
            return f"`{covered}`"
        case MessageEntityType.TEXT_LINK if entity.url != covered:
            return f"{covered} ({entity.url})"
    return None


def _is_me(text: str, entity: telegram.MessageEntity, me: Identity) -> bool:
    if entity.type == MessageEntityType.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    if entity.type != MessageEntityType.MENTION or not me.username:
        return False
    units = text.encode("utf-16-le", "surrogatepass")
    covered = units[2 * entity.offset : 2 * (entity.offset + entity.length)]
    return covered.decode("utf-16-le", "ignore").lower() == f"@{me.username.lower()}"


def _place(message: telegram.Message) -> str:
    if message.venue is not None:
        return f"A place: {message.venue.title}"
    where = message.location
    if where is None:
        return ""
    return f"A place: {where.latitude}, {where.longitude}"


def _contact(message: telegram.Message) -> str:
    contact = message.contact
    if contact is None:
        return ""
    name = " ".join(filter(None, (contact.first_name, contact.last_name)))
    return f"A contact: {name}"


def _poll(message: telegram.Message) -> str:
    if message.poll is None:
        return ""
    answers = "\n".join(f"- {option.text}" for option in message.poll.options)
    return f"{message.poll.question}\n{answers}"


def _dice(message: telegram.Message) -> str:
    return f"{message.dice.emoji} {message.dice.value}" if message.dice else ""


def _sticker(message: telegram.Message) -> str:
    return (message.sticker.emoji or "") if message.sticker else ""


OTHERS: tuple[_Describe, ...] = (_place, _contact, _poll, _dice, _sticker)
"""What is said of a message without a text; the first that fits counts."""
