"""Steps to the end or until stopped, with a checkpoint every now and then."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from torch import nn

from bot.training.sticker.checkpoint import restore, save

__all__ = ["Trainer"]


class Trainer(ABC):
    """Trains something; use `run` once.

    Args:
        modules, optimizers: what a checkpoint holds, by name.
        run_id: names the run; a checkpoint of another one is not gone on from.

    Attributes:
        step: how many steps are done.
    """

    def __init__(
        self,
        checkpoint: Path,
        *,
        modules: Mapping[str, nn.Module],
        optimizers: Mapping[str, torch.optim.Optimizer],
        run_id: str,
        steps: int,
        save_every: int,
    ) -> None:
        self.step = 0
        self._checkpoint = checkpoint
        self._modules, self._optimizers = modules, optimizers
        self._run_id = run_id
        self._steps, self._save_every = steps, save_every

    def run(
        self,
        progress: Callable[[int, int, float], None],
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """Train to the end, or until stopped; a checkpoint is left either way."""
        self.step = restore(
            self._checkpoint, self._modules, self._optimizers, run=self._run_id
        )
        mean = 0.0
        while self.step < self._steps and not is_stopped():
            loss = self._learn()
            mean = loss if not mean else 0.98 * mean + 0.02 * loss
            self.step += 1
            if self.step % self._save_every == 0:
                self._save()
            progress(self.step, self._steps, mean)
        self._save()

    @abstractmethod
    def _learn(self) -> float:
        """Take one step; return its loss."""

    def _save(self) -> None:
        save(
            self._checkpoint,
            self._modules,
            self._optimizers,
            step=self.step,
            run=self._run_id,
        )
