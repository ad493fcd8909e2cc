"""Makes of a written text what can be said aloud: no signs, links named, no code."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.words import T, Text

__all__ = ["speakable"]

LONG_CODE = 40
"""Code within a sentence is read out up to this length, in characters."""

_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]]+", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_PHONEMES = re.compile(r"\[(?=\[)|\](?=\])")
"""Some voices take [[…]] for sounds instead of letters."""

_ENDS = (".", "!", "?", ":", ";", ",", "…", "。", "！", "？", "：", "；", "，")


def speakable(text: str, say: Callable[[Text], str]) -> str:
    """Return a text as it is to be spoken; "" where nothing of it can be.

    `say` puts our own words into the language of the voice.
    """
    blocks = list(_blocks(_PARSER.parse(text), say))
    lines = [_tidy(block) for block in blocks]
    return "\n".join(_ended(line) for line in lines if _has_sound(line))


def _blocks(tokens: Sequence[Token], say: Callable[[Text], str]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_inline(token.children or (), say))
        elif token.type in ("fence", "code_block"):
            yield say(T("Here stands code, which I leave out."))


def _inline(tokens: Sequence[Token], say: Callable[[Text], str]) -> Iterator[str]:
    target = ""
    before: list[str] = []
    for token in tokens:
        match token.type:
            case "text":
                piece = _ADDRESS.sub(lambda found: _named(found[0], say), token.content)
                before.append(piece)
                yield piece
            case "code_inline":
                is_long = len(token.content) > LONG_CODE
                yield say(T("(code)")) if is_long else token.content
            case "softbreak" | "hardbreak":
                yield "\n"
            case "link_open":
                target, before = str(token.attrGet("href") or ""), []
            case "link_close":
                if not _ADDRESS.search(target) or _named(target, say) in before:
                    continue
                yield f", {_named(target, say)}"
            case "image":
                yield say(T("a picture: {text}", text=token.content))
            case _:
                continue


def _named(address: str, say: Callable[[Text], str]) -> str:
    place = (urlsplit(address).hostname or "").removeprefix("www.")
    return say(T("a link to {place}", place=place)) if place else say(T("a link"))


def _tidy(text: str) -> str:
    """Take out what is no speech: pictograms, invisible signs, marks of sounds."""
    plain = unicodedata.normalize("NFC", _PHONEMES.sub("", text))
    kept = "".join(_sign(char) for char in plain)
    return _LINES.sub("\n", _SPACES.sub(" ", kept)).strip()


def _sign(char: str) -> str:
    """Return a character as it is spoken: itself, a pause, or nothing."""
    category = unicodedata.category(char)
    if char.isspace():
        return char
    if category.startswith("C"):
        return ""
    return " " if category in ("So", "Sk") else char


def _has_sound(line: str) -> bool:
    return any(char.isalnum() for char in line)


def _ended(line: str) -> str:
    """Return the line with an end that makes the voice pause."""
    return line if line.endswith(_ENDS) else f"{line}."
