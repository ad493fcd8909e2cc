import pytest
from pydantic import ValidationError

from bot.config import Config
from bot.config_reference import Section, sections, step


def test_config_is_frozen() -> None:
    config = Config()
    with pytest.raises(ValidationError, match="frozen"):
        config.bot.name = "Other"  # type: ignore[misc]  # that is what is tested


def test_config_error_never_shows_the_input() -> None:
    with pytest.raises(ValidationError) as caught:
        Config.model_validate({"models": {"chat": {"api_key_env": "sk-hush"}}})
    assert "sk-hush" not in str(caught.value)


@pytest.mark.parametrize(
    "section", list(sections(Config)), ids=lambda found: found.path
)
def test_config_table_refuses_unknown_keys(section: Section) -> None:
    model = section.model
    assert model.model_config["extra"] == "forbid"
    assert model.model_config["frozen"] is True


@pytest.mark.parametrize(
    ("path", "is_there"),
    [
        (["bot", "name"], True),
        (["personas", "any", "prompt"], True),
        (["schedule", 3, "cron"], True),
        (["schedule", "x"], False),
        (["bot", "nmae"], False),
        (["bot", "name", "more"], False),
    ],
)
def test_step_finds_what_is_there(path: list[str | int], is_there: bool) -> None:
    annotation: object = Config
    for part in path:
        annotation = step(annotation, part)
    assert (annotation is not None) is is_there
