"""What a kind of post is."""

from abc import ABC, abstractmethod
from typing import ClassVar

from bot.words import Text
from content.drafting import Brief, Draft
from content.text_maker import TextMaker

__all__ = ["PostKind"]


class PostKind(ABC):
    """One kind of post: how a topic becomes a draft.

    To add one: write a file here and its prompts in content/templates, add a line to
    KINDS in content/kinds/__init__.py and a row in tests/content/kinds.

    Attributes:
        parts: what a draft consists of, in order.
        tone: how it sounds, in a few words.
        languages: which have texts of their own; others are asked for in English.
        min_words: how long it is at least, at the usual length; so with max_words.
        picture_hint: what picture suits it, for whoever makes one; {topic} is the
            topic. "": none.
        needs_material: it is made from texts from outside, and fails without.
        is_about_topic: its words are measured against the topic's.
        is_prose: its grammar can be checked.
        is_quoted: its sentences are other people's, and not judged as the model's.
    """

    name: ClassVar[str]
    summary: ClassVar[Text]
    parts: ClassVar[tuple[str, ...]]
    tone: ClassVar[str]
    languages: ClassVar[tuple[str, ...]] = ("en", "zh")
    min_words: ClassVar[int]
    max_words: ClassVar[int]
    picture_hint: ClassVar[str] = ""
    needs_material: ClassVar[bool] = False
    is_about_topic: ClassVar[bool] = True
    is_prose: ClassVar[bool] = True
    is_quoted: ClassVar[bool] = False

    @abstractmethod
    async def draft(self, brief: Brief, maker: TextMaker) -> Draft:
        """Write one draft, in small steps that are each checked.

        The draft's score may still be too low to show it.

        Raises:
            DraftFailedError: a part could not be written well enough.
            GenerationError: the model could not be asked.
        """
