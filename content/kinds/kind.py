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
    """

    name: ClassVar[str]
    summary: ClassVar[Text]

    @abstractmethod
    async def draft(self, brief: Brief, maker: TextMaker) -> Draft:
        """Write one draft, in small steps that are each checked.

        The draft's score may still be too low to show it.

        Raises:
            DraftFailedError: a part could not be written well enough.
            GenerationError: the model could not be asked.
        """
