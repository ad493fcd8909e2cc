"""The settings of safety: what is judged, and how strictly."""

from pydantic import Field

from bot.config_types import Table
from bot.safety.rules import LevelName, LinkRule, PersonalKind, PersonalRule

__all__ = [
    "CareConfig",
    "LinksConfig",
    "MentionsConfig",
    "PersonalDataConfig",
    "PicturesConfig",
    "RepeatsConfig",
    "SafetyConfig",
]


HELP_LINES = (
    "AU: Lifeline 13 11 14",
    "AT: Telefonseelsorge 142",
    "BR: CVV 188",
    "CA: 988",
    "CH: Die Dargebotene Hand 143",
    "CN: 12356",
    "DE: TelefonSeelsorge 0800 111 0 111",
    "ES: 024",
    "FR: 3114",
    "GB, IE: Samaritans 116 123",
    "IN: Tele-MANAS 14416",
    "NL: 113",
    "NZ: 1737",
    "PL: 116 123",
    "US: 988",
)


class CareConfig(Table):
    """What somebody is told who may be thinking of harming themselves."""

    message: str = Field(
        "", description="What is said; empty: the bot's own words, in each language."
    )
    country: str = Field(
        "", description="Only this country's help line is named; empty: all of them."
    )
    lines: tuple[str, ...] = Field(
        HELP_LINES, description="Help lines, each as `countries: name and number`."
    )


class PicturesConfig(Table):
    """How pictures are judged that people attach and models draw."""

    enabled: bool = Field(True, description="False lets every picture through.")
    max_bytes: int = Field(
        20_000_000, ge=1, description="The largest picture file, in bytes."
    )
    max_pixels: int = Field(
        40_000_000,
        ge=1,
        le=89_000_000,
        description="The largest picture, width times height.",
    )
    max_total_pixels: int = Field(
        250_000_000,
        ge=1,
        description="The largest animation: the pixels of all frames together.",
    )
    max_frames: int = Field(1000, ge=1, description="The longest animation, in frames.")
    num_samples: int = Field(
        6,
        ge=1,
        le=16,
        description="How many frames of an animation are looked at closely: those that "
        "differ most.",
    )
    time_limit_s: float = Field(
        3.0, gt=0, le=4, description="How long one picture may take to be opened."
    )
    max_distance: int = Field(
        8,
        ge=0,
        le=20,
        description="How many of 63 bits a picture may differ from a listed one.",
    )
    read_text: bool = Field(
        True,
        description="Whether text in pictures is judged, where its models "
        "are installed, as `make run` does.",
    )
    read_time_s: float = Field(
        1.5, gt=0, le=4, description="How long reading one picture may take."
    )


class MentionsConfig(Table):
    """How many people one message may call."""

    limit: int = Field(
        8,
        ge=1,
        description="Different people and roles that one person may mention in a "
        "message, and in a minute.",
    )


class RepeatsConfig(Table):
    """Nearly the same message again and again."""

    flag_at: int = Field(
        3, ge=2, description="From the how manieth on moderators can see it."
    )
    block_at: int = Field(5, ge=2, description="From the how manieth on it is refused.")
    window_s: float = Field(
        120.0, gt=0, description="For how many seconds a message is remembered."
    )


class LinksConfig(Table):
    """Where links may go."""

    invites: LinkRule = Field(
        "allow",
        description="What is done with invitations to other groups: allow, flag or "
        "block.",
    )
    others: LinkRule = Field(
        "allow", description="What is done with links on neither list."
    )
    allowed_domains: tuple[str, ...] = Field(
        (),
        description="Domains, with all below them, that links may go to; "
        "`discord.gg/code` allows one invitation.",
    )
    denied_domains: tuple[str, ...] = Field(
        (),
        description="Domains, with all below them, that are blocked; the longer entry "
        "counts.",
    )


class PersonalDataConfig(Table):
    """Addresses and numbers of people."""

    action: PersonalRule = Field(
        "off", description="What is done with them: off, flag or redact."
    )
    kinds: tuple[PersonalKind, ...] = Field(
        ("email", "phone", "card", "iban", "national"),
        description="What is looked for, out of email, phone, card, iban, national "
        "(numbers of identity, tax and health) and ip.",
    )


class SafetyConfig(Table):
    """What is judged, how strictly, and how long that is remembered."""

    level: LevelName = Field(
        "standard",
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
        description="Words blocked in and out, also in disguise; `*` stands for any "
        "letters.",
    )
    allowed_words: tuple[str, ...] = Field(
        (), description="Words and phrases in which a blocked word does not count."
    )
    care: CareConfig = CareConfig()
    links: LinksConfig = LinksConfig()
    mentions: MentionsConfig = MentionsConfig()
    personal_data: PersonalDataConfig = PersonalDataConfig()
    pictures: PicturesConfig = PicturesConfig()
    repeats: RepeatsConfig = RepeatsConfig()
