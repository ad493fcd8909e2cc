"""What somebody is told who may be thinking of harming themselves: care, not a wall."""

from collections.abc import Mapping

from bot.config_safety import CareConfig
from bot.words import T, Words

__all__ = ["care_message"]

EVERYWHERE = "findahelpline.com"
"""Lists help lines of most countries."""


def care_message(config: CareConfig, words: Words, language: str) -> str:
    """Return the message with the help lines of the community's country, or of all."""
    lines: Mapping[str, str] = config.lines
    if config.country in lines:
        lines = {config.country: lines[config.country]}
    said = config.message or words.say(
        T(
            "That sounds very hard, and I am glad that you put it into words. I am "
            "only a program, and you deserve to be heard by a person: a friend, "
            "somebody here, or people who are there for exactly this, free and "
            "without your name. If you are in danger right now, please call your "
            "emergency number."
        ),
        language,
    )
    numbers = "\n".join(f"- {country}: {line}" for country, line in lines.items())
    elsewhere = words.say(T("Other countries: {site}", site=EVERYWHERE), language)
    return (
        f"{said}\n\n{numbers}\n- {elsewhere}" if numbers else f"{said}\n\n{elsewhere}"
    )
