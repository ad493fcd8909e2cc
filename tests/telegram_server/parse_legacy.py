"""Text with `parse_mode=Markdown`, the old kind, without nesting."""

from tests.telegram_server import utf16
from tests.telegram_server.entities import Entity, Formatted
from tests.telegram_server.links import link_entity
from tests.telegram_server.refusals import bad_request

__all__ = ["parse_legacy"]

MARKS = (("```", "pre"), ("`", "code"), ("*", "bold"), ("_", "italic"), ("[", "link"))


def parse_legacy(source: str) -> Formatted:
    """Return what a text in the old Markdown shows.

    Raises:
        Refusal: something is not closed.
    """
    shown, entities, at = "", list[Entity](), 0
    while at < len(source):
        mark, kind = next(
            ((m, k) for m, k in MARKS if source.startswith(m, at)), ("", "")
        )
        if source[at] == "\\" and source[at + 1 : at + 2] in ("_", "*", "`", "["):
            shown, at = shown + source[at + 1], at + 2
            continue
        if not mark:
            shown, at = shown + source[at], at + 1
            continue
        closing = "]" if kind == "link" else mark
        end = source.find(closing, at + len(mark))
        if end < 0:
            byte = len(source[:at].encode())
            raise bad_request(
                "can't parse entities: Can't find end of the entity starting at byte "
                f"offset {byte}"
            )
        body, begin = source[at + len(mark) : end], at
        at = end + len(closing)
        offset, length = utf16.units(shown), utf16.units(body)
        entity: Entity | None = None
        if kind != "link":
            entity = Entity(kind, offset, length)
        elif source.startswith("(", at) and (stop := source.find(")", at)) > 0:
            entity = link_entity(offset, length, source[at + 1 : stop])
            at = stop + 1
        else:
            body = source[begin:at]
        shown += body
        if entity is not None and length:
            entities.append(entity)
    return Formatted(shown, tuple(entities))
