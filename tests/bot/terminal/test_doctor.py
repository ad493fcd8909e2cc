from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bot.conftest import Home


def test_doctor_of_a_place_that_is_right_ends_with_0(home: Home) -> None:
    ended = home.run("doctor")
    assert ended.code == 0
    for name in ("python", "gpu", "memory", "disk", "model", "store", "port", "clock"):
        assert f" {name} " in ended.out
    assert "✗" not in ended.out


def test_doctor_says_what_is_missing_and_ends_with_1(home: Home) -> None:
    home.write_config('[models.chat]\nmodel = "none.gguf"\n[adapters.web]\nport = 0')
    ended = home.run("doctor")
    assert ended.code == 1
    assert "✗ model" in ended.out
    assert "There is no model at none.gguf." in ended.out
    checks = json.loads(home.run("doctor", "--json").out)
    assert "none.gguf" in json.dumps(checks)
