"""The settings of safety: what is judged, and how strictly."""

from pydantic import Field

from bot.config_types import Table
from bot.safety.policy import Level

__all__ = ["CareConfig", "SafetyConfig"]

HELP_LINES = {
    "AU": "Lifeline 13 11 14",
    "AT": "Telefonseelsorge 142",
    "BR": "CVV 188",
    "CA": "988",
    "CH": "Die Dargebotene Hand 143",
    "CN": "12356",
    "DE": "TelefonSeelsorge 0800 111 0 111",
    "ES": "024",
    "FR": "3114",
    "GB, IE": "Samaritans 116 123",
    "IN": "Tele-MANAS 14416",
    "NL": "113",
    "NZ": "1737",
    "PL": "116 123",
    "US": "988",
}


class CareConfig(Table):
    """What somebody is told who may be thinking of harming themselves."""

    message: str = Field(
        "", description="What is said; empty: the bot's own words, in each language."
    )
    country: str = Field(
        "", description="Only this country's help line is named; empty: all of them."
    )
    lines: dict[str, str] = Field(
        default_factory=lambda: dict(HELP_LINES),
        description="Help lines by country.",
    )


class SafetyConfig(Table):
    """What is judged, how strictly, and how long that is remembered."""

    level: Level = Field(
        Level.STANDARD,
        description="How strictly meaning is judged where moderators chose nothing: "
        "off, relaxed, standard or strict.",
    )
    shadow: bool = Field(
        False, description="True judges and records everything, and acts on nothing."
    )
    keep_texts_days: int = Field(
        7, ge=0, description="How long a text that a filter noticed is kept."
    )
    keep_records_days: int = Field(
        90, ge=1, description="How long verdicts and traces, without text, are kept."
    )
    max_length: int = Field(
        8000, ge=1, description="The longest message people may send, in characters."
    )
    person_per_minute: int = Field(
        12, ge=1, description="Messages to the bot per person and minute."
    )
    channel_per_minute: int = Field(
        60, ge=1, description="Messages to the bot per channel and minute."
    )
    blocked_words: tuple[str, ...] = Field(
        (),
        description="Words blocked in and out; `*` stands for any letters.",
    )
    care: CareConfig = CareConfig()
