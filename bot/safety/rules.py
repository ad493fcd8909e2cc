"""What can be chosen for rules."""

from typing import Literal

__all__ = ["LevelName", "LinkRule", "PersonalKind", "PersonalRule"]

LevelName = Literal["off", "relaxed", "standard", "strict"]
"""A bot.safety.policy.Level, as it is written in settings."""

LinkRule = Literal["allow", "flag", "block"]
PersonalRule = Literal["off", "flag", "redact"]
PersonalKind = Literal["email", "phone", "card", "iban", "national", "ip"]
