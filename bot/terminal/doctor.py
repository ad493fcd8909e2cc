"""`hearthbot doctor`: what this machine has, and what to do about what is missing."""

from bot.clock import SystemClock
from bot.doctor.check import State, is_healthy, to_json
from bot.doctor.doctor import Doctor
from bot.models.machine import inspect_machine
from bot.setup import Setup

__all__ = ["print_doctor"]

MARKS = {
    State.OK: ("✓", "green"),
    State.WARN: ("!", "yellow"),
    State.FAIL: ("✗", "red"),
}


def print_doctor(setup: Setup, *, as_json: bool) -> bool:
    """Print every check; return whether nothing that is needed is missing."""
    folders = (setup.models_folder, setup.store_path.parent)
    checks = Doctor(
        setup.config,
        environ=setup.environ,
        machine=inspect_machine(folders),
        models_folder=setup.models_folder,
        store_path=setup.store_path,
        clock=SystemClock(),
    ).examine()
    if as_json:
        setup.terminal.json(to_json(checks))
        return is_healthy(checks)
    for check in checks:
        mark, style = MARKS[check.state]
        said = setup.terminal.say(check.text)
        setup.terminal.result(f"{mark} {check.name:<12} {said}", style=style)
        if check.cure is not None:
            setup.terminal.result(f"  {'':<12} → {setup.terminal.say(check.cure)}")
    return is_healthy(checks)
