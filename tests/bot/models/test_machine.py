from pathlib import Path

import pytest

from bot.models.machine import Gpu, Machine, free_bytes, inspect_machine


def smi_that_says(folder: Path, text: str) -> str:
    path = folder / "nvidia-smi"
    path.write_text(f"#!/bin/sh\ncat <<'END'\n{text}\nEND\n")
    path.chmod(0o755)
    return str(path)


def inspect(folder: Path, smi: str = "/nowhere/nvidia-smi") -> Machine:
    return inspect_machine(
        [folder], smi=smi, driver=folder / "driver", cgroup=folder / "cgroup"
    )


def test_inspect_machine_without_gpu(tmp_path: Path) -> None:
    machine = inspect(tmp_path)
    assert machine.gpus == ()
    assert machine.gpu_bytes == 0
    assert not machine.has_cuda
    assert machine.num_cpus >= 1
    assert 0 < machine.available_bytes <= machine.memory_bytes
    assert machine.disks[0].free_bytes > 0


def test_inspect_machine_with_gpus(tmp_path: Path) -> None:
    smi = smi_that_says(tmp_path, "NVIDIA H100, 81559\nNVIDIA Odd, [N/A]\nnonsense")
    machine = inspect(tmp_path, smi)
    assert machine.gpus == (Gpu("NVIDIA H100", 81559 * 1024**2), Gpu("NVIDIA Odd", 0))
    assert machine.gpu_bytes == 81559 * 1024**2


def test_inspect_machine_reads_driver_where_smi_is_missing(tmp_path: Path) -> None:
    for number, text in enumerate(["Model: \t\t Tesla T4\nIRQ: 5\n", "IRQ: 5\n"]):
        path = tmp_path / "driver" / str(number) / "information"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    assert inspect(tmp_path).gpus == (Gpu("Tesla T4", 0), Gpu("NVIDIA GPU", 0))


@pytest.mark.parametrize(
    ("limit", "is_limited"), [("104857600\n", True), ("max\n", False)]
)
def test_inspect_machine_heeds_a_container_limit(
    tmp_path: Path, limit: str, is_limited: bool
) -> None:
    (tmp_path / "cgroup").mkdir()
    (tmp_path / "cgroup" / "memory.max").write_text(limit)
    (tmp_path / "cgroup" / "memory.current").write_text("4857600\n")
    machine = inspect(tmp_path)
    assert (machine.memory_bytes == 104_857_600) is is_limited
    assert (machine.available_bytes == 100_000_000) is is_limited


def test_free_bytes_of_folder_to_be_made_are_its_parents(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "not" / "yet") > 0


@pytest.mark.parametrize(
    ("gpus", "has_transformers", "has_cuda_torch", "expected"),
    [
        ((Gpu("G", 1),), True, True, True),
        ((), True, True, False),
        ((Gpu("G", 1),), False, True, False),
        ((Gpu("G", 1),), True, False, False),
    ],
)
def test_has_cuda_needs_all_three(
    gpus: tuple[Gpu, ...], has_transformers: bool, has_cuda_torch: bool, expected: bool
) -> None:
    machine = Machine(
        "Linux",
        (3, 11, 0),
        4,
        1,
        1,
        gpus,
        has_transformers=has_transformers,
        has_cuda_torch=has_cuda_torch,
    )
    assert machine.has_cuda is expected
