"""The limits of what a message may hold, as Discord checks them."""

from collections.abc import Sequence

from tests.discord_server.messages import COMPONENTS_V2, parts_of
from tests.discord_server.refusals import Json, Refusal, invalid_form, refuse

__all__ = [
    "check_components",
    "check_content",
    "check_embeds",
    "check_flags",
    "check_poll",
]

_ROW, _BUTTON, _SELECT = 1, 2, 3
_SELECTS = range(5, 9)
_V2_TOP = {1, 9, 10, 12, 13, 14, 17}
_TEXT_DISPLAY = 10
_LINK_STYLE, _PREMIUM_STYLE = 5, 6


def check_content(content: object) -> str:
    """Return a message's text; Discord counts code points."""
    if content is None:
        return ""
    if not isinstance(content, str):
        raise invalid_form("content", "BASE_TYPE_STRING", "Must be a string.")
    _at_most(content, 2000, "content")
    return content


def check_embeds(embeds: object) -> list[Json]:
    """Return a message's embeds."""
    listed = _listed(embeds, "embeds", 10)
    total = 0
    for number, embed in enumerate(listed):
        total += _check_embed(embed, f"embeds.{number}")
    if total > 6000:
        code = "MAX_EMBED_SIZE_EXCEEDED"
        raise invalid_form("embeds", code, "Embed size exceeds maximum size of 6000")
    return listed


def _check_embed(embed: Json, path: str) -> int:
    sized = [
        (embed.get("title"), 256, "title"),
        (embed.get("description"), 4096, "description"),
        ((embed.get("footer") or {}).get("text"), 2048, "footer.text"),
        ((embed.get("author") or {}).get("name"), 256, "author.name"),
    ]
    fields = _listed(embed.get("fields"), f"{path}.fields", 25)
    for number, field in enumerate(fields):
        for name, most in (("name", 256), ("value", 1024)):
            if not field.get(name):
                place = f"{path}.fields.{number}.{name}"
                raise invalid_form(place, "BASE_TYPE_REQUIRED", "Required.")
            sized.append((field[name], most, f"fields.{number}.{name}"))
    for text, most, name in sized:
        _at_most(text or "", most, f"{path}.{name}")
    has_picture = embed.get("image") or embed.get("thumbnail")
    if not any(text for text, _, _ in sized) and not has_picture:
        raise invalid_form(path, "BASE_TYPE_REQUIRED", "Embed is empty.")
    return sum(len(text or "") for text, _, _ in sized)


def check_components(components: object, flags: int) -> list[Json]:
    """Return a message's components, of the new kind where the flag says so."""
    is_new = bool(flags & COMPONENTS_V2)
    listed = _listed(components, "components", 40 if is_new else 5)
    parts = parts_of(listed)
    if is_new and len(parts) > 40:
        raise _too_long("components", 40)
    for number, part in enumerate(listed):
        if part.get("type") not in (_V2_TOP if is_new else {_ROW}):
            words = 'Value of field "type" must be one of (1,).'
            place = f"components.{number}.type"
            raise invalid_form(place, "UNION_TYPE_CHOICES", words)
    for number, part in enumerate(parts):
        _check_part(part, f"components.{number}")
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    if len(ids) != len(set(ids)):
        code = "COMPONENT_CUSTOM_ID_DUPLICATED"
        words = "Component custom id cannot be duplicated"
        raise invalid_form("components", code, words)
    shown = sum(len(p.get("content") or "") for p in parts if p["type"] == 10)
    if shown > 4000:
        raise _too_long("components", 4000)
    return listed


def _check_part(part: Json, path: str) -> None:
    kind = part.get("type")
    if kind == _ROW:
        inside = part.get("components") or []
        most = 5 if all(p.get("type") == _BUTTON for p in inside) else 1
        if not 1 <= len(inside) <= most:
            words = f"Must be between 1 and {most} in length."
            raise invalid_form(f"{path}.components", "BASE_TYPE_BAD_LENGTH", words)
    elif kind == _BUTTON:
        _check_button(part, path)
    elif kind == _SELECT or kind in _SELECTS:
        _check_id(part, path)
        _at_most(part.get("placeholder") or "", 150, f"{path}.placeholder")
        if kind == _SELECT:
            _check_options(part, path)
    elif kind == _TEXT_DISPLAY and not part.get("content"):
        raise invalid_form(f"{path}.content", "BASE_TYPE_REQUIRED", "Required.")


