"""From a name in the settings to a model that can be loaded."""

import difflib
import json
import re
from pathlib import Path

from bot.config import ChatModelConfig, EngineConfig
from bot.errors import ConfigError, MissingError
from bot.generation.requests import ModelSpec
from bot.models.catalogue import CATALOGUE
from bot.models.entry import BundledSource, HubSource, ModelEntry
from bot.models.machine import Machine
from bot.models.memory import CacheShape, cached_tokens, overhead_bytes
from bot.models.presence import Presence, check_model, model_path
from bot.words import T, Text

__all__ = ["fetched", "not_bundled", "not_here", "resolve"]

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
UNKNOWN_CACHE_SHARE = 0.25
"""The cache as a share of the weights, where its shape is not known."""


def resolve(
    config: ChatModelConfig,
    name: str,
    *,
    machine: Machine,
    cache_folder: Path,
    engine_config: EngineConfig,
) -> ModelSpec:
    """Return the model of this name, with what runs it decided.

    `name` is a name of the catalogue, a folder, a .gguf file or a hub id; for a server
    or the fake, whatever they know it by. `cache_folder` is where `fetch_model` put
    models. Looks at the disk only; nothing is fetched here.

    Raises:
        ConfigError: the settings do not say enough, or contradict one another.
        MissingError: the model or a package is not here; says how to get it.
    """
    if config.backend == "fake":
        return _spec(name, "fake", name, config, engine_config)
    if config.backend == "openai" or (config.backend == "auto" and config.base_url):
        return _served(config, name, engine_config)
    entry = CATALOGUE.get(name)
    if entry is not None:
        location = fetched(entry, cache_folder)
        is_gguf = entry.is_gguf
        memory_bytes = entry.memory_bytes(
            context_tokens=min(config.context_tokens, entry.context_tokens),
            max_parallel=engine_config.max_parallel,
        )
    else:
        location = _named(name)
        is_gguf = location.endswith(".gguf")
        tokens = cached_tokens(config.context_tokens, engine_config.max_parallel)
        memory_bytes = _size_on_disk(Path(location), tokens)
    limit = entry.context_tokens if entry else config.context_tokens
    return _spec(
        name,
        _backend(config.backend, name, is_gguf=is_gguf, machine=machine),
        location,
        config,
        engine_config,
        context_tokens=min(config.context_tokens, limit),
        memory_bytes=memory_bytes,
    )


def _spec(
    name: str,
    backend: str,
    location: str,
    config: ChatModelConfig,
    engine_config: EngineConfig,
    *,
    context_tokens: int = 0,
    memory_bytes: int = 0,
    options: tuple[tuple[str, str], ...] = (),
) -> ModelSpec:
    return ModelSpec(
        name=name,
        backend=backend,
        location=location,
        context_tokens=context_tokens or config.context_tokens,
        max_parallel=engine_config.max_parallel,
        memory_bytes=memory_bytes,
        options=options,
    )


def _served(
    config: ChatModelConfig, name: str, engine_config: EngineConfig
) -> ModelSpec:
    if not config.base_url:
        raise ConfigError(
            T(
                "[models.chat] backend = “openai” needs base_url, the address of the "
                "server, such as http://127.0.0.1:8000/v1."
            )
        )
    options = (("model", name), ("api_key_env", config.api_key_env))
    return _spec(
        name, "openai", config.base_url, config, engine_config, options=options
    )


def fetched(entry: ModelEntry, cache_folder: Path) -> str:
    """Return where the model lies; for a folder of the hub, its id if it does not.

    Raises:
        MissingError: it is not here, or not whole.
    """
    presence = check_model(entry, cache_folder, verify=False)
    if presence is Presence.WHOLE:
        return str(model_path(entry, cache_folder))
    if isinstance(entry.source, HubSource) and not entry.source.file:
        return entry.source.id
    if isinstance(entry.source, BundledSource):
        raise MissingError(not_bundled(entry.name))
    raise MissingError(not_here(entry.name, presence))


def not_bundled(name: str) -> Text:
    """Return what a model lacks that comes with the bot, and what to do."""
    return T(
        "The model “{name}” comes with Hearthbot, and this copy of Hearthbot does not "
        "have it whole. Install Hearthbot anew, or name another model.",
        name=name,
    )


def not_here(name: str, presence: Presence) -> Text:
    """Return what a model lacks that is not here and whole, and how to get it."""
    if presence is Presence.DAMAGED:
        return T(
            "The model “{name}” is damaged. Fetch it anew: hearthbot models fetch "
            "{name}",
            name=name,
        )
    if presence is Presence.PARTIAL:
        return T(
            "The model “{name}” is only half here. Go on with: hearthbot models fetch "
            "{name}",
            name=name,
        )
    return T(
        "The model “{name}” is not here yet. Get it with: hearthbot models fetch "
        "{name}",
        name=name,
    )


def _named(name: str) -> str:
    """Return the file, folder or hub id that the name means."""
    path = Path(name).expanduser()
    if path.is_dir() or path.is_file():
        return str(path)
    if name.endswith(".gguf") or name.startswith((".", "/", "~")):
        raise MissingError(
            T(
                "There is no model at {path}. Correct `model` in [models.chat], or put "
                "the file there.",
                path=path,
            )
        )
    if HUB_ID.fullmatch(name):
        return name
    near = difflib.get_close_matches(name, CATALOGUE, n=1, cutoff=0.0)[0]
    raise ConfigError(
        T(
            "[models.chat] There is no model “{name}”. Did you mean “{near}”? "
            "`hearthbot models list` shows all.",
            name=name,
            near=near,
        )
    )


def _backend(wanted: str, name: str, *, is_gguf: bool, machine: Machine) -> str:
    if wanted == "auto":
        wanted = "llama.cpp" if is_gguf and not machine.has_cuda else "transformers"
    if wanted == "llama.cpp" and not is_gguf:
        raise ConfigError(
            T(
                "llama.cpp runs .gguf files only, and “{name}” is none. Choose another "
                "model, or set backend to “auto”.",
                name=name,
            )
        )
    if wanted == "transformers" and not machine.has_transformers:
        raise MissingError(
            T(
                "“{name}” needs torch and transformers. Install them with: "
                "python -m pip install 'hearthbot[transformers]'",
                name=name,
            )
        )
    return wanted


def _size_on_disk(location: Path, tokens: int) -> int:
    """Return what a file or a folder will take in memory; 0 for what is not here."""
    if location.is_file():
        weights = location.stat().st_size
    else:
        weights = sum(path.stat().st_size for path in location.glob("*.safetensors"))
    shape = _shape(location / "config.json")
    if shape is None:
        cache = round(weights * UNKNOWN_CACHE_SHARE)
    else:
        cache = tokens * shape.bytes_per_token
    return weights + cache + overhead_bytes(weights) if weights else 0


def _shape(path: Path) -> CacheShape | None:
    try:
        found = json.loads(path.read_text("utf-8"))
        num_heads = found["num_attention_heads"]
        return CacheShape(
            int(found["num_hidden_layers"]),
            int(found.get("num_key_value_heads") or num_heads),
            int(found.get("head_dim") or found["hidden_size"] // num_heads),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None  # not a folder, or not in the usual form
