"""What this machine has, found without loading anything large."""

import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import psutil
import structlog

__all__ = ["Disk", "Gpu", "Machine", "free_bytes", "inspect_machine"]

logger = structlog.get_logger(__name__)

MIB = 1024**2
SMI_TIMEOUT_S = 10
CGROUP = Path("/sys/fs/cgroup")
DRIVER = Path("/proc/driver/nvidia/gpus")


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU that CUDA could use. `memory_bytes` is 0 where it could not be read."""

    name: str
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Disk:
    """How much room there is for a folder, which may not be there yet."""

    folder: Path
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Machine:
    """What this machine has.

    Attributes:
        memory_bytes: of the machine, or less where a container limits it.
        available_bytes: how much of it is free to take now.
        has_transformers: whether torch and transformers are installed.
        has_cuda_torch: whether the torch that is installed was built for CUDA.
    """

    system: str
    python: tuple[int, int, int]
    num_cpus: int
    memory_bytes: int
    available_bytes: int
    gpus: tuple[Gpu, ...] = ()
    disks: tuple[Disk, ...] = ()
    has_transformers: bool = False
    has_cuda_torch: bool = False

    @property
    def has_cuda(self) -> bool:
        """Whether models can run on a GPU as things are installed."""
        return bool(self.gpus) and self.has_transformers and self.has_cuda_torch

    @property
    def gpu_bytes(self) -> int:
        """The memory of the largest GPU."""
        return max((gpu.memory_bytes for gpu in self.gpus), default=0)


def inspect_machine(
    folders: Sequence[Path] = (),
    *,
    smi: str = "nvidia-smi",
    driver: Path = DRIVER,
    cgroup: Path = CGROUP,
) -> Machine:
    """Look at the machine, and at the disks that hold the folders.

    Blocks for up to some seconds: call it from a thread.
    """
    memory = psutil.virtual_memory()
    limit = _cgroup_bytes(cgroup / "memory.max", memory.total)
    left = limit - _cgroup_bytes(cgroup / "memory.current", 0)
    return Machine(
        system=f"{platform.system()} {platform.machine()}",
        python=sys.version_info[:3],
        num_cpus=psutil.cpu_count() or 1,
        memory_bytes=min(memory.total, limit),
        available_bytes=max(0, min(memory.available, left)),
        gpus=_gpus(smi, driver),
        disks=tuple(Disk(folder, free_bytes(folder)) for folder in folders),
        has_transformers=bool(find_spec("torch") and find_spec("transformers")),
        has_cuda_torch=_is_cuda_build(_torch_version()),
    )


def free_bytes(folder: Path) -> int:
    """Return how much room there is where the folder is, or would be made."""
    places = (folder, *folder.absolute().parents)
    existing = next(place for place in places if place.exists())
    return shutil.disk_usage(existing).free


def _gpus(smi: str, driver: Path) -> tuple[Gpu, ...]:
    """Ask the driver's own tool; where it is missing, read what the driver shows."""
    command = [smi, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(  # noqa: S603 (a fixed command, no shell)
            command,
            capture_output=True,
            check=True,
            encoding="utf-8",
            errors="replace",
            timeout=SMI_TIMEOUT_S,
        )
    except (OSError, subprocess.SubprocessError) as error:
        logger.debug("no answer from nvidia-smi", reason=type(error).__name__)
        return tuple(
            Gpu(_model_name(path.read_text("utf-8", "replace")), 0)
            for path in sorted(driver.glob("*/information"))
        )
    return tuple(
        Gpu(name.strip(), int(mebibytes) * MIB if mebibytes.strip().isdigit() else 0)
        for name, _, mebibytes in (
            line.rpartition(",") for line in done.stdout.splitlines() if "," in line
        )
    )


def _model_name(information: str) -> str:
    for line in information.splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "Model":
            return value.strip()
    return "NVIDIA GPU"


def _cgroup_bytes(path: Path, otherwise: int) -> int:
    """Return a container's figure; `otherwise` where there is none or no limit."""
    try:
        text = path.read_text().strip()
    except OSError:
        return otherwise
    return int(text) if text.isdigit() else otherwise


def _torch_version() -> str:
    try:
        return version("torch")
    except PackageNotFoundError:
        return ""


def _is_cuda_build(torch_version: str) -> bool:
    # PyPI's Linux build has no local part and holds CUDA; others name what they are.
    _, _, local = torch_version.partition("+")
    return bool(torch_version) and (not local or local.startswith("cu"))
