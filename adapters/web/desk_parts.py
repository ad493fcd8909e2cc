"""What the desk looks at and steers, besides what is posted."""

from collections.abc import Callable
from dataclasses import dataclass, field

from adapters.web.health import Check
from bot.avatars import Avatars
from bot.case_desk import CaseDesk
from bot.commands.person import PersonDesk
from bot.commands.registry import Registry
from bot.generation.status import EngineStatus
from bot.log_ring import LogRing
from bot.models.machine import Machine
from bot.preferences import Preferences
from bot.pulse import Pulse
from bot.safety.classifier import TextClassifier
from bot.safety.policies import Policies
from bot.standing import Standing

__all__ = ["DeskParts"]


@dataclass(frozen=True, slots=True)
class DeskParts:
    """The parts of the running bot that pages of the desk use.

    Attributes:
        registry: what a page changes, a command of the chats changes: with the same
            checks, and the same line in the audit.
        config_text: returns the settings file, with what may be secret hidden.
    """

    pulse: Pulse
    engine: Callable[[], EngineStatus]
    ready: Check
    machine: Machine
    registry: Registry
    preferences: Preferences
    avatars: Avatars
    policies: Policies
    classifier: TextClassifier
    cases: CaseDesk
    people: PersonDesk
    standing: Standing
    log: LogRing = field(repr=False)
    config_text: Callable[[], str] = field(repr=False)
