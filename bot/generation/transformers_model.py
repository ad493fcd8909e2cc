"""Loading a text model and its tokenizer with transformers, safely.

Only safetensors and GGUF weights are read, never pickled ones, and no code that comes
with a model is run.
"""

import os
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from bot.errors import MissingError, OutOfMemoryError
from bot.generation.requests import ModelSpec
from bot.words import T

__all__ = ["load_model", "load_tokenizer"]

DTYPES = {
    "float32": torch.float32,
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
}


def load_tokenizer(spec: ModelSpec) -> Any:
    """Return the tokenizer of a folder, a GGUF file or a hub id.

    Raises:
        MissingError: there is none.
    """
    where, options = _source(spec)
    try:
        return AutoTokenizer.from_pretrained(where, trust_remote_code=False, **options)
    except (OSError, ValueError, KeyError) as error:
        raise _missing(spec) from error


def load_model(spec: ModelSpec) -> Any:
    """Return the model, on CUDA where there is one, ready to make text.

    The option `dtype` names its numbers; else bfloat16 on CUDA and float32 elsewhere.

    Raises:
        MissingError: the model is not here, or not in a safe format.
        OutOfMemoryError: it does not fit.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    default = "bfloat16" if device == "cuda" else "float32"
    dtype = DTYPES[str(dict(spec.options).get("dtype", default))]
    where, options = _source(spec)
    if options:  # a GGUF: its packed weights would be unpacked again at every step
        options["quantization_config"] = GgufConfig(dequantize=True)
    try:
        model: Any = AutoModelForCausalLM.from_pretrained(
            where,
            trust_remote_code=False,
            use_safetensors=None if options else True,
            dtype=dtype,
            **options,
        )
        return model.to(device).eval()
    except torch.OutOfMemoryError as error:
        raise OutOfMemoryError(
            T("The model {name} does not fit into memory.", name=spec.name)
        ) from error
    except (OSError, ValueError, KeyError) as error:
        raise _missing(spec) from error


def _source(spec: ModelSpec) -> tuple[str, dict[str, Any]]:
    """Return where transformers has to look, and with which options."""
    path = Path(spec.location)
    if path.suffix == ".gguf":
        if not path.is_file():
            raise _missing(spec)
        return os.fspath(path.parent), {"gguf_file": path.name}
    return spec.location, {}


def _missing(spec: ModelSpec) -> MissingError:
    return MissingError(
        T(
            "The model {name} cannot be loaded from {location}. It has to be a .gguf "
            "file, a folder with safetensors weights, or a hub id that can be reached.",
            name=spec.name,
            location=spec.location,
        )
    )
