"""The whole way: rows, base model, training, export, calibration, figures, card."""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from bot.models.download import file_sha256
from bot.safety.guard_network import DESCRIPTION, NETWORK, TOKENIZER, GuardNetwork
from bot.safety.guard_text import LONGEST_WINDOW, prepare, windows
from bot.training.guard.base_model import (
    BaseModel,
    make_tokenizer,
    small_vocabulary,
)
from bot.training.guard.calibrate import Calibration, calibrate
from bot.training.guard.card import write_card
from bot.training.guard.encoder import Encoder
from bot.training.guard.evaluate import figures, logits_of
from bot.training.guard.export import export
from bot.training.guard.fit import Settings, Trainer
from bot.training.guard.held_back import write_held_back
from bot.training.guard.rows import CATEGORIES, Row, Split
from bot.training.guard.split import split_rows
from bot.words import T, Text

__all__ = ["NAME", "train_guard"]

NAME = "hearthguard-1"
NUM_PIECES = 16_000
NUM_COMPARED = 64  # texts on which the export is compared with what was trained
CHECKPOINT = "checkpoint.safetensors"

Bar = Callable[[Text], AbstractContextManager[Callable[[int, int], None]]]
"""Shows a bar; what it gives is called with (done, total)."""


@dataclass(frozen=True, slots=True)
class Parity:
    """How far the exported network is from the trained one, in probabilities."""

    largest: float
    mean: float


def train_guard(
    rows: Iterable[Row],
    held_out: Sequence[Row],
    base: BaseModel,
    out: Path,
    settings: Settings,
    *,
    bar: Bar,
    num_pieces: int = NUM_PIECES,
) -> dict[str, Any]:
    """Train, write the model's folder, and return the figures.

    Goes on where an earlier run of the same kind was stopped.
    """
    out.mkdir(parents=True, exist_ok=True)
    rows = split_rows(rows, seed=settings.seed)
    by_split = {one: [row for row in rows if row.split is one] for one in Split}
    train = by_split[Split.TRAIN]
    kept = small_vocabulary(
        base.pieces, [prepare(row.text) for row in train], num_pieces
    )
    tokenizer = make_tokenizer([base.pieces[number] for number in kept])
    torch.manual_seed(settings.seed)
    encoder = base.encoder(
        kept, num_positions=LONGEST_WINDOW, num_outputs=len(CATEGORIES)
    )
    trainer = Trainer(encoder, tokenizer, train, settings, checkpoint=out / CHECKPOINT)
    with bar(T("Training")) as progress:
        trainer.run(lambda done, total, loss: progress(done, total))
    encoder.cpu()
    export(encoder, out / NETWORK)
    tokenizer.save(str(out / TOKENIZER))
    network = GuardNetwork(
        out, {name: file_sha256(out / name) for name in (NETWORK, TOKENIZER)}
    )
    parts = (by_split[Split.VALIDATION], by_split[Split.TEST], held_out)
    scored = []
    for part in parts:
        with bar(T("Measuring")) as progress:
            scored.append(logits_of(network, part, progress))
    calibration = calibrate(parts[0], scored[0])
    found = figures(parts[1], scored[1], parts[2], scored[2], calibration)
    compared = [row.text for row in parts[0][:NUM_COMPARED]]
    parity = compare(encoder, tokenizer, network, calibration, compared)
    found["parity"] = {"largest": parity.largest, "mean": parity.mean}
    found["rows"] = {one.value: len(by_split[one]) for one in Split}
    _describe(out, calibration)
    write_held_back(out, by_split[Split.TEST])
    write_card(out, found, settings)
    return found


def compare(
    encoder: Encoder,
    tokenizer: Tokenizer,
    network: GuardNetwork,
    calibration: Calibration,
    texts: Sequence[str],
) -> Parity:
    """Return how far the probabilities of the two are apart on some texts."""
    both = []
    for text in texts:
        ids = tokenizer.encode(prepare(text), add_special_tokens=False).ids
        with torch.no_grad():
            ours = [
                encoder(torch.tensor([window]), torch.ones(1, len(window)).bool())
                for window in windows(ids)
            ]
        both.append([torch.cat(ours).amax(0).numpy(), network.logits(text)])
    pairs = np.array(both, dtype=np.float64)  # (N, 2, C)
    apart = np.abs(
        calibration.probabilities(pairs[:, 0]) - calibration.probabilities(pairs[:, 1])
    )
    return Parity(float(apart.max()), float(apart.mean()))


def _describe(out: Path, calibration: Calibration) -> None:
    facts = {
        "name": NAME,
        "categories": list(CATEGORIES),
        "scales": _rounded(calibration.scales),
        "shifts": _rounded(calibration.shifts),
        "thresholds": {
            level: _rounded(of_level)
            for level, of_level in calibration.thresholds.items()
        },
        "sha256": {name: file_sha256(out / name) for name in (NETWORK, TOKENIZER)},
    }
    text = json.dumps(facts, indent=2) + "\n"
    (out / DESCRIPTION).write_text(text, encoding="utf-8")


def _rounded(numbers: Any) -> dict[str, float]:
    return {name: round(float(number), 4) for name, number in numbers.items()}
