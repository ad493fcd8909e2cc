"""Which models of the catalogue fit a machine."""

from dataclasses import dataclass

from bot.models.catalogue import CATALOGUE, STARTER
from bot.models.entry import CatalogueEntry
from bot.models.machine import Machine
from bot.models.memory import GIB
from bot.words import T, Text

__all__ = ["Recommendation", "recommend"]

MEMORY_SHARE = 0.8  # of a GPU, or of the memory that is free
CPU_COMFORT = 4_500_000_000  # parameters; above, a CPU writes slower than one reads
CONTEXT_TOKENS = 2048
MAX_PARALLEL = 16


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A model that fits, and why.

    Attributes:
        device: "gpu" or "cpu".
        cure: what is to be installed first; None: nothing.
    """

    entry: CatalogueEntry
    device: str
    memory_bytes: int
    reason: Text
    cure: Text | None = None


def recommend(
    machine: Machine,
    *,
    context_tokens: int = CONTEXT_TOKENS,
    max_parallel: int = MAX_PARALLEL,
) -> tuple[Recommendation, ...]:
    """Return the models that fit this machine, best first; the starter is always one.

    On a GPU the largest that fits is best. On a CPU it is the largest that still
    writes about as fast as people read; slower ones follow, then the starter.
    """
    found: list[Recommendation] = []
    for entry in CATALOGUE.values():
        need = entry.memory_bytes(
            context_tokens=min(context_tokens, entry.context_tokens),
            max_parallel=max_parallel,
        )
        if not entry.is_gguf and need <= machine.gpu_bytes * MEMORY_SHARE:
            reason = _fits(T("the GPU"), need, machine.gpu_bytes)
            found.append(Recommendation(entry, "gpu", need, reason, _cure(machine)))
        elif entry is STARTER or (
            entry.is_gguf and need <= machine.available_bytes * MEMORY_SHARE
        ):
            reason = _cpu_reason(entry, need, machine)
            found.append(Recommendation(entry, "cpu", need, reason))
    return tuple(sorted(found, key=_rank))


def _rank(candidate: Recommendation) -> tuple[bool, bool, bool, int]:
    entry = candidate.entry
    is_slow = candidate.device == "cpu" and entry.parameters > CPU_COMFORT
    return entry is STARTER, candidate.device == "cpu", is_slow, -entry.parameters


def _fits(where: Text, need: int, have: int) -> Text:
    return T(
        "needs {need} of {have} GB on {where}",
        need=round(need / GIB, 1),
        have=round(have / GIB, 1),
        where=where,
    )


def _cpu_reason(entry: CatalogueEntry, need: int, machine: Machine) -> Text:
    fits = _fits(T("this machine"), need, machine.available_bytes)
    if entry is STARTER:
        return T("{fits}; always works, but knows little", fits=fits)
    if entry.parameters > CPU_COMFORT:
        return T("{fits}; slow without a GPU", fits=fits)
    return fits


def _cure(machine: Machine) -> Text | None:
    if machine.has_cuda:
        return None
    if machine.has_transformers:
        return T(
            "The torch that is installed cannot use the GPU: install one for CUDA."
        )
    return T("Install first: python -m pip install 'hearthbot[transformers]'")
