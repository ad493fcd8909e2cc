"""How much memory a text model needs, computed from its shape.

    need = weights + cache + overhead
    weights = parameters x bits / 8
    cache = cached tokens x 2 (a key and a value) x layers x heads x width x 2 bytes

It is an estimate from above: models that look back over a window in some layers
(Gemma 3) cache less than this.
"""

from dataclasses import dataclass

__all__ = [
    "BF16_BITS",
    "GIB",
    "Q4_BITS",
    "CacheShape",
    "cached_tokens",
    "model_bytes",
    "overhead_bytes",
    "weights_bytes",
]

GIB = 1024**3
BF16_BITS = 16.0
Q4_BITS = 4.85
"""What Q4_K_M takes for each weight, its scales included."""

CACHE_VALUE_BYTES = 2  # keys and values are kept in 16 bits
OVERHEAD_SHARE = 0.06  # activations and buffers grow with the model …
OVERHEAD_BYTES = 200 * 1024**2  # … and a runtime takes this much for any


@dataclass(frozen=True, slots=True)
class CacheShape:
    """What decides how large a model's key-value cache is."""

    num_layers: int
    num_kv_heads: int
    head_width: int

    @property
    def bytes_per_token(self) -> int:
        """What one token takes in the cache, in 16 bits."""
        values = self.num_layers * self.num_kv_heads * self.head_width
        return 2 * values * CACHE_VALUE_BYTES


def cached_tokens(context_tokens: int, max_parallel: int) -> int:
    """Return how many tokens the cache holds that the requests at once share.

    A quarter of what they would need if all were as long as they may be, and at least
    one of full length: chats are short, and few are at their longest together.
    """
    return max(context_tokens, context_tokens * max_parallel // 4)


def weights_bytes(parameters: int, bits: float) -> int:
    """Return what the weights take with so many bits for each."""
    return round(parameters * bits / 8)


def model_bytes(parameters: int, *, bits: float, shape: CacheShape, tokens: int) -> int:
    """Return what a model takes with a cache of so many tokens, in bytes."""
    weights = weights_bytes(parameters, bits)
    return weights + tokens * shape.bytes_per_token + overhead_bytes(weights)


def overhead_bytes(weights: int) -> int:
    """Return what a runtime takes beside weights of so many bytes and the cache."""
    return OVERHEAD_BYTES + round(weights * OVERHEAD_SHARE)
