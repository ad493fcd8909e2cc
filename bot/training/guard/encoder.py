"""The network: a transformer encoder, its mean over the tokens, one score a category.

Knows nothing about texts: it takes token ids. No input is longer than a window, so
there are no tricks for long ones here.
"""

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

__all__ = ["Encoder", "Shape"]

DROPOUT = 0.1


@dataclass(frozen=True, slots=True)
class Shape:
    """How big the network is.

    Attributes:
        num_pieces: of the vocabulary.
        inner: the width between the two halves of a feed-forward part.
        num_positions: the longest window, in tokens, with its two marks.
        num_outputs: one for each category.
    """

    num_pieces: int
    width: int
    num_layers: int
    num_heads: int
    inner: int
    num_positions: int
    num_outputs: int
    epsilon: float = 1e-12

    def as_json(self) -> dict[str, float]:
        """Return the numbers by their names."""
        return asdict(self)


class Layer(nn.Module):
    """Attention and a feed-forward part, each normalized after it was added."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.num_heads = shape.num_heads
        self.attend = nn.Linear(shape.width, 3 * shape.width)  # query, key, value
        self.gather = nn.Linear(shape.width, shape.width)
        self.attended = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.widen = nn.Linear(shape.width, shape.inner)
        self.narrow = nn.Linear(shape.inner, shape.width)
        self.changed = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.dropout = nn.Dropout(DROPOUT)

    @override
    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Map (B, T, W) to (B, T, W); the mask (B, 1, 1, T) is True at real tokens."""
        batch, tokens, width = x.shape
        heads = self.attend(x).view(batch, tokens, 3, self.num_heads, -1)
        query, key, value = heads.permute(2, 0, 3, 1, 4)  # each (B, H, T, W / H)
        seen = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=mask
        )
        seen = seen.transpose(1, 2).reshape(batch, tokens, width)
        x = self.attended(x + self.dropout(self.gather(seen)))
        inner = functional.gelu(self.widen(x))
        changed: Tensor = self.changed(x + self.dropout(self.narrow(inner)))
        return changed


class Encoder(nn.Module):
    """From token ids to one logit a category."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.pieces = nn.Embedding(shape.num_pieces, shape.width)
        self.positions = nn.Embedding(shape.num_positions, shape.width)
        self.embedded = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.num_layers))
        self.dropout = nn.Dropout(DROPOUT)
        self.head = nn.Linear(shape.width, shape.num_outputs)
        for embedding in (self.pieces, self.positions):
            nn.init.normal_(embedding.weight, std=0.02)

    @override
    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Map ids (B, T) int64 and mask (B, T) bool to logits (B, C) float32."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.embedded(self.pieces(ids) + self.positions(places))
        x = self.dropout(x)
        for layer in self.layers:
            x = layer(x, mask[:, None, None, :])
        kept = mask[:, :, None].to(x.dtype)
        pooled = (x * kept).sum(1) / kept.sum(1)  # (B, W)
        logits: Tensor = self.head(self.dropout(pooled))
        return logits.float()
