"""What people do about messages without writing: emoji under them, votes in polls."""

from dataclasses import dataclass

from bot.messages import Channel

__all__ = ["Comment", "Reaction", "Vote"]


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji was put under a message, or taken away.

    Attributes:
        person_id: who did it; None: the platform tells only how many there are, and
            `totals` has that; or somebody took everybody's away.
        emoji: as text; an emoji of a community's own by its name. "": every one.
        is_added: False: it was taken away.
        totals: all emoji under the message now, and how often.
    """

    channel: Channel
    message_id: str
    person_id: str | None = None
    emoji: str = ""
    is_added: bool = True
    totals: tuple[tuple[str, int], ...] | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """Somebody voted in a poll, or took their vote back.

    A poll is found by its message or, where the platform does not tell that, by its id.

    Attributes:
        channel: None: the platform tells only the poll.
        person_id: None: the platform tells only how many there are; see `totals`.
        answers: what they chose, from 0 on; (): nothing any more.
        instead_of: an empty vote counts only if they had chosen this; (): anyway.
        totals: how many have chosen each answer now.
    """

    platform: str
    channel: Channel | None = None
    message_id: str = ""
    poll_id: str = ""
    person_id: str | None = None
    answers: tuple[int, ...] = ()
    instead_of: tuple[int, ...] = ()
    totals: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """Somebody wrote below a message. What they wrote is not looked at.

    Attributes:
        message_id: what they wrote.
        below_ids: what it may be below: the message it replies to, or the one that its
            thread began with.
    """

    channel: Channel
    message_id: str
    person_id: str
    below_ids: tuple[str, ...]
