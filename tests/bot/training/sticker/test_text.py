"""The small text encoder says what the whole one says, and reads any word."""

from __future__ import annotations

import pytest

from bot.training.sticker.sources import Files
from bot.training.sticker.text import MAX_TOKENS, TextEncoder, make_text_encoder


@pytest.fixture(scope="module")
def small(files: Files) -> TextEncoder:
    return make_text_encoder(files.text, ["red disc", "blue box"], num_pieces=70)


def test_pieces_that_captions_use_are_kept(small: TextEncoder) -> None:
    kept = small.tokenizer.get_vocab()
    assert {"red", "disc", "blue", "box"} <= set(kept)
    assert "purple" not in kept


def test_a_word_nobody_knows_still_has_pieces(small: TextEncoder) -> None:
    pieces = small.tokenizer.tokenize("purple zyx")
    assert "[UNK]" not in pieces
    assert "".join(piece.removeprefix("##") for piece in pieces) == "purplezyx"


def test_fewer_pieces_change_nothing_that_is_said(
    small: TextEncoder, files: Files
) -> None:
    whole = make_text_encoder(files.text, ["red disc", "blue box"], num_pieces=999)
    ours, theirs = small.embed(["red box"]), whole.embed(["red box"])
    assert ours.shape == (1, MAX_TOKENS, 32)
    assert (ours - theirs).abs().max() < 0.02


def test_a_long_prompt_is_cut(small: TextEncoder) -> None:
    assert small.embed(["red " * 90]).shape == (1, MAX_TOKENS, 32)
