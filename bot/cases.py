"""Cases: what moderators have to look at, and how one moves on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.errors import UserError
from bot.words import T, Text

__all__ = [
    "By",
    "Case",
    "CaseKind",
    "CaseMessage",
    "CaseNote",
    "CaseState",
    "History",
    "Move",
    "Outcome",
    "Voice",
    "moved",
]


class CaseKind(StrEnum):
    """How a case came up."""

    REPORT = "report"
    """People reported a message."""
    APPEAL = "appeal"
    """Somebody asked to look again at what was refused."""
    NOTICED = "noticed"
    """Filters noticed messages in a channel that is watched."""


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    """Nobody looks at it yet."""
    TAKEN = "taken"
    """Its owner looks at it."""
    WAITING = "waiting"
    """Its owner waits for something, such as an answer."""
    CLOSED = "closed"
    """It is decided, and who asked was answered."""


class Move(StrEnum):
    """What moderators do with a case."""

    TAKE = "take"
    """Look at it: from now on it is theirs."""
    WAIT = "wait"
    """Put it aside until something comes in."""
    CLOSE = "close"
    """Decide it."""
    REOPEN = "reopen"
    """Let anybody take it: what was decided, or is another's."""


class Outcome(StrEnum):
    """How a case was decided. Who asked is told this much and no more."""

    DISMISSED = "dismissed"
    """There was nothing to do."""
    ACTED = "acted"
    """The moderators did something about it."""
    GRANTED = "granted"
    """The refusal was wrong."""
    UPHELD = "upheld"
    """The refusal stays."""


@dataclass(frozen=True, slots=True)
class By:
    """A moderator who does something; the id has the platform with it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """A message that a case is about.

    Attributes:
        author_id: who wrote it; "": the bot, or it is not known.
        judgement_id: what filters said of it; None: nothing.
        text: what it says; "" once that is forgotten.
        at_utc: when it came into the case; None: it is not in one yet.
    """

    channel_key: str
    message_id: str
    author_id: str
    author_name: str
    text: str = field(repr=False)
    link: str = ""
    judgement_id: int | None = None
    at_utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseNote:
    """What a moderator wrote down or did. `what` is "note", or what was done."""

    what: str
    by_name: str
    text: str = field(repr=False)
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who brought a case up, and where to answer them."""

    kind: CaseKind
    id: int
    channel_key: str
    person_id: str
    person_name: str
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class History:
    """How often somebody was noticed, reported and warned in a community."""

    verdicts: int
    cases: int
    warnings: int


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Attributes:
        owner_id: the moderator who has it, with the platform; "": nobody.
        outcome: how it was decided; None while it is not.
        num_messages: how many messages it is about, by `num_people`.
        num_voices: how many people brought it up.
        cards: where moderators see it: keys of channels, ids of messages.
    """

    number: int
    kind: CaseKind
    state: CaseState
    community_key: str
    created_utc: datetime
    updated_utc: datetime
    owner_id: str = ""
    owner_name: str = ""
    outcome: Outcome | None = None
    num_messages: int = 0
    num_people: int = 0
    num_voices: int = 0
    cards: tuple[tuple[str, str], ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether it is decided."""
        return self.state is CaseState.CLOSED


_MOVES: Mapping[Move, tuple[frozenset[CaseState], CaseState]] = {
    Move.TAKE: (
        frozenset({CaseState.OPEN, CaseState.TAKEN, CaseState.WAITING}),
        CaseState.TAKEN,
    ),
    Move.WAIT: (
        frozenset({CaseState.OPEN, CaseState.TAKEN, CaseState.WAITING}),
        CaseState.WAITING,
    ),
    Move.CLOSE: (
        frozenset({CaseState.OPEN, CaseState.TAKEN, CaseState.WAITING}),
        CaseState.CLOSED,
    ),
    Move.REOPEN: (
        frozenset({CaseState.TAKEN, CaseState.WAITING, CaseState.CLOSED}),
        CaseState.OPEN,
    ),
}
"""From which states a move is made, and to which it leads."""


def moved(case: Case, move: Move, by: By, *, outcome: Outcome | None = None) -> Case:
    """Return a case after a move; its time stays. Closing takes an outcome.

    Raises:
        UserError: it is another's, or decided; the text says whose.
    """
    allowed, state = _MOVES[move]
    if case.state not in allowed:
        raise UserError(_where_it_stands(case))
    if move is Move.REOPEN:
        return replace(case, state=state, owner_id="", owner_name="", outcome=None)
    if case.owner_id not in {"", by.id}:
        raise UserError(_where_it_stands(case))
    return replace(
        case,
        state=state,
        owner_id=by.id,
        owner_name=by.name,
        outcome=outcome if move is Move.CLOSE else None,
    )


def _where_it_stands(case: Case) -> Text:
    if case.is_closed:
        return T(
            "Case {number} was already decided by {name}.",
            number=case.number,
            name=case.owner_name,
        )
    if not case.owner_id:
        return T("Case {number} is open already.", number=case.number)
    return T(
        "Case {number} is with {name}. To take it over: /case reopen {number}",
        number=case.number,
        name=case.owner_name,
    )
