"""The part of the composition root for the moderators' desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from bot.adapter import Adapter
from bot.app_parts import App
from bot.commands.command import Command
from bot.commands.desk import DESK, desk_command
from bot.config import Config
from bot.pulse import Pulse
from bot.redaction import Redactor
from bot.setup import Setup
from bot.standing import Standing
from bot.store.desk_visits import DeskVisitRepository
from bot.store.store import Store

if TYPE_CHECKING:
    from adapters.web.desk_parts import DeskParts

__all__ = ["build_desk_commands", "build_desk_parts"]


def build_desk_commands(
    store: Store, adapters: Mapping[str, Adapter], config: Config
) -> tuple[Command, ...]:
    """Return the commands that lead to the desk."""

    def page_url() -> str:
        page = adapters.get("web")
        return (config.adapters.web.url or page.url) if page is not None else ""

    return (desk_command(DeskVisitRepository(store), page_url),)


def build_desk_parts(app: App) -> DeskParts:
    """Return what the desk looks at and steers."""
    # The page takes a second to import: only who asks for it pays for it.
    from adapters.web.desk_parts import DeskParts

    engine = app.engine.status
    standing = Standing(
        app.adapters,
        owners=app.setup.config.bot.owners,
        may_run=partial(app.registry.may_run, DESK),
        clock=app.clock,
    )
    return DeskParts(
        pulse=Pulse(engine, app.lag, app.metrics, clock=app.clock),
        engine=engine,
        ready=app.health.ready,
        machine=app.machine,
        registry=app.registry,
        preferences=app.preferences,
        avatars=app.avatars,
        policies=app.safety.policies,
        classifier=app.safety.judges.guard,
        cases=app.casework.desk,
        people=app.people.desk,
        standing=standing,
        log=app.setup.log,
        config_text=lambda: _config_text(app.setup),
    )


def _config_text(setup: Setup) -> str:
    """Return the settings file without what is, or looks like, a secret."""
    text = setup.config_path.expanduser().read_bytes().decode("utf-8-sig", "replace")
    table = setup.config.model_dump(mode="json")
    secrets = (setup.environ.get(name, "") for name in _secret_names(table))
    return Redactor(secrets).text(text)


def _secret_names(table: Mapping[str, object]) -> Iterator[str]:
    """Yield the names of the variables that hold secrets."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _secret_names(value)
        elif key.endswith("_env") and isinstance(value, str):
            yield value
