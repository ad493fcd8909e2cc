"""Buttons under a message, and keyboards instead of the phone's own."""

from typing import Any

from tests.telegram_server.links import checked_url
from tests.telegram_server.messages import Markup
from tests.telegram_server.query import Query
from tests.telegram_server.refusals import Refusal, bad_request

__all__ = ["read_inline_markup", "read_markup"]

ACTIONS = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
DATA_BYTES = 64
MAX_BUTTONS = 100


def read_markup(query: Query) -> Markup | None:
    """Return what is to be shown with a new message; None: nothing.

    Raises:
        Refusal: it is formed wrongly, or a button is not allowed.
    """
    given = _given(query)
    if not given:
        return None
    if "inline_keyboard" in given:
        return _inline(given)
    if "keyboard" in given:
        _rows(given["keyboard"], "keyboard")
        return given
    if given.get("remove_keyboard") is True or given.get("force_reply") is True:
        return given
    return None


def read_inline_markup(query: Query) -> Markup | None:
    """Return what is to be shown with a message that is edited; None: no buttons."""
    given = _given(query)
    if "inline_keyboard" not in given:
        return None
    markup = _inline(given)
    return markup if markup["inline_keyboard"] else None


def _given(query: Query) -> dict[str, Any]:
    try:
        value = query.params.json("reply_markup")
    except Refusal:
        raise bad_request("can't parse reply keyboard markup JSON object") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    return value


def _rows(rows: Any, field: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{field}" of the ReplyMarkup must be an Array')
    return rows


def _inline(given: dict[str, Any]) -> Markup:
    rows = _rows(given["inline_keyboard"], "inline_keyboard")
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": [[_button(b) for b in row] for row in rows if row]}


def _button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise _cannot("expected an Object")
    if not isinstance(button.get("text"), str):
        raise _cannot('Field "text" must be of type String')
    if not button["text"].strip():
        raise _cannot('Field "text" must be non-empty')
    if not any(action in button for action in ACTIONS):
        raise _cannot("Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button:
        size = len(str(button["callback_data"]).encode())
        if not 1 <= size <= DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not checked_url(str(button["url"])):
        raise bad_request(
            f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL"
        )
    return button


def _cannot(reason: str) -> Refusal:
    return bad_request(f"can't parse inline keyboard button: {reason}")
