"""Questions with answers to choose from."""

from typing import Any

from tests.telegram_server import utf16
from tests.telegram_server.access import chat_of, message_of
from tests.telegram_server.entities import Formatted
from tests.telegram_server.keyboards import read_inline_markup
from tests.telegram_server.messages import Poll
from tests.telegram_server.methods.posting import post
from tests.telegram_server.query import Method, Query
from tests.telegram_server.refusals import bad_request

__all__ = ["METHODS"]

LONGEST_QUESTION, LONGEST_OPTION = 300, 100
FEWEST_OPTIONS, MOST_OPTIONS = 2, 12


def _options(query: Query) -> list[str]:
    given = query.params.json("options")
    if not isinstance(given, list):
        raise bad_request("can't parse options JSON object")
    options = [
        str(option.get("text", "")) if isinstance(option, dict) else str(option)
        for option in given
    ]
    if len(options) < FEWEST_OPTIONS:
        raise bad_request(f"poll must have at least {FEWEST_OPTIONS} option")
    if len(options) > MOST_OPTIONS:
        raise bad_request(f"poll can't have more than {MOST_OPTIONS} options")
    for option in options:
        if not option.strip():
            raise bad_request("poll options must be non-empty")
        if utf16.units(option) > LONGEST_OPTION:
            raise bad_request(f"poll options length must not exceed {LONGEST_OPTION}")
    return options


async def send_poll(query: Query) -> dict[str, Any]:
    """Ask a question."""
    params = query.params
    question = params.text("question").strip()
    if not question:
        raise bad_request("poll question must be non-empty")
    if utf16.units(question) > LONGEST_QUESTION:
        raise bad_request(f"poll question length must not exceed {LONGEST_QUESTION}")
    options = _options(query)
    kind = params.text("type", "regular")
    given = params.json("correct_option_ids")
    first = given[0] if isinstance(given, list) and given else -1
    correct = params.integer("correct_option_id", int(first))
    if kind == "quiz" and not 0 <= correct < len(options):
        raise bad_request("wrong correct option ID specified")
    poll = Poll(
        str(query.world.next_number("poll", 5_000_000_000_001)),
        question,
        options,
        is_anonymous=params.text("is_anonymous", "true").lower() != "false",
        type=kind,
        allows_multiple_answers=params.boolean("allows_multiple_answers"),
        is_closed=params.boolean("is_closed"),
        correct_option_id=correct if kind == "quiz" else None,
    )
    return post(query, "poll", Formatted(""), poll=poll)


async def stop_poll(query: Query) -> dict[str, Any]:
    """Take no more answers, and return those that were given."""
    chat = chat_of(query)
    message = message_of(query, chat, "message with poll to stop not found")
    if message.poll is None or message.author is not query.bot:
        raise bad_request("message is not a poll")
    if message.poll.is_closed:
        raise bad_request("poll has already been closed")
    message.markup = read_inline_markup(query)
    message.poll.is_closed = True
    query.world.tell(query.bot, "poll", message.poll.to_json())
    return message.poll.to_json()


METHODS: dict[str, Method] = {"sendPoll": send_poll, "stopPoll": stop_poll}
