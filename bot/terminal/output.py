"""What the terminal commands print: words to people on stderr, results on stdout."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table
from rich.text import Text as Line

from bot.words import Text, Words

__all__ = ["Terminal", "clean"]


def clean(argument: str) -> str:
    """Return what was typed with bytes that are no UTF-8 replaced by U+FFFD."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class Terminal:
    """A place to print, in one language."""

    def __init__(
        self,
        words: Words,
        language: str,
        *,
        out: Console | None = None,
        err: Console | None = None,
    ) -> None:
        self._words = words
        self._language = language
        self._out = out or Console(soft_wrap=True, highlight=False)
        self._err = err or Console(file=sys.stderr, soft_wrap=True, highlight=False)

    def say(self, text: Text | str) -> str:
        """Return a text in the terminal's language."""
        if isinstance(text, str):
            return text
        return self._words.say(text, self._language)

    def note(self, text: Text, style: str = "") -> None:
        """Tell the person something beside the result (stderr)."""
        self._err.print(Line(self.say(text), style=style))

    def result(self, text: Text | str, *, style: str = "") -> None:
        """Print a result (stdout)."""
        self._out.print(Line(self.say(text), style=style))

    def json(self, value: object) -> None:
        """Print a result for programs: one JSON value and nothing else (stdout)."""
        # Nothing of it is lost where the terminal cannot show every character.
        is_ascii = not self._out.encoding.startswith("utf")
        text = json.dumps(value, ensure_ascii=is_ascii, indent=2)
        self._out.file.write(text + "\n")

    def table(self, columns: Sequence[Text], rows: Sequence[Sequence[str]]) -> None:
        """Print rows under headings (stdout)."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(self.say(column), overflow="fold")
        for row in rows:
            table.add_row(*(Line(cell) for cell in row))
        self._out.print(table)

    def definitions(self, heading: Text, rows: Sequence[tuple[str, str]]) -> None:
        """Print names and what they are, under a heading (stdout)."""
        self._out.print(Line(self.say(heading), style="bold"))
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True, style="cyan")
        table.add_column(overflow="fold")
        for name, text in rows:
            table.add_row(Line(name), Line(text))
        self._out.print(Padding(table, (0, 0, 0, 2), expand=False))

    @contextmanager
    def progress(self, text: Text) -> Iterator[Callable[[int, int], None]]:
        """Show a bar for bytes; what it gives is called with (done, total)."""
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=self._err,
        )
        with bar:
            task = bar.add_task(self.say(text), total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)

    @contextmanager
    def waiting(self, text: Text) -> Iterator[None]:
        """Show that something goes on, where there is somebody to see it (stderr)."""
        with self._err.status(self.say(text)):
            yield

    @contextmanager
    def steps(self, text: Text) -> Iterator[Callable[[int, int], None]]:
        """Show a bar for anything that is counted; called with (done, total)."""
        with Progress(console=self._err) as bar:
            task = bar.add_task(self.say(text), total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)

    @contextmanager
    def losses(self, text: Text) -> Iterator[Callable[[int, int, float], None]]:
        """Show a bar for a training; called with (done, total, loss).

        A loss of 0 is not shown: something is counted that has none.
        """
        bar = Progress(
            *Progress.get_default_columns(),
            TextColumn("{task.fields[loss]}"),
            console=self._err,
        )
        with bar:
            task = bar.add_task(self.say(text), total=None, loss="")

            def show(done: int, total: int, loss: float) -> None:
                shown = f"{loss:.4f}" if loss else ""
                bar.update(task, completed=done, total=total, loss=shown)

            yield show

    def facts(self, values: Mapping[str, str]) -> None:
        """Print names and values under each other (stdout)."""
        width = max((len(name) for name in values), default=0)
        for name, value in values.items():
            self._out.print(Line(f"{name.ljust(width)}  {value}"))
