"""The training loop: from rows to weights, going on where it was stopped.

A checkpoint is one safetensors file: weights, the optimizer's two averages, the state
of the random numbers, and in its header, which is JSON, the step and what the run is
made of. A run that was stopped and gone on with ends with the same weights as one that
was not.
"""

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from bot.safety.guard_text import END, START, prepare
from bot.training.guard.encoder import Encoder
from bot.training.guard.mixture import rows_of_pass
from bot.training.guard.rows import CATEGORIES, Row

__all__ = ["Batch", "Settings", "Trainer", "batches_of_pass"]

PAD = 1
WARM_UP, CLIP = 0.06, 1.0
SORTED_TOGETHER = 16  # batches


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train.

    Attributes:
        rate: the highest learning rate of the encoder, `head_rate` that of its head.
        max_tokens: of a text, with its two marks; longer ones lose an end.
        num_frozen: layers at the bottom that stay as they are, like the embeddings:
            what makes languages alike is there, and would be lost for rare words.
        save_every: steps between checkpoints.
    """

    epochs: int = 3
    batch: int = 32
    rate: float = 1e-4
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    max_tokens: int = 80
    num_frozen: int = 5
    seed: int = 1
    save_every: int = 100


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows as numbers.

    Attributes:
        ids: (B, T) int64, `mask` (B, T) bool.
        labels: (B, C) float32, `weights` (B, C) float32: 0 where a label is unknown.
    """

    ids: Tensor
    mask: Tensor
    labels: Tensor
    weights: Tensor


def batches_of_pass(
    rows: Sequence[Row], tokenizer: Tokenizer, settings: Settings, *, number: int
) -> list[Batch]:
    """Return the batches of a pass; texts in one are about equally long."""
    chance = random.Random(f"{settings.seed}:{number}:order")  # noqa: S311 (no secret)
    rows = rows_of_pass(rows, number=number, seed=settings.seed)
    encodings = tokenizer.encode_batch(
        [prepare(row.text) for row in rows], add_special_tokens=False
    )
    pairs = [
        (row, _cut(list(encoding.ids), settings.max_tokens - 2, chance))
        for row, encoding in zip(rows, encodings, strict=True)
    ]
    several = settings.batch * SORTED_TOGETHER
    batches = [
        _batch(part[start : start + settings.batch])
        for first in range(0, len(pairs), several)
        for part in [sorted(pairs[first : first + several], key=lambda p: len(p[1]))]
        for start in range(0, len(part), settings.batch)
    ]
    chance.shuffle(batches)
    return batches


def _cut(ids: list[int], room: int, chance: random.Random) -> list[int]:
    """Keep the beginning or the end of what is too long."""
    kept = ids[:room] if chance.random() < 2 / 3 else ids[-room:]
    return [START, *kept, END]


def _batch(pairs: Sequence[tuple[Row, list[int]]]) -> Batch:
    longest = max(len(ids) for _, ids in pairs)
    ids = torch.full((len(pairs), longest), PAD)
    labels = torch.zeros(len(pairs), len(CATEGORIES))
    weights = torch.zeros(len(pairs), len(CATEGORIES))
    for number, (row, tokens) in enumerate(pairs):
        ids[number, : len(tokens)] = torch.tensor(tokens)
        for place, category in enumerate(CATEGORIES):
            if category in row.labels:
                labels[number, place] = row.labels[category]
                weights[number, place] = row.weight
    return Batch(ids, ids != PAD, labels, weights)


