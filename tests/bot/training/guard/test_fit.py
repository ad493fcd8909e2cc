"""Training goes on where it stopped, and its end does not show it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from bot.safety.policy import Category
from bot.training.guard.base_model import BaseModel, make_tokenizer
from bot.training.guard.encoder import Encoder
from bot.training.guard.fit import Settings, Trainer, batches_of_pass
from bot.training.guard.rows import CATEGORIES, Row, labels_of

SETTINGS = Settings(epochs=2, batch=16, save_every=3, num_frozen=1)


class StoppedError(Exception):
    """Somebody ended the training."""


def begin(
    base: BaseModel, rows: list[Row], folder: Path, settings: Settings = SETTINGS
) -> Trainer:
    torch.manual_seed(settings.seed)
    encoder = base.encoder(
        list(range(len(base.pieces))), num_positions=64, num_outputs=len(CATEGORIES)
    )
    folder.mkdir(exist_ok=True)
    return Trainer(
        encoder,
        tokenizer_of(base),
        rows,
        settings,
        checkpoint=folder / "checkpoint.safetensors",
    )


def tokenizer_of(base: BaseModel) -> Tokenizer:
    return make_tokenizer(base.pieces)


def same(one: Encoder, other: Encoder) -> bool:
    mine, theirs = one.state_dict(), other.state_dict()
    return all(torch.equal(mine[name], theirs[name]) for name in mine)


@pytest.fixture
def few(rows: list[Row]) -> list[Row]:
    """Rows for some steps only."""
    return [replace(row, corpus="elsewhere") for row in rows[:64]]


def ignore(done: int, total: int, loss: float) -> None:
    assert 0 < done <= total
    assert loss >= 0


def test_a_training_that_was_stopped_ends_with_the_same_weights(
    base: BaseModel, few: list[Row], tmp_path: Path
) -> None:
    def stop(done: int, total: int, loss: float) -> None:
        if done == 5:
            raise StoppedError

    whole = begin(base, few, tmp_path / "whole")
    whole.run(ignore)
    with pytest.raises(StoppedError):
        begin(base, few, tmp_path / "parts").run(stop)
    steps: list[int] = []
    again = begin(base, few, tmp_path / "parts")
    again.run(lambda done, total, loss: steps.append(done))
    assert steps[0] == 4, "the last checkpoint was after step 3"
    assert same(whole.encoder, again.encoder)


def test_a_checkpoint_of_another_run_is_not_gone_on_with(
    base: BaseModel, few: list[Row], tmp_path: Path
) -> None:
    begin(base, few, tmp_path).run(ignore)
    steps: list[int] = []
    other = begin(base, few, tmp_path, replace(SETTINGS, seed=2))
    other.run(lambda done, total, loss: steps.append(done))
    assert steps[0] == 1


def test_a_training_that_is_done_is_not_done_again(
    base: BaseModel, few: list[Row], tmp_path: Path
) -> None:
    first = begin(base, few, tmp_path)
    first.run(ignore)
    again = begin(base, few, tmp_path)
    again.run(lambda done, total, loss: pytest.fail("there was nothing to do"))
    assert same(first.encoder, again.encoder)


def test_what_is_frozen_stays_as_it_was(
    base: BaseModel, few: list[Row], tmp_path: Path
) -> None:
    trainer = begin(base, few, tmp_path)
    before = {n: t.clone() for n, t in trainer.encoder.state_dict().items()}
    trainer.run(ignore)
    after = trainer.encoder.state_dict()
    still = {name for name in before if torch.equal(before[name], after[name])}
    assert "pieces.weight" in still
    assert "layers.0.widen.weight" in still
    assert "layers.1.widen.weight" not in still
    assert "head.weight" not in still


def test_a_checkpoint_holds_tensors_only(
    base: BaseModel, few: list[Row], tmp_path: Path
) -> None:
    begin(base, few, tmp_path).run(ignore)
    names = load_file(tmp_path / "checkpoint.safetensors")
    assert {"w.head.weight", "random", "o.0.exp_avg"} <= set(names)


def test_unknown_labels_weigh_nothing(base: BaseModel) -> None:
    rows = [
        Row("ignore it", {Category.INJECTION: 1.0}, "a", weight=2.0),
        Row("a cake", labels_of(), "b"),
    ]
    (batch,) = batches_of_pass(rows, tokenizer_of(base), SETTINGS, number=0)
    order = batch.weights.sum(dim=1).argsort()
    assert batch.weights[order].tolist() == [[0] * 6 + [2.0], [1.0] * 7]
    assert batch.labels[order].tolist() == [[0] * 6 + [1.0], [0] * 7]


def test_long_texts_lose_an_end(base: BaseModel) -> None:
    rows = [Row("the cake " * 200, labels_of(), "a")]
    settings = replace(SETTINGS, max_tokens=24)
    (batch,) = batches_of_pass(rows, tokenizer_of(base), settings, number=0)
    assert batch.ids.shape == (1, 24)
    assert batch.ids[0, [0, -1]].tolist() == [0, 2]
    assert batch.mask.all()


def test_a_pass_has_each_row_once_however_it_is_batched(
    base: BaseModel, rows: list[Row]
) -> None:
    mine = [replace(row, corpus="elsewhere") for row in rows]
    batches = batches_of_pass(mine, tokenizer_of(base), SETTINGS, number=0)
    assert sum(len(batch.ids) for batch in batches) == len(rows)
    assert max(len(batch.ids) for batch in batches) == SETTINGS.batch
