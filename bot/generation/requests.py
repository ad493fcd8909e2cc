"""What is asked of the engine and what comes back."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from bot.generation.requests_image import (
    Drawing,
    ImageParams,
    ImagePayload,
    Progress,
)
from bot.generation.requests_sound import (
    Sound,
    SpeechParams,
    SpeechPayload,
    Transcript,
    TranscriptParams,
    TranscriptPayload,
)

__all__ = [
    "Drawing",
    "FinishReason",
    "Finished",
    "GenerationRequest",
    "ImageParams",
    "ImagePayload",
    "Kind",
    "ModelSpec",
    "Owner",
    "Params",
    "Payload",
    "Place",
    "Priority",
    "Progress",
    "PromptTurn",
    "Result",
    "Sound",
    "SpeechParams",
    "SpeechPayload",
    "TextParams",
    "TextPayload",
    "Transcript",
    "TranscriptParams",
    "TranscriptPayload",
    "TurnRole",
]


class Kind(StrEnum):
    """What is made."""

    TEXT = "text"
    """A text to a prompt."""
    TRANSCRIPT = "transcript"
    """What is said in a recording."""
    SPEECH = "speech"
    """A text, spoken."""
    IMAGE = "image"
    """A picture to a prompt."""


class Priority(IntEnum):
    """Who goes first."""

    CHAT = 0
    """A person is waiting for an answer."""
    COMMAND = 1
    """A person asked for something that may take longer."""
    POST = 2
    """Nobody is watching."""


class TurnRole(StrEnum):
    """Who speaks in a prompt."""

    SYSTEM = "system"
    """The persona and the rules."""
    USER = "user"
    """People."""
    ASSISTANT = "assistant"
    """The bot."""


class FinishReason(StrEnum):
    """Why a request ended."""

    STOP = "stop"
    """The model was done, or a stop string came."""
    LENGTH = "length"
    """`max_tokens` or the model's context was reached."""
    CANCELLED = "cancelled"
    """Somebody stopped it."""


@dataclass(frozen=True, slots=True)
class Owner:
    """On whose behalf a request runs: turns go round communities, then people."""

    community: str
    person: str


@dataclass(frozen=True, slots=True)
class PromptTurn:
    """One turn of a prompt."""

    role: TurnRole
    content: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TextPayload:
    """The prompt of a text: system turn first, the last turn is the user's."""

    turns: tuple[PromptTurn, ...]


@dataclass(frozen=True, slots=True)
class TextParams:
    """How a text is sampled.

    Attributes:
        max_tokens: the most tokens to make, 1 or more.
        temperature: 0 takes the likeliest token each time.
        top_p: the share of probability to choose from, in (0, 1].
        seed: None draws one; the same seed gives the same text when alone.
        stop: strings that end the text; they are not part of it.
        repetition_penalty: above 1, tokens that came lately become less likely; small
            models need it. Only llama.cpp knows it; other backends leave it out.
    """

    max_tokens: int = 512
    temperature: float = 0.7
    top_p: float = 0.95
    seed: int | None = None
    stop: tuple[str, ...] = ()
    repetition_penalty: float = 1.0


Payload = TextPayload | TranscriptPayload | SpeechPayload | ImagePayload
Params = TextParams | TranscriptParams | SpeechParams | ImageParams
Result = Transcript | Sound | Drawing
"""What comes out of kinds that are not a stream of text."""

_KINDS: dict[type[Payload], tuple[Kind, type[Params]]] = {
    TextPayload: (Kind.TEXT, TextParams),
    TranscriptPayload: (Kind.TRANSCRIPT, TranscriptParams),
    SpeechPayload: (Kind.SPEECH, SpeechParams),
    ImagePayload: (Kind.IMAGE, ImageParams),
}


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One thing to make; payload and params are of the same kind.

    Attributes:
        id: unique while the bot runs.
        model: the name of a ModelSpec that the engine was given.
        deadline_s: seconds from submission until it must be finished; None: no limit.
    """

    id: str
    model: str
    payload: Payload
    params: Params
    owner: Owner
    priority: Priority = Priority.CHAT
    deadline_s: float | None = None

    def __post_init__(self) -> None:
        _, params = _KINDS[type(self.payload)]
        if not isinstance(self.params, params):
            raise ValueError("payload and params are of different kinds")

    @property
    def kind(self) -> Kind:
        """What is to be made."""
        return _KINDS[type(self.payload)][0]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a waiting request stands: 1 is next. `estimate_s` is None if unknown."""

    position: int
    estimate_s: float | None


@dataclass(frozen=True, slots=True)
class Finished:
    """How a request ended, and what it took; tokens are counted for texts only."""

    reason: FinishReason
    prompt_tokens: int
    completion_tokens: int
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model as the engine loads it.

    Attributes:
        name: what requests and people call it.
        backend: a key of BACKENDS (never "auto": that was decided before).
        location: a file, a folder, a hub id or a base URL, as the backend wants it.
        context_tokens: the longest prompt and answer together, of a text model.
        max_parallel: how many requests run at once.
        memory_bytes: what it is expected to take on its device; 0: nothing here.
        options: backend options beyond these, by name (never a secret).
    """

    name: str
    backend: str
    location: str
    context_tokens: int = 2048
    max_parallel: int = 16
    memory_bytes: int = 0
    options: tuple[tuple[str, str | int | float | bool], ...] = ()
