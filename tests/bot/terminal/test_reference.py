from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bot.conftest import Home


def test_pages_are_printed_or_put_into_a_file(home: Home) -> None:
    for line in (("config", "docs"), ("commands", "docs")):
        printed = home.run(*line)
        assert printed.code == 0
        written = home.run(*line, "--out", "page.md")
        assert (written.code, written.out) == (0, "")
        page = (home.folder / "page.md").read_text("utf-8")
        assert printed.out.rstrip() == page.rstrip()
        assert page.startswith("# Co")
        assert page.endswith("\n")
