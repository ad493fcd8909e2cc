"""The settings of how much each may ask of the models, and of who may run what."""

from pydantic import Field, model_validator

from bot.config_types import Name, Table, WrongValueError
from bot.words import T

__all__ = ["QuotaConfig", "RightsConfig"]


class QuotaConfig(Table):
    """How much members may ask of the models in a day; 0: as much as they like.

    Owners and moderators are not limited. The day begins at midnight in the bot's time
    zone.
    """

    requests: int = Field(
        300, ge=0, description="Answers and pictures for one person in a day."
    )
    seconds: int = Field(
        3600, ge=0, description="Seconds of work of the models for one person in a day."
    )
    community_requests: int = Field(
        5000, ge=0, description="Answers and pictures for one community in a day."
    )
    community_seconds: int = Field(
        86_400,
        ge=0,
        description="Seconds of work of the models for one community in a day. Answers "
        "that are written side by side count each for themselves.",
    )


class RightsConfig(Table):
    """Which role commands need, where it is to be another than theirs."""

    member: tuple[Name, ...] = Field((), description="Commands that all may run.")
    moderator: tuple[Name, ...] = Field(
        (), description="Commands that only moderators and owners may run."
    )
    owner: tuple[Name, ...] = Field(
        (), description="Commands that only owners may run."
    )

    @model_validator(mode="after")
    def _names_once(self) -> "RightsConfig":
        names = [*self.member, *self.moderator, *self.owner]
        for name in names:
            if names.count(name) > 1:
                raise WrongValueError(
                    T("“{name}” is there twice", name=name), key="rights"
                )
        return self
