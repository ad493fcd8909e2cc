"""What docs/schedules.md shows is what is understood."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.fake.adapter import FakeAdapter
from bot.clock import FakeClock
from bot.config import Config, ScheduleConfig
from bot.errors import UserError
from bot.messages import Author, Role
from content.content import Content
from content.schedule_text import SETTINGS, change_of, read_text
from content.timing import Once
from content.when import parse_when, say_when

PAGE = (Path(__file__).parents[2] / "docs" / "schedules.md").read_text("utf-8")
WORDS = PAGE.split("## Times in plain words")[1].split("## Settings")[0]
ROWS = re.findall(r"^\| `(.+?)` \| (.+?) \|$", WORDS, re.MULTILINE)
ONCE = re.findall(r"`([^`]+)`", WORDS.split("Once:")[1].split("Days without")[0])
IMPOSSIBLE = re.findall(r"`([^`]+)`", WORDS.split("Not possible:")[1])
LINES = re.findall(r"^    /schedule (add|edit) (\S+) (.+)$", PAGE, re.MULTILINE)
TABLE = re.findall(
    r"^\| `(\w+)=(.+?)` \| (.+?) \|", PAGE.split("## Settings")[1], re.MULTILINE
)
OWNER = Author("owner", "Owner", Role.OWNER)


def test_page_has_the_examples_that_are_tested() -> None:
    assert (len(ROWS), len(ONCE), len(IMPOSSIBLE), len(LINES)) == (26, 9, 2, 11)
    assert len(TABLE) == len(SETTINGS) - 1  # `when` stands before them


@pytest.mark.parametrize(("words", "meaning"), ROWS)
def test_words_of_the_page_mean_what_it_says(
    words: str, meaning: str, clock: FakeClock
) -> None:
    when = parse_when(words, now_utc=clock.now_utc(), timezone="UTC")
    assert str(say_when(when)) == meaning


@pytest.mark.parametrize("words", ONCE)
def test_single_times_of_the_page_are_single(words: str, clock: FakeClock) -> None:
    when = parse_when(" ".join(words.split()), now_utc=clock.now_utc(), timezone="UTC")
    assert isinstance(when.pattern, Once)
    assert when.pattern.wall - clock.now_utc().replace(tzinfo=None) > timedelta(0)


@pytest.mark.parametrize("words", IMPOSSIBLE)
def test_what_the_page_calls_impossible_is(words: str, clock: FakeClock) -> None:
    with pytest.raises(UserError):
        parse_when(words, now_utc=clock.now_utc(), timezone="UTC")


@pytest.mark.parametrize(("action", "name", "text"), LINES)
async def test_lines_of_the_page_can_be_written(
    action: str,
    name: str,
    text: str,
    make_content: Callable[[Config], Content],
    adapter: FakeAdapter,
) -> None:
    content = make_content(Config())
    here = adapter.channel("general")
    line = (name, text) if action == "add" else ("tips", "daily about=x")
    schedule = content.steering.added(*line, OWNER, here)
    if action == "edit":
        assert schedule != content.steering.edited(schedule, text, OWNER, here)


@pytest.mark.parametrize(("name", "value", "keys"), TABLE)
def test_settings_of_the_page_are_there(
    name: str, value: str, keys: str, clock: FakeClock
) -> None:
    assert read_text(f"daily {name}={value}") == ("daily", {name: value})
    assert change_of(name, value, now_utc=clock.now_utc(), timezone="UTC")
    for key in re.findall(r"`(\w+)`", keys):
        assert key in ScheduleConfig.model_fields
