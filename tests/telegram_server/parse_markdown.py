"""Text with `parse_mode=MarkdownV2`, read as strictly as Telegram reads it."""

from dataclasses import dataclass, field

from tests.telegram_server import utf16
from tests.telegram_server.entities import Entity, Formatted
from tests.telegram_server.links import link_entity
from tests.telegram_server.refusals import Refusal, bad_request

__all__ = ["parse_markdown"]

RESERVED = frozenset("_*[]()~`>#+-=|{}.!\n")
MARKS = {
    "*": "bold",
    "_": "italic",
    "__": "underline",
    "~": "strikethrough",
    "||": "spoiler",
    "`": "code",
    "```": "pre",
    "[": "text_link",
    "![": "custom_emoji",
}
SPOKEN = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
CLOSERS = {kind: mark for mark, kind in MARKS.items()} | {
    "text_link": "]",
    "custom_emoji": "]",
}


@dataclass(slots=True)
class _Open:
    kind: str
    offset: int  # in UTF-16 units of what is shown
    start: int  # in characters of what is shown
    byte: int  # where it was opened, in bytes of the source
    language: str = ""


@dataclass(slots=True)
class _Reader:
    source: str
    at: int = 0
    shown: list[str] = field(default_factory=list)
    offset: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    is_line_start: bool = True

    def read(self) -> Formatted:
        while self.at < len(self.source):
            character = self.source[self.at]
            if character == "\\" and "\0" < self._peek(1) <= "~":
                self._show(self._peek(1))
                self.at += 2
            elif character not in self._reserved:
                self._show(character)
                self.at += 1
            elif character == "\n":
                self._line_end()
            elif self._closes():
                self._close(self.open.pop())
            else:
                self._begin(character)
        if self.open and self.open[-1].kind == "blockquote":
            self._close_quote()
        if self.open:
            raise self._no_end(self.open[-1])
        return Formatted("".join(self.shown), tuple(self.entities))

    @property
    def _reserved(self) -> frozenset[str]:
        if self.open and self.open[-1].kind in ("code", "pre"):
            return frozenset("`")
        return RESERVED

    @property
    def _is_quoted(self) -> bool:
        return any(opened.kind == "blockquote" for opened in self.open)

    def _peek(self, ahead: int) -> str:
        return self.source[self.at + ahead : self.at + ahead + 1]

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))

    def _show(self, text: str) -> None:
        self.shown += text
        self.offset += utf16.units(text)
        self.is_line_start = text == "\n"

    def _line_end(self) -> None:
        goes_on = self._peek(1) == ">"
        if self._is_quoted and not goes_on:
            if self.open[-1].kind != "blockquote":
                raise self._no_end(self.open[-1])
            self._close_quote()
        self._show("\n")
        self.at += 1
        if self._is_quoted and goes_on:
            self.at += 1
            self.is_line_start = False

    def _closes(self) -> bool:
        if not self.open:
            return False
        kind = self.open[-1].kind
        if kind == "blockquote":
            return False
        if kind == "italic" and self._peek(1) == "_":
            return False  # two of them are an underline
        return self.source.startswith(CLOSERS[kind], self.at)

    def _begin(self, character: str) -> None:
        begin = self._byte(self.at)
        if character == ">" and self.is_line_start and not self._is_quoted:
            self.open.append(_Open("blockquote", self.offset, len(self.shown), begin))
            self.at += 1
            self.is_line_start = False
            return
        if self._is_expandable_end():
            self.at += 2
            self._close_quote("expandable_blockquote")
            return
        mark = self._mark(character)
        kind = MARKS.get(mark)
        if kind is None:
            raise _cannot(
                f"Character '{character}' is reserved and must be escaped with the "
                "preceding '\\'"
            )
        self.at += len(mark)
        opened = _Open(kind, self.offset, len(self.shown), begin)
        if kind == "pre":
            self._begin_block(opened)
        self.open.append(opened)

    def _mark(self, character: str) -> str:
        for mark in ("```", "__", "||", "!["):
            if self.source.startswith(mark, self.at):
                return mark
        return character

    def _is_expandable_end(self) -> bool:
        is_last = self.source[self.at + 2 : self.at + 3] in ("", "\n")
        return (
            bool(self.open)
            and self.open[-1].kind == "blockquote"
            and self.source.startswith("||", self.at)
            and is_last
            and self.source[self.at + 2 : self.at + 4] != "\n>"
        )

    def _begin_block(self, opened: _Open) -> None:
        end = self.at
        while end < len(self.source) and not (
            self.source[end].isspace() or self.source[end] == "`"
        ):
            end += 1
        if end < len(self.source) and self.source[end] != "`":
            opened.language, self.at = self.source[self.at : end], end
        for line_end in ("\r\n", "\n\r", "\n", "\r"):
            if self.source.startswith(line_end, self.at):
                self.at += len(line_end)
                break

    def _close(self, opened: _Open) -> None:
        self.at += len(CLOSERS[opened.kind])
        length = self.offset - opened.offset
        entity: Entity | None = Entity(opened.kind, opened.offset, length)
        if opened.kind == "pre" and opened.language:
            entity = Entity("pre", opened.offset, length, language=opened.language)
        elif opened.kind == "text_link":
            url = self._address("URL") if self._peek(0) == "(" else None
            if url is None:
                url = "".join(self.shown[opened.start :])
            entity = link_entity(opened.offset, length, url)
        elif opened.kind == "custom_emoji":
            entity = self._emoji(opened, length)
        if entity is not None and length:
            self.entities.append(entity)

    def _emoji(self, opened: _Open, length: int) -> Entity:
        if self._peek(0) != "(":
            raise _cannot("Custom emoji entity must contain a tg://emoji URL")
        url = self._address("custom emoji URL")
        emoji_id = url.removeprefix("tg://emoji?id=")
        if not emoji_id.isdecimal():
            raise _cannot("Custom emoji URL must have an emoji identifier")
        return Entity(opened.kind, opened.offset, length, custom_emoji_id=emoji_id)

    def _address(self, what: str) -> str:
        """Read what stands in brackets behind a link."""
        self.at += 1
        begin, url = self._byte(self.at), ""
        while self._peek(0) not in ("", ")"):
            if self._peek(0) == "\\" and "\0" < self._peek(1) <= "~":
                self.at += 1
            url += self._peek(0)
            self.at += 1
        if not self._peek(0):
            raise _cannot(f"Can't find end of a {what} at byte offset {begin}")
        self.at += 1
        return url

    def _close_quote(self, kind: str = "blockquote") -> None:
        opened = self.open.pop()
        length = self.offset - opened.offset
        if length:
            self.entities.append(Entity(kind, opened.offset, length))

    def _no_end(self, opened: _Open) -> Refusal:
        kind = "PreCode" if opened.language else SPOKEN[opened.kind]
        return _cannot(f"Can't find end of {kind} entity at byte offset {opened.byte}")


def _cannot(reason: str) -> Refusal:
    return bad_request(f"can't parse entities: {reason}")


def parse_markdown(source: str) -> Formatted:
    """Return what a text in MarkdownV2 shows.

    Raises:
        Refusal: a reserved character is not escaped, or something is not closed.
    """
    return _Reader(source).read()
