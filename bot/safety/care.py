"""What somebody is told who may be thinking of harming themselves: care, not a wall."""

from bot.config_safety import CareConfig
from bot.words import T, Words

__all__ = ["care_message"]

EVERYWHERE = "findahelpline.com"
"""Lists help lines of most countries."""


def care_message(config: CareConfig, words: Words, language: str) -> str:
    """Return the message with the help lines of the community's country, or of all."""
    own = [line for line in config.lines if config.country in _countries(line)]
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
    numbers = "".join(f"\n- {line}" for line in own or config.lines)
    elsewhere = words.say(T("Other countries: {site}", site=EVERYWHERE), language)
    return f"{said}\n{numbers}\n- {elsewhere}"


def _countries(line: str) -> list[str]:
    return line.partition(":")[0].split(", ")
