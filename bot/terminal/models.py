"""`hearthbot models …`: which models there are, and getting one."""

from bot.errors import UserError
from bot.generation.requests import Kind
from bot.models.entry import CatalogueEntry, MeaningEntry, SoundEntry
from bot.models.fetch import fetch_model
from bot.models.machine import inspect_machine
from bot.models.presence import Presence, check_model
from bot.models.recommend import recommend
from bot.models.sounds import ALL_MODELS
from bot.setup import Setup
from bot.words import T

__all__ = ["fetch_named_model", "list_models", "recommend_models"]

GB = 1e9
PRESENCE_TEXTS = {
    Presence.MISSING: T("not here"),
    Presence.PARTIAL: T("half here"),
    Presence.DAMAGED: T("damaged"),
    Presence.WHOLE: T("here"),
}
MEANING = "meaning"  # runs beside the engine, so it is none of its kinds
KIND_TEXTS = {
    Kind.TEXT.value: T("writes"),
    Kind.TRANSCRIPT.value: T("listens"),
    Kind.SPEECH.value: T("speaks"),
    Kind.IMAGE.value: T("draws"),
    MEANING: T("compares"),
}

_Entry = CatalogueEntry | SoundEntry | MeaningEntry


def list_models(setup: Setup, *, as_json: bool) -> None:
    """Print every model that is known by name."""
    facts = [_facts(setup, entry) for entry in ALL_MODELS.values()]
    if as_json:
        setup.terminal.json(facts)
        return
    setup.terminal.table(
        (
            T("name"),
            T("what it does"),
            T("parameters"),
            T("memory"),
            T("licence"),
            T("on this machine"),
        ),
        [
            (
                str(fact["name"]),
                setup.terminal.say(KIND_TEXTS[str(fact["kind"])]),
                f"{entry.parameters / GB:.3g} B",
                f"{_need(setup, entry) / GB:.1f} GB",
                entry.licence,
                setup.terminal.say(PRESENCE_TEXTS[Presence(str(fact["presence"]))]),
            )
            for fact, entry in zip(facts, ALL_MODELS.values(), strict=True)
        ],
    )


def recommend_models(setup: Setup, *, as_json: bool) -> None:
    """Print the models that fit this machine, best first."""
    machine = inspect_machine(folders=(setup.models_folder,))
    chat, engine = setup.config.models.chat, setup.config.engine
    fitting = recommend(
        machine,
        context_tokens=chat.context_tokens,
        max_parallel=engine.max_parallel,
    )
    if as_json:
        setup.terminal.json(
            [
                {
                    "name": one.entry.name,
                    "device": one.device,
                    "memory_bytes": one.memory_bytes,
                    "reason": str(one.reason),
                    "cure": None if one.cure is None else str(one.cure),
                }
                for one in fitting
            ]
        )
        return
    for one in fitting:
        setup.terminal.result(f"{one.entry.name}: {setup.terminal.say(one.reason)}")
        if one.cure is not None:
            setup.terminal.result(f"    {setup.terminal.say(one.cure)}")


def fetch_named_model(setup: Setup, name: str, *, verify: bool = True) -> None:
    """Fetch a model of the catalogue, with a progress bar.

    Raises:
        UserError: there is none by this name.
        MissingError: it cannot be had; the text says why.
    """
    entry = ALL_MODELS.get(name)
    if entry is None:
        raise UserError(
            T(
                "There is no model “{name}” to fetch. `hearthbot models list` shows "
                "all.",
                name=name,
            )
        )
    folder = setup.models_folder
    if not verify and check_model(entry, folder, verify=False) is Presence.WHOLE:
        return
    with setup.terminal.progress(T("Fetching {name}", name=name)) as progress:
        path = fetch_model(entry, folder, progress=progress, verify=verify)
    setup.terminal.note(T("“{name}” is here: {path}", name=name, path=path))


def _facts(setup: Setup, entry: _Entry) -> dict[str, object]:
    presence = check_model(entry, setup.models_folder, verify=False)
    return {
        "name": entry.name,
        "kind": _kind(entry),
        "summary": str(entry.summary),
        "parameters": entry.parameters,
        "memory_bytes": _need(setup, entry),
        "licence": entry.licence,
        "presence": presence.value,
    }


def _kind(entry: _Entry) -> str:
    if isinstance(entry, MeaningEntry):
        return MEANING
    return (entry.kind if isinstance(entry, SoundEntry) else Kind.TEXT).value


def _need(setup: Setup, entry: _Entry) -> int:
    if isinstance(entry, SoundEntry | MeaningEntry):
        return entry.memory_bytes
    return entry.memory_bytes(
        context_tokens=min(
            setup.config.models.chat.context_tokens, entry.context_tokens
        ),
        max_parallel=setup.config.engine.max_parallel,
    )