def _check_button(part: Json, path: str) -> None:
    style = part.get("style")
    _at_most(part.get("label") or "", 80, f"{path}.label")
    if style == _LINK_STYLE:
        if not part.get("url") or "custom_id" in part:
            words = "A link has an address and no custom id"
            raise invalid_form(path, "BUTTON_COMPONENT_INVALID_URL", words)
        _at_most(part["url"], 512, f"{path}.url")
    elif style != _PREMIUM_STYLE:
        _check_id(part, path)
    if style != _PREMIUM_STYLE and not part.get("label") and not part.get("emoji"):
        code = "BUTTON_COMPONENT_LABEL_REQUIRED"
        raise invalid_form(path, code, "A button must have a label or an emoji.")


def _check_options(part: Json, path: str) -> None:
    options = part.get("options") or []
    if not 1 <= len(options) <= 25:
        words = "Must be between 1 and 25 in length."
        raise invalid_form(f"{path}.options", "BASE_TYPE_BAD_LENGTH", words)
    for number, option in enumerate(options):
        for name in ("label", "value"):
            if not 1 <= len(option.get(name) or "") <= 100:
                place = f"{path}.options.{number}.{name}"
                words = "Must be between 1 and 100 in length."
                raise invalid_form(place, "BASE_TYPE_BAD_LENGTH", words)


def _check_id(part: Json, path: str) -> None:
    if not 1 <= len(part.get("custom_id") or "") <= 100:
        words = "Must be between 1 and 100 in length."
        raise invalid_form(f"{path}.custom_id", "BASE_TYPE_BAD_LENGTH", words)


def check_poll(poll: Json | None) -> Json | None:
    """Return a poll with its answers numbered."""
    if poll is None:
        return None
    question = (poll.get("question") or {}).get("text") or ""
    if not 1 <= len(question) <= 300:
        words = "Must be between 1 and 300 in length."
        raise invalid_form("poll.question.text", "BASE_TYPE_BAD_LENGTH", words)
    answers = poll.get("answers") or []
    if not 1 <= len(answers) <= 10:
        words = "Must be between 1 and 10 in length."
        raise invalid_form("poll.answers", "BASE_TYPE_BAD_LENGTH", words)
    for number, answer in enumerate(answers):
        text = (answer.get("poll_media") or {}).get("text") or ""
        if not 1 <= len(text) <= 55:
            words = "Must be between 1 and 55 in length."
            place = f"poll.answers.{number}.poll_media.text"
            raise invalid_form(place, "BASE_TYPE_BAD_LENGTH", words)
    if not 1 <= (poll.get("duration") or 24) <= 768:
        words = "Must be between 1 and 768."
        raise invalid_form("poll.duration", "NUMBER_TYPE_RANGE", words)
    return {
        "question": {"text": question},
        "answers": [
            {"answer_id": number, "poll_media": answer["poll_media"]}
            for number, answer in enumerate(answers, start=1)
        ],
        "allow_multiselect": bool(poll.get("allow_multiselect")),
        "layout_type": 1,
        "duration": poll.get("duration") or 24,
    }


def check_flags(
    flags: int, content: str, embeds: Sequence[Json], *, is_new: bool
) -> None:
    """Refuse what goes against a message's flags."""
    if flags & COMPONENTS_V2 and (content or embeds):
        code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
        words = "The 'content' field cannot be used when using 'IS_COMPONENTS_V2'"
        raise invalid_form("content", code, words)
    if is_new and flags & ~((1 << 2) | (1 << 6) | (1 << 12) | (1 << 13) | (1 << 15)):
        raise refuse(50035)


def _listed(value: object, path: str, most: int) -> list[Json]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise invalid_form(path, "LIST_TYPE_CONVERT", "Only iterables may be used.")
    if len(value) > most:
        raise _too_long(path, most)
    return value


def _at_most(text: str, most: int, path: str) -> None:
    if len(text) > most:
        raise _too_long(path, most)


def _too_long(path: str, most: int) -> Refusal:
    words = f"Must be {most} or fewer in length."
    return invalid_form(path, "BASE_TYPE_MAX_LENGTH", words)
