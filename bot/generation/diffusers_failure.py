"""What an error of a pipeline means."""

from dataclasses import dataclass

import torch

from bot.errors import BackendError, GenerationError, OutOfMemoryError
from bot.words import T

__all__ = ["Failure"]

CUDA_FAULTS = ("CUDA error", "device-side assert", "CUBLAS_STATUS")
NO_MEMORY = ("out of memory", "can't allocate memory", "not enough memory")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a batch was not drawn.

    Attributes:
        told: what those who wanted it are told.
        is_fault: whether the device no longer works in this process.
    """

    told: GenerationError
    reason: str
    is_memory: bool
    is_fault: bool

    @classmethod
    def of(cls, error: Exception) -> "Failure":
        """Return what an error of a pipeline means."""
        reason = f"{type(error).__name__}: {error}"[:300]
        lowered = reason.lower()
        is_memory = isinstance(error, torch.OutOfMemoryError | MemoryError) or any(
            sign in lowered for sign in NO_MEMORY
        )
        told: GenerationError = BackendError(T("The model could not draw this."))
        if is_memory:
            told = OutOfMemoryError(
                T("There is not enough memory for this picture. A smaller one may fit.")
            )
        elif isinstance(error, BackendError):
            told = error
        is_fault = not is_memory and any(sign in reason for sign in CUDA_FAULTS)
        return cls(told, reason, is_memory, is_fault)
