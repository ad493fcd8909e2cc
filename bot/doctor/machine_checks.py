"""Looking at the machine itself: Python, GPU, memory, disk and clock."""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from zoneinfo import available_timezones

from bot.clock import Clock
from bot.config import ChatModelConfig
from bot.doctor.check import Check, State
from bot.models.machine import Machine
from bot.words import T

__all__ = [
    "check_clock",
    "check_disks",
    "check_extras",
    "check_gpu",
    "check_memory",
    "check_python",
]

OLDEST_PYTHON = (3, 11)
BUILD_DATE_UTC = datetime(2026, 1, 1, tzinfo=UTC)  # no run is older than the code
MB, GB = 10**6, 10**9
FULL_BYTES, TIGHT_BYTES = 100 * MB, GB


def check_python(machine: Machine) -> Check:
    """Look whether Python is new enough."""
    version = ".".join(str(part) for part in machine.python)
    text = T("Python {version} on {system}", version=version, system=machine.system)
    if machine.python >= OLDEST_PYTHON:
        return Check("python", State.OK, text)
    return Check("python", State.FAIL, text, T("Install Python 3.11 or newer."))


def check_gpu(machine: Machine) -> Check:
    """Look for a GPU, and whether what is installed can use it."""
    if not machine.gpus:
        return Check(
            "gpu", State.OK, T("No GPU: models run on {n} CPUs", n=machine.num_cpus)
        )
    text = T(
        "GPU: {names}",
        names=", ".join(
            f"{gpu.name} ({gpu.memory_bytes / GB:.0f} GB)" for gpu in machine.gpus
        ),
    )
    if machine.has_cuda:
        return Check("gpu", State.OK, text)
    if machine.has_transformers:
        cure = T(
            "The torch that is installed was built without CUDA, so the GPU is not "
            "used: install the build for CUDA."
        )
    else:
        cure = T(
            "The GPU is not used. Install what uses it: "
            "python -m pip install 'hearthbot[transformers]'"
        )
    return Check("gpu", State.WARN, text, cure)


def check_memory(machine: Machine, *, needed_bytes: int, on_gpu: bool) -> Check:
    """Look whether the models fit; `needed_bytes` is what the largest takes."""
    have = machine.gpu_bytes if on_gpu else machine.memory_bytes
    free = have if on_gpu else machine.available_bytes
    text = T(
        "{free} of {have} GB free, about {needed} GB needed for the model",
        free=round(free / GB, 1),
        have=round(have / GB, 1),
        needed=round(needed_bytes / GB, 1),
    )
    cure = T(
        "Choose a smaller model: `hearthbot models recommend` names those that fit."
    )
    if have and needed_bytes > have:
        return Check("memory", State.FAIL, text, cure)
    if have and needed_bytes > free:
        cure = T("End other programs, or choose a smaller model.")
        return Check("memory", State.WARN, text, cure)
    return Check("memory", State.OK, text)


def check_disks(machine: Machine) -> Iterator[Check]:
    """Look how much room there is for each folder."""
    for disk in machine.disks:
        text = T(
            "{free} GB free for {folder}",
            free=round(disk.free_bytes / GB, 1),
            folder=disk.folder,
        )
        cure = T("Make room on that disk, or choose another one in config.toml.")
        if disk.free_bytes < FULL_BYTES:
            yield Check("disk", State.FAIL, text, cure)
        elif disk.free_bytes < TIGHT_BYTES:
            yield Check("disk", State.WARN, text, cure)
        else:
            yield Check("disk", State.OK, text)


def check_clock(
    clock: Clock,
    *,
    last_monotonic: float,
    zones: Callable[[], Collection[str]] = available_timezones,
) -> Check:
    """Look whether time makes sense; `last_monotonic` was read some time before."""
    now = clock.now_utc()
    if now < BUILD_DATE_UTC:
        return Check(
            "clock",
            State.FAIL,
            T("The clock says {now}, which is past.", now=f"{now:%Y-%m-%d %H:%M} UTC"),
            T("Set the clock: schedules and certificates depend on it."),
        )
    if clock.monotonic() < last_monotonic:
        return Check(
            "clock",
            State.FAIL,
            T("The steady clock of this machine goes back."),
            T("Restart the machine; a virtual one may need another clock source."),
        )
    if not zones():
        return Check(
            "clock",
            State.FAIL,
            T("There are no time zones on this machine."),
            T("Install them: python -m pip install tzdata"),
        )
    return Check("clock", State.OK, T("It is {now}", now=f"{now:%Y-%m-%d %H:%M} UTC"))


def check_extras(machine: Machine, config: ChatModelConfig) -> Check:
    """Look whether the optional packages are here."""
    if machine.has_transformers:
        return Check("extras", State.OK, T("transformers is installed"))
    text = T("transformers is not installed")
    install = T("Install it: python -m pip install 'hearthbot[transformers]'")
    if config.backend == "transformers":
        return Check("extras", State.FAIL, text, install)
    return Check(
        "extras",
        State.OK,
        T("transformers is not installed: only .gguf models and servers can be used"),
    )
