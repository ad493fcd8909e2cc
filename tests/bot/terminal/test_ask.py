from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.bot.conftest import Home
    from tests.bot.terminal.conftest import ModelServer


def test_ask_answers_and_says_how_it_went(home: Home) -> None:
    ended = home.run("ask", "What is a hearth?", "--json")
    answer = json.loads(ended.out)
    assert answer["question"] == "What is a hearth?"
    assert answer["answer"].endswith(".")
    assert (answer["model"], answer["completion_tokens"]) == ("fake", 24)
    assert 0 <= answer["first_piece_ms"] <= answer["duration_ms"]
    assert not (home.folder / "data").exists()  # the bot's own store is left alone


async def test_ask_that_the_model_cannot_answer_ends_with_1(
    home: Home, model_server: ModelServer
) -> None:
    home.write_config(
        f'[models.chat]\nmodel = "served"\nbase_url = "{model_server.url}/wrong"\n'
    )
    ended = await home.run_beside("ask", "Hello")
    assert (ended.code, ended.out) == (1, "")
    assert "(error " in ended.err


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_ask_of_what_a_filter_blocks_ends_with_1(
    home: Home, as_json: tuple[str, ...]
) -> None:
    ended = home.run("ask", "x" * 100_000, *as_json)
    assert (ended.code, ended.out) == (1, "")
    assert "too long" in ended.err
    assert ended.is_kind


def test_ask_whose_answer_a_filter_blocks_ends_with_1(home: Home) -> None:
    home.write_config(
        '[models.chat]\nmodel = "fake"\nbackend = "fake"\n'
        '[safety]\nblocked_words = ["hearth", "fire", "the", "a", "one", "light"]\n'
    )
    ended = home.run("ask", "Hello")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err
    assert ended.is_kind


def test_ask_of_a_command_is_answered_without_the_model(home: Home) -> None:
    ended = home.run("ask", "/help", "--json")
    assert ended.code == 0
    answer = json.loads(ended.out)
    assert (answer["model"], answer["completion_tokens"]) == (None, None)


@pytest.mark.parametrize("question", [b"a\xff\xfeb", b"\xed\xa0\xbd", b"\xf0\x9f\x92"])
def test_ask_with_bytes_that_are_no_text_takes_them_for_marks(
    home: Home, question: bytes
) -> None:
    ended = home.run("ask", question, "--json")
    assert ended.code == 0
    assert json.loads(ended.out)["question"] == question.decode(errors="replace")
    assert ended.err == ""


def test_other_arguments_with_bytes_that_are_no_text_are_refused_kindly(
    home: Home,
) -> None:
    for line in (
        ("models", "fetch", b"\xff"),
        ("draft", b"\xff", "--topic", b"\xff"),
        ("do", b"/\xff"),
    ):
        ended = home.run(*line)
        assert (ended.code, ended.out) == (1, "")
        assert "There is no " in ended.err
        assert ended.is_kind
    ended = home.run("config", "check", "--config", b"\xff.toml")
    assert ended.code == 2
    assert ended.is_kind
    (home.folder / "caf\udce9.toml").write_text("", encoding="utf-8")
    ended = home.run("config", "check", "--config", b"caf\xe9.toml")
    assert (ended.code, ended.out) == (0, "caf?.toml is fine.\n")
