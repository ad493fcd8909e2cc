"""npm says where archives lie; what it names must be the expected one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import MissingError
from bot.models.download import Remote
from bot.models.npm_registry import NpmArchive, NpmRegistry, fetch_archive

PACKED = b"an archive of pictures"
ARCHIVE = NpmArchive(
    package="@someone/pictures",
    version="1.2.0",
    size_bytes=len(PACKED),
    sha256=hashlib.sha256(PACKED).hexdigest(),
    integrity="sha512-known",
)


def silent(done: int, total: int) -> None:
    assert done <= total


def nowhere(archive: NpmArchive) -> Remote:
    raise AssertionError(f"{archive.package} should not be asked for")


def npm_that(tmp_path: Path, script: str) -> NpmRegistry:
    program = tmp_path / "npm"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return NpmRegistry(npm=str(program))


def npm_naming(
    tmp_path: Path, url: str, integrity: str = "sha512-known"
) -> NpmRegistry:
    stated = json.dumps({"tarball": url, "integrity": integrity})
    return npm_that(
        tmp_path,
        f"""case "$*" in
"view @someone/pictures@1.2.0 dist --json") echo '{stated}' ;;
"config get cafile") echo /etc/some.pem ;;
"config get https-proxy") echo null ;;
*) exit 3 ;;
esac""",
    )


def test_without_npm_it_says_what_to_put_where() -> None:
    with pytest.raises(MissingError, match=r"someone-pictures-1\.2\.0\.tgz"):
        NpmRegistry(npm="/nowhere/npm").find(ARCHIVE)


def test_a_package_that_is_not_there_is_told_with_the_reason(tmp_path: Path) -> None:
    npm = npm_that(
        tmp_path, "echo 'npm error code E404\nnpm error 404 No match.' >&2; exit 1"
    )
    with pytest.raises(MissingError, match="pictures: 404 No match"):
        npm.find(ARCHIVE)


def test_a_silent_failure_has_no_reason(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no reason given"):
        npm_that(tmp_path, "exit 1").find(ARCHIVE)


@pytest.mark.parametrize("answer", ["", "[]", '"x"', '{"tarball": "u"}'])
def test_a_strange_answer_is_no_address(tmp_path: Path, answer: str) -> None:
    with pytest.raises(MissingError, match="gave no address"):
        npm_that(tmp_path, f"echo '{answer}'").find(ARCHIVE)


def test_another_archive_of_the_same_name_is_refused(tmp_path: Path) -> None:
    npm = npm_naming(tmp_path, "file:///x.tgz", integrity="sha512-other")
    with pytest.raises(MissingError, match="integrity differs"):
        npm.find(ARCHIVE)


def test_npm_that_hangs_is_given_up(tmp_path: Path) -> None:
    npm = replace(npm_that(tmp_path, "exec sleep 30"), timeout_s=0.05)
    with pytest.raises(MissingError, match="npm does not answer"):
        npm.find(ARCHIVE)


def test_an_archive_comes_from_where_npm_says_and_only_once(tmp_path: Path) -> None:
    source = tmp_path / "registry.tgz"
    source.write_bytes(PACKED)
    npm = npm_naming(tmp_path, source.as_uri())
    remote = npm.find(ARCHIVE)
    assert (remote.certificates, remote.proxy) == ("/etc/some.pem", "")

    folder = tmp_path / "models"
    path = fetch_archive(ARCHIVE, folder, find=npm.find, progress=silent)
    assert path.read_bytes() == PACKED
    assert fetch_archive(ARCHIVE, folder, find=nowhere, progress=silent) == path
    assert [one.name for one in folder.iterdir()] == ["someone-pictures-1.2.0.tgz"]


def test_a_damaged_archive_is_fetched_again(tmp_path: Path) -> None:
    source = tmp_path / "registry.tgz"
    source.write_bytes(PACKED)
    (tmp_path / ARCHIVE.file).write_bytes(b"half")
    npm = npm_naming(tmp_path, source.as_uri())
    path = fetch_archive(ARCHIVE, tmp_path, find=npm.find, progress=silent)
    assert path.read_bytes() == PACKED
