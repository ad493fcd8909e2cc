"""How topics, prompts and sentences are put together, for all kinds."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

from bot.words import join_texts
from content.drafting import Brief
from content.languages import is_spaced
from content.templates import Template

__all__ = ["capital", "chosen", "joined", "spoken", "system_prompt"]

T_Choice = TypeVar("T_Choice")


def system_prompt(template: Template, brief: Brief) -> str:
    """Return who writes and how, with what is wanted of this draft."""
    (system,) = template.fill("system")
    avoid = f"Avoid this: {join_texts(brief.avoid)}." if brief.avoid else ""
    wish = f"The editor asks for this: {brief.wish}" if brief.wish else ""
    plain = " ".join(filter(None, [brief.persona, system, avoid, wish]))
    return f"{plain}\n\n{brief.outside}" if brief.outside else plain


def spoken(topic: str) -> str:
    """Return the topic as it stands inside a sentence."""
    second = topic[1:2]
    is_word = second.islower() or second == " "
    return (topic[0].lower() + topic[1:] if is_word else topic).rstrip(".")


def capital(text: str) -> str:
    """Return the text with its first letter large."""
    return text[:1].upper() + text[1:]


def joined(kept: Sequence[str], language: str) -> str:
    """Return sentences as one paragraph."""
    return (" " if is_spaced(language) else "").join(kept)


def chosen(options: Sequence[T_Choice], brief: Brief, salt: str = "") -> T_Choice:
    """Return one of the options: the same for the same brief."""
    seed = f"{brief.topic}/{brief.seed}/{salt}"
    digest = hashlib.sha256(seed.encode()).digest()
    return options[int.from_bytes(digest[:4], "big") % len(options)]
