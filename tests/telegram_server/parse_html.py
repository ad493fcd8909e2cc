"""Text with `parse_mode=HTML`, read as strictly as Telegram reads it."""

import re
from dataclasses import dataclass, field

from tests.telegram_server import utf16
from tests.telegram_server.entities import Entity, Formatted
from tests.telegram_server.links import link_entity
from tests.telegram_server.refusals import Refusal, bad_request

__all__ = ["parse_html"]

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,7})|#(\d{1,7})|([A-Za-z]+));?")
NAME = re.compile(r"[^\s>]*")
ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
TOKEN = re.compile(r"[A-Za-z0-9.-]*")


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int  # in UTF-16 units of what is shown
    start: int  # in characters of what is shown


@dataclass(slots=True)
class _Reader:
    source: str
    at: int = 0
    shown: list[str] = field(default_factory=list)
    offset: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> Formatted:
        while self.at < len(self.source):
            character = self.source[self.at]
            if character == "<":
                if self.source.startswith("</", self.at):
                    self._end_tag()
                else:
                    self._start_tag()
            elif character == "&":
                self._show(self._reference())
            else:
                self._show(character)
                self.at += 1
        if self.open:
            tag = self.open[-1].tag
            raise _cannot(f"Can't find end tag corresponding to start tag {tag}")
        return Formatted("".join(self.shown), tuple(self.entities))

    def _show(self, text: str) -> None:
        self.shown += text
        self.offset += utf16.units(text)

    def _reference(self) -> str:
        match = REFERENCE.match(self.source, self.at)
        text = _decoded(match) if match else ""
        if not match or not text:
            self.at += 1
            return "&"
        self.at = match.end()
        return text

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))

    def _skip_blanks(self) -> None:
        while self.at < len(self.source) and self.source[self.at].isspace():
            self.at += 1

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.source, self.at)
        text = match.group() if match else ""
        self.at += len(text)
        return text

    @property
    def _next(self) -> str:
        return self.source[self.at : self.at + 1]

    def _start_tag(self) -> None:
        begin = self._byte(self.at)
        self.at += 1
        tag = self._match(NAME).lower()
        if not self._next:
            raise _cannot(f"Unclosed start tag at byte offset {begin}")
        if tag not in TAGS:
            raise _cannot(f'Unsupported start tag "{tag}" at byte offset {begin}')
        attributes: dict[str, str] = {}
        while True:
            self._skip_blanks()
            if self._next == ">":
                break
            name, value = self._attribute(tag, begin)
            attributes[name] = value
        self.at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _cannot(
                f'Tag "span" must have class "tg-spoiler" at byte offset {begin}'
            )
        self.open.append(_Open(tag, attributes, self.offset, len(self.shown)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self._match(ATTRIBUTE_NAME)
        if not name:
            if not self._next:
                raise _cannot(f'Unclosed start tag "{tag}" at byte offset {begin}')
            raise _cannot(
                f'Empty attribute name in the tag "{tag}" at byte offset {begin}'
            )
        self._skip_blanks()
        if self._next != "=":
            if (tag, name) == ("blockquote", "expandable"):
                return name, ""
            raise _cannot(
                "Expected equal sign in declaration of an attribute of the tag "
                f'"{tag}" at byte offset {begin}'
            )
        self.at += 1
        self._skip_blanks()
        if not self._next:
            raise _cannot(f'Unclosed start tag "{tag}" at byte offset {begin}')
        value = self._quoted() if self._next in "\"'" else self._token()
        if not self._next:
            raise _cannot(f"Unclosed start tag at byte offset {begin}")
        return name, value

    def _token(self) -> str:
        begin = self._byte(self.at)
        token = self._match(TOKEN).lower()
        if self._next and self._next != ">" and not self._next.isspace():
            raise _cannot(f"Unexpected end of name token at byte offset {begin}")
        return token

    def _quoted(self) -> str:
        quote = self._next
        self.at += 1
        value = ""
        while self._next and self._next != quote:
            if self._next == "&":
                value += self._reference()
            else:
                value += self._next
                self.at += 1
        self.at += 1 if self._next else 0
        return value

    def _end_tag(self) -> None:
        begin = self._byte(self.at)
        if not self.open:
            raise _cannot(f"Unexpected end tag at byte offset {begin}")
        self.at += 2
        found = self._match(NAME).lower()
        self._skip_blanks()
        if self._next != ">":
            raise _cannot(f"Unclosed end tag at byte offset {begin}")
        self.at += 1
        opened = self.open.pop()
        if found and found != opened.tag:
            raise _cannot(
                f'Unmatched end tag at byte offset {begin}, expected "</{opened.tag}>"'
                f', found "</{found}>"'
            )
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        kind, length = TAGS[opened.tag], self.offset - opened.offset
        entity = Entity(kind, opened.offset, length)
        if kind == "text_link":
            url = opened.attributes.get("href", "")
            url = url or "".join(self.shown[opened.start :])
            link = link_entity(opened.offset, length, url)
            if link is not None:
                self.entities.append(link)
        elif kind == "custom_emoji":
            emoji_id = opened.attributes.get("emoji-id", "")
            if not emoji_id.isdecimal() or int(emoji_id) == 0:
                raise _cannot("Invalid custom emoji identifier specified")
            self.entities.append(
                Entity(kind, opened.offset, length, custom_emoji_id=emoji_id)
            )
        elif kind == "blockquote" and "expandable" in opened.attributes:
            self.entities.append(Entity("expandable_blockquote", opened.offset, length))
        elif kind in ("pre", "code"):
            self._close_code(opened, entity)
        else:
            self.entities.append(entity)

    def _close_code(self, opened: _Open, entity: Entity) -> None:
        """Make one of `<pre><code class="language-…">`, which is one block of code."""
        style = opened.attributes.get("class", "")
        language = style.removeprefix("language-") if "language-" in style else ""
        if entity.type == "code" and language:
            outer = self.open[-1] if self.open else None
            if outer is not None and outer.tag == "pre":
                outer.attributes["language"] = language
                if outer.offset == entity.offset:
                    return  # the block around it says so
        if entity.type == "pre" and opened.attributes.get("language"):
            entity = Entity(
                "pre",
                entity.offset,
                entity.length,
                language=opened.attributes["language"],
            )
        self.entities.append(entity)


def _decoded(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return NAMED.get(name, "")
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code < 0x10FFFF else ""


def _cannot(reason: str) -> Refusal:
    return bad_request(f"can't parse entities: {reason}")


def parse_html(source: str) -> Formatted:
    """Return what a text in HTML shows.

    Raises:
        Refusal: a tag is unknown, not closed, or closed in the wrong order.
    """
    formatted = _Reader(source).read()
    if any("\ud800" <= character <= "\udfff" for character in formatted.text):
        raise _cannot(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        )
    return formatted