class Trainer:
    """Trains an encoder; use `run` once.

    Attributes:
        step: how many steps are done.
    """

    def __init__(
        self,
        encoder: Encoder,
        tokenizer: Tokenizer,
        rows: Sequence[Row],
        settings: Settings,
        *,
        checkpoint: Path,
    ) -> None:
        self.encoder, self.step = encoder, 0
        self._tokenizer, self._rows, self._settings = tokenizer, rows, settings
        self._checkpoint = checkpoint
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.manual_seed(settings.seed)
        encoder.to(self._device)
        for frozen in (
            encoder.pieces,
            encoder.positions,
            encoder.embedded,
            *encoder.layers[: settings.num_frozen],
        ):
            frozen.requires_grad_(False)
        head = list(encoder.head.parameters())
        others = [
            weights
            for name, weights in encoder.named_parameters()
            if weights.requires_grad and not name.startswith("head.")
        ]
        self._optimizer = torch.optim.AdamW(
            [
                {"params": others, "lr": settings.rate},
                {"params": head, "lr": settings.head_rate},
            ],
            weight_decay=settings.weight_decay,
            fused=True,
        )
        self._rates = [settings.rate, settings.head_rate]

    def run(self, progress: Callable[[int, int, float], None]) -> None:
        """Train to the end; `progress` gets steps done, steps in all, mean loss."""
        first = batches_of_pass(self._rows, self._tokenizer, self._settings, number=0)
        total = len(first) * self._settings.epochs
        self._restore(total)
        self.encoder.train()
        mean = 0.0
        for number, batch in self._batches(first):
            loss = self._learn(batch, (number + 1) / total)
            mean = loss if not mean else 0.98 * mean + 0.02 * loss
            self.step = number + 1
            if self.step % self._settings.save_every == 0 or self.step == total:
                self._save(total)
            progress(self.step, total, mean)
        self.encoder.eval()

    def _batches(self, first: list[Batch]) -> Iterator[tuple[int, Batch]]:
        """Yield what is still to do, with the number of each batch in the run."""
        begin = self.step // len(first)
        for number in range(begin, self._settings.epochs):
            batches = batches_of_pass(
                self._rows, self._tokenizer, self._settings, number=number
            )
            for place, batch in enumerate(batches):
                step = number * len(first) + place
                if step >= self.step:
                    yield step, batch

    def _learn(self, batch: Batch, done: float) -> float:
        factor = min(done / WARM_UP, (1 - done) / (1 - WARM_UP))
        for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * max(factor, 0.0)
        ids, mask = batch.ids.to(self._device), batch.mask.to(self._device)
        with torch.autocast(self._device, dtype=torch.bfloat16):
            logits = self.encoder(ids, mask)
        losses = functional.binary_cross_entropy_with_logits(
            logits,
            batch.labels.to(self._device),
            weight=batch.weights.to(self._device),
            reduction="sum",
        )
        loss = losses / len(batch.ids)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.encoder.parameters(), CLIP)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        return float(loss.detach())

    def _run_id(self, total: int) -> str:
        """Return what tells this run from any other."""
        made_of = [asdict(self._settings), total, self.encoder.shape.as_json()]
        digest = hashlib.sha256(json.dumps(made_of, sort_keys=True).encode())
        for row in self._rows:
            digest.update(f"{row.text}\0{row.weight}\0".encode())
            digest.update(json.dumps(row.labels, sort_keys=True).encode())
        return digest.hexdigest()

    def _save(self, total: int) -> None:
        tensors = {f"w.{n}": t for n, t in self.encoder.state_dict().items()}
        for number, state in self._optimizer.state_dict()["state"].items():
            tensors |= {f"o.{number}.{name}": t for name, t in state.items()}
        tensors["random"] = torch.get_rng_state()
        header = {"run": self._run_id(total), "step": str(self.step)}
        beginning = self._checkpoint.with_suffix(".part")
        save_file(
            {n: t.contiguous().cpu() for n, t in tensors.items()}, beginning, header
        )
        beginning.replace(self._checkpoint)

    def _restore(self, total: int) -> None:
        """Go on with the checkpoint, if it is one of this very run."""
        if not self._checkpoint.is_file():
            return
        with safe_open(self._checkpoint, "pt", device=self._device) as file:
            header = file.metadata() or {}
            if header.get("run") != self._run_id(total):
                return
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        self.step = int(header["step"])
        weights = {n[2:]: t for n, t in tensors.items() if n.startswith("w.")}
        self.encoder.load_state_dict(weights)
        state: dict[int, dict[str, Tensor]] = {}
        for name, tensor in tensors.items():
            if name.startswith("o."):
                _, number, what = name.split(".")
                state.setdefault(int(number), {})[what] = tensor
        packed = self._optimizer.state_dict()
        self._optimizer.load_state_dict({**packed, "state": state})
        torch.set_rng_state(tensors["random"].cpu())
