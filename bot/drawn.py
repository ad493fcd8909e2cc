"""What somebody wants drawn, and what came of it."""

from dataclasses import dataclass, field

from bot.errors import HearthbotError
from bot.generation.requests import Drawing, ImageParams
from bot.messages import Attachment, Author, Channel
from bot.provenance import Provenance
from bot.safety.filter import Judgement, Subject

__all__ = ["Drawn", "Judged", "Outcome", "Undrawn", "Wanted"]

AS_SET = ImageParams()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture that somebody wants.

    Attributes:
        about: what it shows, in few words, for a model that knows only some things;
            "": the prompt says it.
        negative: what it is not to show, besides what the settings say.
        start: a PNG to begin from, where the model can; None: from nothing.
        params: how it is drawn; what they leave open, the settings say.
        places: where it will be seen, by whose rules it is judged; none: by the bot's.
        author: for whom it is drawn; None: for a post.
        name: of the file.
        description: what it shows, for those who cannot see it.
    """

    prompt: str = field(repr=False)
    about: str = field(default="", repr=False)
    negative: str = field(default="", repr=False)
    start: bytes | None = field(default=None, repr=False)
    params: ImageParams = AS_SET
    places: tuple[Channel, ...] = ()
    author: Author | None = None
    name: str = "picture.png"
    description: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Judged:
    """Words or a picture, and what the filters said of them.

    Attributes:
        subject: what was judged; a picture is in its attachments.
    """

    subject: Subject = field(repr=False)
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that may be shown, with what the filters said of it.

    Attributes:
        prompt: what was drawn: the words as the filters left them.
        steps: how often the model went over it; 0: it did not say.
    """

    attachment: Attachment
    drawing: Drawing
    provenance: Provenance
    words: Judged
    picture: Judged
    prompt: str = field(default="", repr=False)
    steps: int = 0


class Undrawn(Judged):
    """What was blocked: the words, before they were drawn, or the picture after it."""

    __slots__ = ()


Outcome = Drawn | Undrawn | HearthbotError
"""What came of one picture of several."""
