"""Fetching models from the model hub, where its package is installed."""

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from typing_extensions import override

from bot.errors import MissingError
from bot.models.download import Progress
from bot.models.entry import HubSource
from bot.models.pipeline_folder import INDEX as PIPELINE_INDEX
from bot.models.pipeline_folder import VARIANT
from bot.models.presence import MANIFEST
from bot.words import T

__all__ = ["ALLOWED_PATTERNS", "Hub", "HuggingFaceHub", "fetch_from_hub", "is_allowed"]

ALLOWED_PATTERNS = (
    "*.safetensors",
    "*.json",
    "*.txt",
    "*.jinja",
    "*.model",  # SentencePiece: a plain protocol buffer
    "*.tiktoken",
)
"""What is fetched of a folder. Never *.bin, *.pt, *.pkl: a pickle can run code."""

POLL_S = 0.5


def is_allowed(name: str) -> bool:
    """Return whether a file of the hub may be fetched as part of a folder."""
    return any(fnmatchcase(name, pattern) for pattern in ALLOWED_PATTERNS)


def _is_of_pipeline(name: str) -> bool:
    """Return whether a file is a part of a pipeline, not the same in another form.

    Beside the parts lie often all of them in one file, and each with fewer bits.
    """
    is_weights = ".safetensors" in name
    return not is_weights or ("/" in name and VARIANT.search(name) is None)


class Hub(ABC):
    """Where the repositories are."""

    @abstractmethod
    def sizes(self, repository: str, patterns: Sequence[str]) -> Mapping[str, int]:
        """Return the files that match and their sizes in bytes.

        Raises:
            MissingError: the repository cannot be had; the text says why.
        """

    @abstractmethod
    def download(self, repository: str, patterns: Sequence[str], folder: Path) -> None:
        """Bring the files that match into the folder, going on where it stopped.

        Raises:
            MissingError: the repository cannot be had; the text says why.
            OSError: the disk refuses.
        """


class HuggingFaceHub(Hub):
    """huggingface_hub, with the user's own token and mirror (HF_TOKEN, HF_ENDPOINT).

    `endpoint` is another address of the hub; None: the one huggingface_hub is told.
    """

    def __init__(self, endpoint: str | None = None) -> None:
        self._endpoint = endpoint

    @override
    def sizes(self, repository: str, patterns: Sequence[str]) -> Mapping[str, int]:
        _require_package()
        from huggingface_hub import snapshot_download

        with _explained(repository):
            found = snapshot_download(
                repository,
                allow_patterns=list(patterns),
                dry_run=True,
                endpoint=self._endpoint,
            )
        return {file.filename: file.file_size or 0 for file in found}

    @override
    def download(self, repository: str, patterns: Sequence[str], folder: Path) -> None:
        _require_package()
        from huggingface_hub import snapshot_download
        from huggingface_hub.utils.tqdm import disable_progress_bars

        disable_progress_bars()
        with _explained(repository):
            snapshot_download(
                repository,
                allow_patterns=list(patterns),
                local_dir=folder,
                endpoint=self._endpoint,
            )


def fetch_from_hub(
    source: HubSource, folder: Path, *, hub: Hub, progress: Progress
) -> None:
    """Bring a model into its own folder, and note there that it is whole.

    Raises:
        MissingError: it cannot be had; the text says why.
        OSError: the disk refuses.
    """
    patterns: Sequence[str] = (source.file,) if source.file else ALLOWED_PATTERNS
    sizes = hub.sizes(source.id, patterns)
    if not sizes:
        raise MissingError(
            T("{repository} on the model hub has no such files.", repository=source.id)
        )
    if PIPELINE_INDEX in sizes:
        sizes = {name: sizes[name] for name in sizes if _is_of_pipeline(name)}
        patterns = tuple(sizes)
    folder.mkdir(parents=True, exist_ok=True)
    with _Watch(folder, sum(sizes.values()), progress):
        hub.download(source.id, patterns, folder)
    manifest = folder / MANIFEST
    beginning = manifest.with_suffix(".tmp")
    beginning.write_text(json.dumps(dict(sizes), indent=1), "utf-8")
    beginning.replace(manifest)


class _Watch:
    """Tells the progress of somebody else's download by what is in the folder."""

    def __init__(self, folder: Path, total: int, progress: Progress) -> None:
        self._folder = folder
        self._total = total
        self._progress = progress
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *exc_info: object) -> None:
        self._ended.set()
        self._thread.join()
        self._tell()

    def _watch(self) -> None:
        while not self._ended.wait(POLL_S):
            self._tell()

    def _tell(self) -> None:
        have = 0
        for path in self._folder.rglob("*"):
            try:
                have += path.stat().st_size if path.is_file() else 0
            except FileNotFoundError:  # renamed meanwhile
                continue
        self._progress(min(have, self._total), self._total)


def _require_package() -> None:
    if find_spec("huggingface_hub") is None:
        raise MissingError(
            T(
                "Models of the hub need more packages. Install them with: "
                "python -m pip install 'hearthbot[transformers]'"
            )
        )


@contextmanager
def _explained(repository: str) -> Iterator[None]:
    """Turn the hub's errors into ours."""
    from huggingface_hub import errors

    # Which of the two the hub's package speaks through depends on its version.
    names = [name for name in ("httpx", "httpx2") if find_spec(name) is not None]
    known: tuple[type[Exception], ...] = (
        errors.DryRunError,
        errors.HfHubHTTPError,
        errors.LocalEntryNotFoundError,
        ConnectionError,
        TimeoutError,
        *(import_module(name).TransportError for name in names),
    )
    try:
        yield
    except known as error:
        # A listing that fails hides why behind a DryRunError.
        cause = error.__cause__ if isinstance(error, errors.DryRunError) else error
        if isinstance(cause, errors.GatedRepoError):
            text = T(
                "{repository} asks you to accept its licence: do so on its page on "
                "the hub, and set HF_TOKEN to a token of your account.",
                repository=repository,
            )
        elif isinstance(cause, errors.RepositoryNotFoundError):
            text = T(
                "There is no {repository} on the model hub, or it is not open to you. "
                "Look at its name; a private one needs HF_TOKEN.",
                repository=repository,
            )
        else:
            text = T(
                "The model hub cannot be reached for {repository}. Look at the network "
                "and try again; the download goes on where it stopped. “starter” needs "
                "no hub.",
                repository=repository,
            )
        raise MissingError(text) from error
