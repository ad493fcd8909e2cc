import io
import json

import pytest
from rich.console import Console

from bot.terminal.output import Terminal, clean
from bot.words import T, Words


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (b"caf\xc3\xa9", "café"),
        (b"\xff", "\ufffd"),
        (b"a\xed\xa0\xbdb", "a\ufffd\ufffd\ufffdb"),
        (b"", ""),
    ],
)
def test_clean_makes_text_of_any_bytes(typed: bytes, text: str) -> None:
    argument = typed.decode("utf-8", "surrogateescape")
    assert clean(argument) == text


def test_terminal_takes_signs_of_markup_as_they_are() -> None:
    out = io.StringIO()
    terminal = Terminal(Words.load(), "en", out=Console(file=out, width=80))
    terminal.result("[bold]not bold[/bold] [/nothing] :smile:")
    terminal.table((T("name"),), [("[red]x[/red]",)])
    terminal.facts({"a": "[b]", "long": "2"})
    assert "[bold]not bold[/bold] [/nothing] :smile:" in out.getvalue()
    assert "[red]x[/red]" in out.getvalue()
    assert "a     [b]\nlong  2" in out.getvalue()


def test_definitions_keep_their_columns_when_a_text_is_long() -> None:
    out = io.StringIO()
    terminal = Terminal(Words.load(), "en", out=Console(file=out, width=24))
    terminal.definitions(T("Options"), [("--a", "one two three four"), ("-b", "[x]")])
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    assert lines == ["Options", "  --a  one two three", "       four", "  -b   [x]"]


def test_terminal_shows_bars_beside_the_result() -> None:
    out, err = io.StringIO(), io.StringIO()
    terminal = Terminal(
        Words.load(), "en", out=Console(file=out), err=Console(file=err, width=80)
    )
    with terminal.progress(T("Fetching {name}", name="x")) as progress:
        progress(5, 10)
    with terminal.steps(T("Measuring")) as progress:
        progress(1, 2)
    with terminal.waiting(T("Thinking …")):
        terminal.json({"a": "ü"})
    terminal.note(T("Done."))
    assert json.loads(out.getvalue()) == {"a": "ü"}
    for said in ("Fetching x", "5/10", "Measuring", "50%", "Done."):
        assert said in err.getvalue()


def test_terminal_speaks_its_language() -> None:
    terminal = Terminal(Words.load(), "zh", out=Console(file=io.StringIO()))
    text = T("Your message was empty. What can I do?")
    assert terminal.say(text) == Words.load().say(text, "zh") != str(text)
    assert terminal.say("plain") == "plain"
