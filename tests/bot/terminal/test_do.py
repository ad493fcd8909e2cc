from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bot.conftest import Home

SPEAKING = """
[bot]
cache_folder = "cache"
[models.chat]
model = "fake"
backend = "fake"
[models.speech]
model = "fake"
backend = "fake"
"""


def test_folder_that_cannot_be_made_is_said_before_the_work(home: Home) -> None:
    (home.folder / "file").touch()

    ended = home.run("do", "/speak hello", "--out", "file/x")

    assert ended.code != 0
    assert ended.is_kind


def test_file_of_a_reply_is_named_even_where_nobody_wants_it(home: Home) -> None:
    home.write_config(SPEAKING)

    ended = home.run("do", "/speak Good evening.")

    assert (ended.code, ended.out) == (0, "")
    assert "voice.ogg" in ended.err


def test_file_of_a_reply_goes_to_the_folder(home: Home) -> None:
    home.write_config(SPEAKING)

    ended = home.run("do", "/speak Good evening.", "--out", "sounds")

    assert ended.code == 0, ended.err
    content = (home.folder / "sounds" / "voice.ogg").read_bytes()
    assert content.startswith(b"OggS")
