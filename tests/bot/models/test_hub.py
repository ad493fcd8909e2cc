import json
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from bot.errors import MissingError
from bot.models.catalogue import CATALOGUE
from bot.models.fetch import fetch_model
from bot.models.hub import Hub, HuggingFaceHub, is_allowed
from bot.models.pictures import PICTURE_MODELS
from bot.models.presence import MANIFEST, Presence, check_model, model_path

FOLDER = CATALOGUE["qwen2.5-0.5b"]
GGUF = CATALOGUE["qwen2.5-0.5b-gguf"]


class FolderHub(Hub):
    """A hub that is a table of files."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self.breaks = False
        self.was_watched = threading.Event()

    @override
    def sizes(self, repository: str, patterns: Sequence[str]) -> Mapping[str, int]:
        return {
            name: len(content)
            for name, content in self._files.items()
            if name in patterns or ("*.json" in patterns and is_allowed(name))
        }

    @override
    def download(self, repository: str, patterns: Sequence[str], folder: Path) -> None:
        for name in self.sizes(repository, patterns):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(self._files[name])
            if self.breaks:
                raise ConnectionResetError("the cable was pulled")
        assert self.was_watched.wait(10)


FILES = {
    "config.json": b"{}",
    "model.safetensors": b"weights",
    "pytorch_model.bin": b"a pickle",
    "qwen2.5-0.5b-instruct-q4_k_m.gguf": b"GGUF",
}


def fetch(hub: FolderHub, folder: Path, entry: Any = FOLDER) -> Path:
    return fetch_model(
        entry, folder, progress=lambda have, total: hub.was_watched.set(), hub=hub
    )


@pytest.mark.parametrize(
    ("name", "is_fine"),
    [
        ("model-00001-of-00002.safetensors", True),
        ("model.safetensors.index.json", True),
        ("tokenizer.model", True),
        ("merges.txt", True),
        ("chat_template.jinja", True),
        ("pytorch_model.bin", False),
        ("model.pt", False),
        ("consolidated.00.pth", False),
        ("model.pkl", False),
        ("training_args.bin", False),
        ("modeling_custom.py", False),
        ("model.safetensors.pkl", False),
    ],
)
def test_is_allowed_never_takes_what_can_run_code(name: str, is_fine: bool) -> None:
    assert is_allowed(name) is is_fine


def test_fetch_from_empty_repository_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="has no such files"):
        fetch(FolderHub({"pytorch_model.bin": b"a pickle"}), tmp_path)


def test_fetch_interrupted_is_partial_and_goes_on(tmp_path: Path) -> None:
    hub = FolderHub(FILES)
    hub.breaks = True
    with pytest.raises(MissingError, match="cannot be used"):
        fetch(hub, tmp_path)
    assert check_model(FOLDER, tmp_path, verify=False) is Presence.PARTIAL

    hub.breaks = False
    fetch(hub, tmp_path)

    assert check_model(FOLDER, tmp_path, verify=False) is Presence.WHOLE


def test_fetch_folder_takes_only_what_is_allowed(tmp_path: Path) -> None:
    folder = fetch(FolderHub(FILES), tmp_path)
    assert folder == model_path(FOLDER, tmp_path)
    assert {path.name for path in folder.iterdir()} == {
        "config.json",
        "model.safetensors",
        MANIFEST,
    }


def test_fetch_one_file_takes_that_file(tmp_path: Path) -> None:
    path = fetch(FolderHub(FILES), tmp_path, GGUF)
    assert path.read_bytes() == b"GGUF"
    assert json.loads((path.parent / MANIFEST).read_text()) == {path.name: 4}


@pytest.mark.parametrize("manifest", ["[1]", "not json", "{}"])
def test_check_model_with_strange_manifest_is_damaged(
    tmp_path: Path, manifest: str
) -> None:
    folder = fetch(FolderHub(FILES), tmp_path)
    (folder / MANIFEST).write_text(manifest)
    assert check_model(FOLDER, tmp_path, verify=False) is Presence.DAMAGED


def test_check_model_without_a_file_is_damaged(tmp_path: Path) -> None:
    assert check_model(FOLDER, tmp_path, verify=False) is Presence.MISSING
    folder = fetch(FolderHub(FILES), tmp_path)
    (folder / "model.safetensors").unlink()
    assert check_model(FOLDER, tmp_path, verify=True) is Presence.DAMAGED


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (403, "GatedRepo", "accept its licence"),
        (404, "RepoNotFound", "There is no some/model"),
        (400, "", "“starter” needs no hub"),
    ],
)
def test_hugging_face_hub_refused_says_what_to_do(
    server: Any, tmp_path: Path, status: int, code: str, said: str
) -> None:
    server.error_code = code
    server.faults = [("status", status)] * 9
    hub = HuggingFaceHub(server.url.rpartition("/")[0])
    with pytest.raises(MissingError, match=said):
        hub.sizes("some/model", ("*.json",))
    with pytest.raises(MissingError, match=said):
        hub.download("some/model", ("*.json",), tmp_path / "model")


def test_hugging_face_hub_offline_says_what_to_do() -> None:
    with pytest.raises(MissingError, match="“starter” needs no hub"):
        HuggingFaceHub("http://127.0.0.1:1").sizes("some/model", ("*.json",))


def test_pipeline_is_fetched_once_not_in_every_form(tmp_path: Path) -> None:
    kept = {
        "model_index.json": b"{}",
        "unet/config.json": b"{}",
        "unet/model.safetensors": b"weights",
        "vae/model.safetensors.index.json": b"{}",
        "tokenizer/merges.txt": b"a b",
    }
    again = {
        "all_in_one.safetensors": b"weights",
        "unet/model.fp16.safetensors": b"w",
        "vae/model.safetensors.index.fp16.json": b"{}",
    }
    hub = FolderHub({**kept, **again, "unet/model.bin": b"a pickle"})

    path = fetch(hub, tmp_path, PICTURE_MODELS["sd-turbo"])

    found = {
        file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()
    }
    assert found == {*kept, MANIFEST}
