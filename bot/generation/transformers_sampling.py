"""A seed of its own for every request of a batch.

The continuous batcher draws from one generator for the whole batch, so a text would
depend on what else runs. Here every request brings its noise with it: the Gumbel-max
trick, where adding -log(-log(u)) to the scores and taking the largest is the same as
drawing from their softmax, with u made from (seed, position, token) by hashing.
"""

import torch
from transformers import ContinuousBatchingManager
from transformers.generation.continuous_batching.cb_logits_processors import (
    ContinuousBatchingLogitsProcessor,
)
from transformers.generation.continuous_batching.requests import FutureRequestState
from typing_extensions import override

__all__ = ["GREEDY", "SeededChoice", "add_seeded_choice"]

GREEDY = -1
"""The seed of a request that always takes the likeliest token."""

MASK = 0xFFFFFFFF
SEED_BITS = 31


class SeededChoice(ContinuousBatchingLogitsProcessor):
    """Leaves one token for each row of scores; has to be the last processor."""

    supported_kwargs = {"seed": int}  # noqa: RUF012 - declared so by the base
    ignored_kwargs = ()

    @override
    def fill_defaults(self, int32_tensor: torch.Tensor) -> None:
        int32_tensor.fill_(GREEDY)

    @override
    def prepare_tensor_args(
        self, requests_with_new_token: list[FutureRequestState]
    ) -> torch.Tensor:
        """Return a key for each row, (B,) int32: of its seed and its position."""
        keys = []
        for request in requests_with_new_token:
            seed = request.state.logit_processor_kwargs.get("seed", GREEDY)
            place = request.state.position_offset
            keys.append(GREEDY if seed == GREEDY else _mixed(seed, place))
        return torch.tensor(keys, dtype=torch.int32, device="cpu")

    @override
    def __call__(self, scores: torch.Tensor, tensor_arg: torch.Tensor) -> torch.Tensor:
        keys = tensor_arg[: scores.size(0)].to(torch.int64)  # (B,)
        tokens = torch.arange(scores.size(1), device=scores.device)  # (V,) int64
        noise = _gumbel(keys, tokens)  # (B, V) float32
        is_greedy = (keys == GREEDY).unsqueeze(-1)  # (B, 1)
        noisy = scores + noise.masked_fill(is_greedy, 0.0)
        chosen = noisy.argmax(dim=-1, keepdim=True)  # (B, 1)
        only = torch.full_like(scores, float("-inf"))
        return only.scatter(-1, chosen, 0.0)


def add_seeded_choice(batcher: "ContinuousBatchingManager") -> None:
    """Let a batcher that has not been started take `seed` with each request."""
    processors = batcher.logit_processor
    processors.logits_processor.append(SeededChoice())
    processors.tensors_required += 1
    processors.supported_keys["seed"] = int


def _mixed(seed: int, place: int) -> int:
    """Return 31 bits of both; never GREEDY."""
    key = (seed * 0x9E3779B1 + place * 0x85EBCA77) & MASK
    key ^= key >> 15
    key = (key * 0x2C1B3C6D) & MASK
    key ^= key >> 12
    return key >> (32 - SEED_BITS)


def _gumbel(keys: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
    """Return noise of shape (B, V), float32, from a 32-bit hash kept in int64."""
    bits = (keys.unsqueeze(-1) * 0x9E3779B1 + tokens * 0x85EBCA77) & MASK  # (B, V)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        bits = ((bits ^ (bits >> shift)) * factor) & MASK
    bits = bits ^ (bits >> 16)
    uniform = (bits.to(torch.float64) + 0.5) / 2**32  # in (0, 1)
    return -torch.log(-torch.log(uniform)).to(torch.float32)
