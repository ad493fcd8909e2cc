"""Asking pip where a package's wheel lies, so that the user's own settings count.

Index, mirror, proxy and certificates are whatever pip is told to use on this machine.
"""

import ast
import json
import subprocess
import sys
from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.errors import MissingError
from bot.models.download import Remote
from bot.models.entry import PackageSource
from bot.words import T

__all__ = ["FindWheel", "PipIndex"]

FindWheel = Callable[[PackageSource], Remote]
"""Returns where the wheel of a package lies; raises MissingError if nowhere."""

TIMEOUT_S = 120
PLACES = (":env:", "install", "global")  # where pip keeps settings, strongest first
LAST_LINES = 3  # of what pip complained are shown


@dataclass(frozen=True, slots=True)
class PipIndex:
    """pip, as this Python runs it.

    Attributes:
        environ: what pip sees as its environment; None: the same as ours.
        timeout_s: how long pip may take to answer.
    """

    environ: Mapping[str, str] | None = None
    timeout_s: float = TIMEOUT_S
    python: str = sys.executable

    def find(self, source: PackageSource) -> Remote:
        """Return where the wheel lies.

        Raises:
            MissingError: pip is not here or does not find it; the text has its reason.
        """
        wanted = f"{source.package}=={source.version}"
        report = self._run(
            "install",
            "--dry-run",
            "--no-deps",
            "--ignore-installed",
            "--only-binary=:all:",
            "--quiet",
            "--report=-",
            wanted,
        )
        try:
            url = json.loads(report)["install"][0]["download_info"]["url"]
        except (ValueError, LookupError, TypeError) as error:
            raise MissingError(
                T("pip gave no address for {package}.", package=wanted)
            ) from error
        settings = self._settings()
        return Remote(
            str(url),
            source.wheel_bytes,
            source.wheel_sha256,
            certificates=settings.get("cert", ""),
            proxy=settings.get("proxy", ""),
        )

    def _settings(self) -> Mapping[str, str]:
        """Return pip's own settings by their bare names; the strongest place wins."""
        found: dict[str, dict[str, str]] = {place: {} for place in PLACES}
        for line in self._run("config", "list").splitlines():
            place, _, setting = line.partition(".")
            name, _, value = setting.partition("=")
            if place in found and name in ("cert", "proxy"):
                found[place][name] = str(ast.literal_eval(value))
        return ChainMap(*(found[place] for place in PLACES))

    def _run(self, *arguments: str) -> str:
        command = [self.python, "-m", "pip", "--disable-pip-version-check"]
        environ = None if self.environ is None else dict(self.environ)
        try:
            done = subprocess.run(  # noqa: S603 (our own Python, no shell)
                [*command, *arguments],
                capture_output=True,
                check=False,
                encoding="utf-8",
                errors="replace",
                env=environ,
                stdin=subprocess.DEVNULL,
                timeout=self.timeout_s,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise MissingError(
                T("pip does not answer. Look at the network and try again.")
            ) from error
        if done.returncode != 0:
            raise MissingError(
                T(
                    "pip could not find the model's package: {reason}. Look at the "
                    "network and at pip's index settings, then try again.",
                    reason=_reason(done.stderr.splitlines()),
                )
            )
        return done.stdout


def _reason(lines: Sequence[str]) -> str:
    errors = [line.removeprefix("ERROR: ") for line in lines if "ERROR" in line]
    return " ".join(errors or lines[-LAST_LINES:]).rstrip(".") or "no reason given"
