"""A post as it goes out, and what it became on a platform."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.messages import Attachment

__all__ = ["Link", "Poll", "Publication", "Published"]

LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True, slots=True)
class Link:
    """Where something comes from."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Poll:
    """A question with answers to choose from.

    Attributes:
        correct: the index of the right answer, which makes it a quiz; None: any may be.
        explanation: shown once a quiz was answered, where the platform can.
        hours: how long it stays open.
    """

    question: str
    answers: tuple[str, ...]
    correct: int | None = None
    explanation: str = ""
    hours: int = 24

    @property
    def text(self) -> str:
        """It in markdown, the solution hidden, for platforms without polls."""
        answers = "\n".join(
            f"- {letter}: {answer}"
            for letter, answer in zip(LETTERS, self.answers, strict=False)
        )
        solution = ""
        if self.correct is not None:
            right = f"{LETTERS[self.correct]}: {self.answers[self.correct]}"
            solution = f"||{right}. {self.explanation}".strip() + "||"
        parts = (f"**{self.question}**", answers, solution)
        return "\n\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Publication:
    """A post as it goes out. Already judged; each platform lays it out in its own way.

    Attributes:
        id: the post's, shown small so that moderators can name it.
        body: in markdown.
        byline: the line that says it was made by AI, in the post's language.
        tags: for channels that sort posts by tags (Discord's forums).
        discussion: the name of a thread to open below it; "": none.
        mention_role: the platform's id of a role to call; "": nobody is called.
        begun_utc: since when parts of it may be there; None: it was never sent.
    """

    id: str
    title: str
    body: str = field(repr=False)
    summary: str = ""
    picture: Attachment | None = None
    sources: tuple[Link, ...] = ()
    byline: str = ""
    tags: tuple[str, ...] = ()
    poll: Poll | None = None
    discussion: str = ""
    mention_role: str = ""
    begun_utc: datetime | None = None

    @property
    def text(self) -> str:
        """All of it as one text in markdown, for platforms without a better layout."""
        sources = "\n".join(f"- [{link.title}]({link.url})" for link in self.sources)
        small = f"*{self.byline}*" if self.byline else ""
        poll = self.poll.text if self.poll else ""
        parts = (f"# {self.title}", self.body, poll, sources, small)
        return "\n\n".join(part for part in parts if part.strip())


@dataclass(frozen=True, slots=True)
class Published:
    """What a post became on a platform.

    Attributes:
        message_ids: the messages of its text in order; people reply to the first.
        poll_message_id: the message with its poll; "": it has none.
        poll_id: the poll's own id, where the platform tells votes by it.
        thread_id: the thread or forum post that was opened for it.
        picture_message_id: the message that shows its picture, alone or with text.
    """

    message_ids: tuple[str, ...] = ()
    poll_message_id: str = ""
    poll_id: str = ""
    thread_id: str = ""
    picture_message_id: str = ""

    @property
    def message_id(self) -> str:
        """The message that people reply to; "" where there is none."""
        return next(iter(self.all_ids), "")

    @property
    def all_ids(self) -> tuple[str, ...]:
        """Every message, each once, the first of the text at the head."""
        also = (self.picture_message_id, self.poll_message_id)
        return tuple(dict.fromkeys(id_ for id_ in (*self.message_ids, *also) if id_))
