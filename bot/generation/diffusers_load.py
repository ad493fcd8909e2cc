"""Loading a pipeline of diffusers, safely.

Only safetensors weights are read, never pickled ones, and no code that comes with a
model is run. What is in a folder needs no network.
"""

import warnings
from pathlib import Path
from typing import Any

import structlog
import torch

from bot.errors import MissingError, OutOfMemoryError
from bot.extras import require_package
from bot.generation.requests import ModelSpec
from bot.models.pipeline_folder import INDEX, read_pipeline
from bot.words import T

__all__ = [
    "be_quiet",
    "device_of",
    "dtype_of",
    "load_pipeline",
    "release_memory",
    "too_large",
]

logger = structlog.get_logger(__name__)

DTYPES = {
    "float32": torch.float32,
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
}


def be_quiet() -> None:
    """Let the libraries say nothing but errors: what else they say is for others.

    Comes before they are imported whole: they already speak then.
    """
    for package in ("diffusers", "transformers"):
        require_package(package, extra="pictures")
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    for log in (diffusers_logging, transformers_logging):
        log.set_verbosity_error()
        log.disable_progress_bar()


def device_of(wanted: str) -> str:
    """Return "cuda" or "cpu" for what the settings want.

    Raises:
        MissingError: they want CUDA, and there is none.
    """
    has_cuda = torch.cuda.is_available()
    if wanted == "cuda" and not has_cuda:
        raise MissingError(
            T(
                "[models.image] wants CUDA, and there is none here. Set device to "
                "“auto” or “cpu”."
            )
        )
    return "cuda" if has_cuda and wanted != "cpu" else "cpu"


def dtype_of(device: str, options: dict[str, Any]) -> Any:
    """Return the numbers that a model is loaded in."""
    if device == "cpu":
        default = "float32"
    else:
        default = "bfloat16" if torch.cuda.is_bf16_supported() else "float16"
    return DTYPES[str(options.get("dtype", default))]


def load_pipeline(spec: ModelSpec, dtype: Any) -> Any:
    """Return the pipeline of a folder or hub id, in main memory.

    Raises:
        MissingError: it is not here, not whole or not safe.
        OutOfMemoryError: it does not fit.
    """
    from diffusers import DiffusionPipeline

    anything: Any = DiffusionPipeline  # what it is decides itself by its index
    is_here = Path(spec.location).is_dir()
    if is_here:
        read_pipeline(Path(spec.location))  # says better than diffusers what is wrong
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pipeline = anything.from_pretrained(
                spec.location,
                use_safetensors=True,
                trust_remote_code=False,
                local_files_only=is_here,
                torch_dtype=dtype,
            )
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise too_large(spec) from error
    except (OSError, ValueError, KeyError, AttributeError, ImportError) as error:
        logger.error("picture model not loaded", reason=str(error))
        raise MissingError(
            T(
                "The model {name} cannot be loaded from {location}. It has to be a "
                "text-to-image model for diffusers: a folder with {index} and "
                "safetensors weights, or a hub id that can be reached. The log says "
                "more.",
                name=spec.name,
                location=spec.location,
                index=INDEX,
            )
        ) from error
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def too_large(spec: ModelSpec) -> OutOfMemoryError:
    """Return what is said of a model that does not fit."""
    return OutOfMemoryError(
        T("The model {name} does not fit into memory.", name=spec.name)
    )


def release_memory() -> None:
    """Give back memory that nothing uses any more."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
