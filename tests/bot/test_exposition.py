"""What Prometheus reads, character by character."""

import math
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.exposition import Sample, counter, exposition, gauge

LINE = re.compile(r'hearth\{name="((?:[^"\\\n]|\\\\|\\"|\\n)*)"\} 1\n')
ESCAPES = {r"\\": "\\", r"\"": '"', r"\n": "\n"}


def test_what_would_end_a_label_or_a_line_is_escaped() -> None:
    page = exposition(
        [
            gauge(
                "hearth",
                "Two\nlines \\ and a slash",
                [Sample(1, (("model", 'a "b"\nc\\d'), ("kind", "text")))],
            )
        ]
    )
    assert page == (
        "# HELP hearth Two\\nlines \\\\ and a slash\n"
        "# TYPE hearth gauge\n"
        'hearth{model="a \\"b\\"\\nc\\\\d",kind="text"} 1\n'
    )


def test_numbers_are_written_as_prometheus_reads_them() -> None:
    values = (0, 3, 2.0, 0.25, 1e-7, math.inf, -math.inf, math.nan, 2**40)
    page = exposition([counter("n", "Numbers.", map(Sample, values))])
    assert [line.split()[1] for line in page.splitlines()[2:]] == [
        "0",
        "3",
        "2",
        "0.25",
        "1e-07",
        "+Inf",
        "-Inf",
        "NaN",
        "1099511627776",
    ]


def test_family_without_values_is_only_announced() -> None:
    assert (
        exposition([counter("n", "None.", [])]) == "# HELP n None.\n# TYPE n counter\n"
    )


@settings(max_examples=40)
@given(st.text(max_size=20))
def test_any_label_comes_back_as_it_was(value: str) -> None:
    page = exposition([gauge("hearth", "", [Sample(1, (("name", value),))])])
    found = LINE.fullmatch(page.split("gauge\n", 1)[1])
    assert found is not None
    shown = re.sub(r"\\[\\\"n]", lambda escape: ESCAPES[escape[0]], found[1])
    assert shown == value


def test_lone_surrogate_does_not_break_the_page() -> None:
    page = exposition([gauge("hearth", "", [Sample(1, (("name", "\ud800"),))])])
    assert '{name="?"}' in page
    page.encode()
