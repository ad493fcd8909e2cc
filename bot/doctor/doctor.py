"""All checks, in the order in which they are told."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.clock import Clock
from bot.config import Config
from bot.doctor.check import Check
from bot.doctor.discord_checks import check_discord
from bot.doctor.machine_checks import (
    check_clock,
    check_disks,
    check_extras,
    check_gpu,
    check_memory,
    check_python,
)
from bot.doctor.meaning_checks import check_meaning
from bot.doctor.picture_checks import check_drawing
from bot.doctor.place_checks import check_folder, check_port, check_store
from bot.doctor.safety_checks import (
    check_bigger_guard,
    check_guard,
    check_pictures,
)
from bot.doctor.setup_checks import check_models, check_secrets
from bot.doctor.sound_checks import check_sounds
from bot.doctor.telegram_checks import check_telegram
from bot.models.machine import Machine

__all__ = ["Doctor"]


class Doctor:
    """Says what this machine has, and what to do about what is missing.

    Changes nothing: no folder is made, and nothing is fetched.
    """

    def __init__(
        self,
        config: Config,
        *,
        environ: Mapping[str, str],
        machine: Machine,
        models_folder: Path,
        store_path: Path,
        clock: Clock,
    ) -> None:
        self._config = config
        self._environ = environ
        self._machine = machine
        self._models_folder = models_folder
        self._store_path = store_path
        self._clock = clock
        self._started = clock.monotonic()

    def examine(self) -> tuple[Check, ...]:
        """Run every check. Blocks for some seconds: call it from a thread."""
        return tuple(self._checks())

    def _checks(self) -> Iterator[Check]:
        yield check_python(self._machine)
        yield check_gpu(self._machine)
        models = list(
            check_models(
                self._config, machine=self._machine, models_folder=self._models_folder
            )
        )
        specs = [spec for _, spec in models if spec is not None]
        largest = max((spec.memory_bytes for spec in specs), default=0)
        on_gpu = self._machine.has_cuda and any(
            spec.backend == "transformers" for spec in specs
        )
        yield check_memory(self._machine, needed_bytes=largest, on_gpu=on_gpu)
        yield from check_disks(self._machine)
        yield from (check for check, _ in models)
        yield check_guard()
        bigger = check_bigger_guard(
            self._config, machine=self._machine, models_folder=self._models_folder
        )
        yield from (one for one in (bigger, check_pictures(self._config)) if one)
        yield from check_sounds(self._config.models, self._models_folder)
        yield check_drawing(
            self._config.models.image, self._machine, self._models_folder
        )
        yield check_meaning(self._config.models, self._models_folder)
        yield check_extras(self._machine, self._config.models.chat)
        yield from check_secrets(self._config, self._environ)
        yield from check_discord(self._config.adapters.discord, self._environ)
        yield from check_telegram(self._config, self._environ)
        yield check_folder("data", self._store_path.parent)
        yield check_folder("cache", self._models_folder)
        store, is_running = check_store(self._store_path)
        yield store
        yield check_port(self._config.adapters.web, is_running=is_running)
        yield check_clock(self._clock, last_monotonic=self._started)
