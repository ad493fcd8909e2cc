"""Answering what people pressed and looked for."""

from tests.telegram_server.query import Method, Query
from tests.telegram_server.refusals import bad_request

__all__ = ["METHODS"]

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
LONGEST_ANSWER = 200


async def answer_callback_query(query: Query) -> bool:
    """End the waiting of whoever pressed a button; a text is shown to them."""
    params = query.params
    press = query.bot.presses.get(params.text("callback_query_id"))
    now_s = query.world.clock.monotonic()
    if press is None or now_s - press.at_s > query.world.query_life_s:
        raise bad_request(TOO_OLD)
    text = params.text("text")
    if len(text) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answers.append(text)
    press.is_alert = params.boolean("show_alert")
    press.url = params.text("url")
    query.world.changed()
    return True


async def answer_inline_query(query: Query) -> bool:
    """Show somebody what they may send through the bot."""
    params = query.params
    asked = query.bot.inline_queries.get(params.text("inline_query_id"))
    if asked is None:
        raise bad_request(TOO_OLD)
    results = params.json("results")
    if not isinstance(results, list):
        raise bad_request("can't parse inline query results JSON object")
    if len(results) > 50:
        raise bad_request("RESULTS_TOO_MUCH")
    numbers = [str(result.get("id", "")) for result in results]
    if len(set(numbers)) != len(numbers):
        raise bad_request("RESULT_ID_DUPLICATE")
    if not all(1 <= len(number.encode()) <= 64 for number in numbers):
        raise bad_request("RESULT_ID_INVALID")
    asked.results = results
    query.world.changed()
    return True


METHODS: dict[str, Method] = {
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
}
