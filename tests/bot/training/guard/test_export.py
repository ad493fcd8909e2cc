"""The written network does what the trained one does."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from bot.training.guard.encoder import Encoder, Shape
from bot.training.guard.export import MAX_WEIGHT, export, quantize

SHAPE = Shape(60, 32, 2, 2, 64, 16, 7)


@given(st_numpy.arrays(np.float32, (3, 5), elements=st.floats(-100, 100, width=32)))
def test_whole_numbers_are_within_half_a_scale(weights: np.ndarray) -> None:
    numbers, scales = quantize(weights, largest=MAX_WEIGHT)
    assert np.abs(numbers).max(initial=0) <= MAX_WEIGHT
    assert (np.abs(numbers * scales[:, None] - weights) <= scales[:, None] * 0.51).all()


@pytest.mark.parametrize("num_tokens", [2, 3, 16])
def test_the_written_network_agrees_with_the_trained_one(
    tmp_path: Path, num_tokens: int
) -> None:
    torch.manual_seed(2)
    encoder = Encoder(SHAPE).eval()
    export(encoder, tmp_path / "guard.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "guard.onnx")
    ids = torch.randint(0, 60, (1, num_tokens))
    (logits,) = session.run(None, {"ids": ids.numpy()})
    with torch.no_grad():
        expected = encoder(ids, torch.ones_like(ids).bool()).numpy()
    assert np.abs(logits - expected).max() < 0.05
    assert np.abs(expected).max() > 0.05


def test_what_is_written_depends_on_the_weights_alone(tmp_path: Path) -> None:
    torch.manual_seed(2)
    encoder = Encoder(SHAPE)
    for name in ("one", "two"):
        export(encoder, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_padding_changes_nothing() -> None:
    torch.manual_seed(2)
    encoder = Encoder(SHAPE).eval()
    ids = torch.tensor([[0, 5, 6, 2, 1, 1]])
    with torch.no_grad():
        padded = encoder(ids, ids != 1)
        bare = encoder(ids[:, :4], torch.ones(1, 4).bool())
    assert torch.allclose(padded, bare, atol=1e-5)
