"""What counts as right: few real emoji are nearer than the one that was wanted."""

from __future__ import annotations

import torch

from bot.training.sticker.check import ranks


def test_a_copy_is_nearest_to_itself() -> None:
    real = torch.randn(9, 8, 8, 8, generator=torch.Generator().manual_seed(1))
    assert ranks(real, real, torch.arange(9)).tolist() == [0] * 9


def test_each_nearer_emoji_costs_a_place() -> None:
    real = torch.zeros(4, 1, 1, 1)
    real[:, 0, 0, 0] = torch.tensor([0.0, 1.0, 2.0, 3.0])
    drawn = torch.tensor([0.2, 2.9]).reshape(2, 1, 1, 1)
    assert ranks(drawn, real, torch.tensor([2, 0])).tolist() == [2, 3]
