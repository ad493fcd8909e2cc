"""Checkpoints of a training: one safetensors file, from which a run goes on.

All chance in a step comes from the seed and the step's number, so that weights, the
optimizer's averages and the number of the step are all that has to be kept.
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

__all__ = ["chance_of_step", "restore", "save"]


def chance_of_step(seed: int, step: int) -> torch.Generator:
    """Return the random numbers of one step."""
    generator = torch.Generator()
    generator.manual_seed(seed * 1_000_003 + step)
    return generator


def save(
    path: Path,
    modules: Mapping[str, nn.Module],
    optimizers: Mapping[str, torch.optim.Optimizer],
    *,
    step: int,
    run: str,
) -> None:
    """Write a checkpoint in place of an earlier one."""
    tensors = {
        f"w.{name}.{key}": tensor
        for name, module in modules.items()
        for key, tensor in module.state_dict().items()
    }
    for name, optimizer in optimizers.items():
        for number, state in optimizer.state_dict()["state"].items():
            tensors |= {f"o.{name}.{number}.{key}": t for key, t in state.items()}
    part = path.with_suffix(".part")
    # A copy of each: two names of one tensor are refused.
    copies = {
        name: tensor.cpu().contiguous().clone() for name, tensor in tensors.items()
    }
    save_file(copies, part, {"run": run, "step": str(step)})
    part.replace(path)


def restore(
    path: Path,
    modules: Mapping[str, nn.Module],
    optimizers: Mapping[str, torch.optim.Optimizer],
    *,
    run: str,
) -> int:
    """Return the step that a checkpoint of this very run is at, having loaded it.

    0: there is none, or it is another run's; nothing was loaded.
    """
    if not path.is_file():
        return 0
    with safe_open(path, "pt") as file:
        header = file.metadata() or {}
        if header.get("run") != run:
            return 0
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    for name, module in modules.items():
        module.load_state_dict(_under(tensors, f"w.{name}."))
    for name, optimizer in optimizers.items():
        state: dict[int, dict[str, Tensor]] = {}
        for key, tensor in _under(tensors, f"o.{name}.").items():
            number, what = key.split(".")
            state.setdefault(int(number), {})[what] = tensor
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        for place, kept in state.items():
            for what, tensor in kept.items():
                if tensor.shape == parameters[place].shape:
                    # Fused optimizers go by memory: the order must be the weights'.
                    kept[what] = torch.empty_like(parameters[place]).copy_(tensor)
        optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
    return int(header["step"])


def _under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {
        n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)
    }
