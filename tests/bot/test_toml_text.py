"""What is written as TOML is read back the same, and found on its line."""

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.toml_text import dump_toml, line_of

TEXTS = st.text(st.characters(codec="utf-8"), max_size=80)
VALUES = TEXTS | st.integers(-(2**40), 2**40) | st.booleans() | st.lists(TEXTS)
TABLES = st.dictionaries(
    TEXTS,
    VALUES | st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4),
    max_size=4,
)
FILE = """# a comment = none
language = "zh"
words = [
    "fig",
]

[personas.pirate]
prompt = "Sing."

[channel]
safety.level = "strict"
["odd key"]
a = 1
"""


@settings(deadline=None, max_examples=50)
@given(TABLES)
def test_a_table_is_read_as_it_was_written(table: dict[str, object]) -> None:
    assert tomllib.loads(dump_toml(table)) == table


def test_a_key_is_found_on_its_line_or_that_of_its_table() -> None:
    assert line_of(FILE, ("language",)) == 2
    assert line_of(FILE, ("words",)) == 3
    assert line_of(FILE, ("personas", "pirate", "prompt")) == 8
    assert line_of(FILE, ("personas", "pirate", "greeting")) == 7
    assert line_of(FILE, ("channel", "safety", "level")) == 11
    assert line_of(FILE, ("odd key", "a")) == 13
    assert line_of(FILE, ("nothing",)) is None
