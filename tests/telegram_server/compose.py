"""What a bot's message says and what it answers, read from a call."""

from dataclasses import dataclass
from typing import Any

from tests.telegram_server import utf16
from tests.telegram_server.chats import Chat
from tests.telegram_server.entities import Entity, Formatted, fix, read_entities
from tests.telegram_server.messages import Message, Quote
from tests.telegram_server.parse_html import parse_html
from tests.telegram_server.parse_legacy import parse_legacy
from tests.telegram_server.parse_markdown import parse_markdown
from tests.telegram_server.query import Query
from tests.telegram_server.refusals import bad_request

__all__ = ["Answered", "formatted", "read_caption", "read_reply", "read_text"]

PARSERS = {
    "html": parse_html,
    "markdownv2": parse_markdown,
    "markdown": parse_legacy,
}
MAX_ENTITIES = 100
"""Telegram keeps so many; the rest is dropped silently."""


def formatted(source: str, parse_mode: str, entities: Any) -> Formatted:
    """Return a text with its entities, as Telegram keeps it.

    A parse mode wins over entities.

    Raises:
        Refusal: the text cannot be parsed, or an entity does not lie on it.
    """
    mode = parse_mode.strip().lower()
    if mode and mode not in PARSERS:
        raise bad_request("unsupported parse_mode")
    found: list[Entity]
    if mode:
        parsed = PARSERS[mode](source)
        text, found = parsed.text, list(parsed.entities)
    else:
        text, found = source, read_entities(entities) if entities else []
    fixed = fix(text, found)
    return Formatted(fixed.text, fixed.entities[:MAX_ENTITIES])


def read_text(query: Query, *, too_long: str = "message is too long") -> Formatted:
    """Return the text of a message.

    Raises:
        Refusal: it is empty, too long after parsing, or cannot be parsed.
    """
    params = query.params
    source = params.text("text")
    if not source:
        raise bad_request("message text is empty")
    text = formatted(source, params.text("parse_mode"), params.json("entities"))
    if not text.text:
        raise bad_request("text must be non-empty")
    if utf16.units(text.text) > query.settings.text_units:
        raise bad_request(too_long)
    return text


def read_caption(
    query: Query, *, too_long: str = "message caption is too long"
) -> Formatted:
    """Return the caption of a file; it may be empty.

    Raises:
        Refusal: it is too long after parsing, or cannot be parsed.
    """
    params = query.params
    caption = formatted(
        params.text("caption"),
        params.text("parse_mode"),
        params.json("caption_entities"),
    )
    if utf16.units(caption.text) > query.settings.caption_units:
        raise bad_request(too_long)
    return caption


@dataclass(frozen=True, slots=True)
class Answered:
    """What a message replies to."""

    message: Message | None = None
    quote: Quote | None = None


def read_reply(query: Query, chat: Chat, thread_id: int | None) -> Answered:
    """Return what a new message replies to.

    Raises:
        Refusal: it is not there, and the call did not allow for that.
    """
    given = query.params.mapping("reply_parameters")
    message_id = given.get("message_id") or query.params.integer("reply_to_message_id")
    if not message_id:
        return Answered()
    may_lack = bool(given.get("allow_sending_without_reply"))
    may_lack = may_lack or query.params.boolean("allow_sending_without_reply")
    place = _other_chat(query, given.get("chat_id")) or chat
    message = place.find(int(message_id))
    if message is not None and place is chat and thread_id is not None:
        is_elsewhere = thread_id not in (message.thread_id, message.id)
        message = None if is_elsewhere else message
    if message is None:
        if may_lack:
            return Answered()
        raise bad_request("message to be replied not found")
    return Answered(message, _quote(message, given))


def _other_chat(query: Query, chat_id: Any) -> Chat | None:
    if chat_id is None:
        return None
    number = int(chat_id)
    if number > 0:
        return query.world.private.get((query.bot.id, number))
    return query.world.chats.get(number)


def _quote(message: Message, given: dict[str, Any]) -> Quote | None:
    source = given.get("quote")
    if not source:
        return None
    quote = formatted(
        source, given.get("quote_parse_mode", ""), given.get("quote_entities")
    )
    at = message.text.find(quote.text)
    if at < 0 or utf16.units(quote.text) > 1024:
        raise bad_request("QUOTE_TEXT_INVALID")
    position = utf16.units(message.text[:at])
    return Quote(quote.text, position, entities=quote.entities)
