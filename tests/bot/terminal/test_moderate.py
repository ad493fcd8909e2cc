import asyncio
import io
import json
import os
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

import pytest
from typing_extensions import override

from bot.clock import FakeClock
from bot.errors import MissingError
from bot.safety.classifier import Scores
from bot.safety.fake import FakeClassifier, FakeFilter
from bot.safety.filter import Filter, FilterChain
from bot.safety.guard_filter import GuardFilter
from bot.safety.policy import STANDARD, Category, Level, Policy
from bot.safety.too_fast import TooFast
from bot.safety.verdict import ALLOW, Action, Stage, Verdict
from bot.safety.word_list import WordList
from bot.terminal.moderate import (
    COUNTING_FILTERS,
    NUM_AT_ONCE,
    OpenFilters,
    moderate,
    moderate_lines,
    open_lines,
    read_lines,
)
from bot.words import T

TABLE: dict[str, Scores] = {"kill": {Category.VIOLENCE: 0.81234}}


def opening(*filters: Filter) -> OpenFilters:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Iterable[Filter]]:
        yield filters

    return opened


GUARD = opening(GuardFilter(FakeClassifier(TABLE)))


def lines(*rows: object) -> IO[bytes]:
    return io.BytesIO(b"".join(json.dumps(row).encode() + b"\n" for row in rows))


async def judged(
    source: IO[bytes], open_filters: OpenFilters = GUARD, policy: Policy = STANDARD
) -> tuple[bool, list[dict[str, object]]]:
    out = io.StringIO()
    async with asyncio.timeout(30):
        is_well = await moderate(source, out, open_filters=open_filters, policy=policy)
    return is_well, [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"kill them", "the line is not JSON in UTF-8"),
        (b'{"text": "kill', "the line is not JSON in UTF-8"),
        (b'{"text": "\xff"}', "the line is not JSON in UTF-8"),
        (b"[" * 100_000, "the line is not JSON in UTF-8"),
        (b"1" * 10_000, "the line is not JSON in UTF-8"),
        (b'["kill"]', "the line is not an object with a text"),
        (b'{"stage": "input"}', "“text” is missing or not a string"),
        (b'{"text": 3}', "“text” is missing or not a string"),
        (b'{"text": "a", "stage": "INPUT"}', "“stage” is neither input nor output"),
        (b'{"text": "a", "stage": ["input"]}', "“stage” is neither input nor output"),
        (b'{"text": "a", "stage": null}', "“stage” is neither input nor output"),
    ],
    ids=range(11),
)
async def test_line_that_is_no_row_is_told_and_the_others_are_judged(
    line: bytes, error: str
) -> None:
    source = io.BytesIO(b'{"text": "kill"}\n' + line + b'\n{"text": "Hello"}\n')
    is_well, rows = await judged(source)
    assert not is_well
    assert rows[1] == {"error": error}
    assert [row.get("action") for row in rows] == ["block", None, "allow"]


async def test_what_is_needed_and_missing_is_told() -> None:
    @asynccontextmanager
    async def missing() -> AsyncIterator[Iterable[Filter]]:
        raise MissingError(T("The model {name} is not here.", name="guard"))
        yield ()

    with pytest.raises(MissingError):
        await judged(lines({"text": "Hello"}), missing)


class Unreadable(io.BytesIO):
    """A file on a disk that breaks behind its first line."""

    @override
    def readline(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError(5, "Input/output error")
        return super().readline(size)


async def test_source_that_breaks_is_told_after_what_could_be_read() -> None:
    out = io.StringIO()
    source = Unreadable(b'{"text": "kill"}\n{"text": "kill"}\n')
    with pytest.raises(OSError, match="Input/output error"):
        await moderate(source, out, open_filters=GUARD, policy=STANDARD)
    assert out.getvalue().count("violence 0.81") == 1


class Full(io.StringIO):
    """A disk with no room."""

    @override
    def flush(self) -> None:
        raise OSError(28, "No space left on device")


async def test_output_that_cannot_be_written_ends_it() -> None:
    source = lines(*[{"text": "Hello"}] * 500)
    with pytest.raises(OSError, match="No space left"):
        await moderate(source, Full(), open_filters=GUARD, policy=STANDARD)
    await asyncio.sleep(0)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    assert all(task.cancelling() or task.done() for task in others)


async def test_rows_that_wait_are_given_up_when_nobody_takes_them() -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b'{"text": "Hello"}'

    def broken(row: object) -> None:
        raise OSError(28, "No space left on device")

    before = asyncio.all_tasks()
    with pytest.raises(OSError, match="No space left"):
        await moderate_lines(
            endless(),
            FilterChain([]),
            policy=STANDARD,
            write=broken,
        )
    left = asyncio.all_tasks() - before
    assert left
    assert all(task.cancelling() for task in left)


async def test_row_says_what_was_decided_by_whom_and_why() -> None:
    is_well, rows = await judged(
        lines({"text": "I kill you", "stage": "input", "id": 7})
    )
    assert is_well
    scores = dict.fromkeys(map(str, Category), 0.0) | {"violence": 0.8123}
    assert rows == [
        {
            "action": "block",
            "category": "violence",
            "score": 0.8123,
            "filter": "guard",
            "reason": "violence 0.81, threshold 0.70",
            "scores": scores,
        }
    ]


async def test_stage_is_the_one_of_the_row_else_input() -> None:
    fake = FakeFilter(lambda subject: ALLOW)
    rows = ({"text": "a"}, {"text": "b", "stage": "output"})
    await judged(lines(*rows), opening(fake))
    assert [(s.text, s.stage) for s in fake.asked] == [
        ("a", Stage.INPUT),
        ("b", Stage.OUTPUT),
    ]


async def test_level_decides_how_strictly() -> None:
    row = {"text": "I kill you"}
    for level, action in ((Level.RELAXED, "allow"), (Level.STRICT, "block")):
        _, rows = await judged(lines(row), policy=Policy(level))
        assert [row["action"] for row in rows] == [action]


async def test_empty_lines_and_a_mark_at_the_start_are_no_rows() -> None:
    source = io.BytesIO(b'\xef\xbb\xbf{"text": "kill"}\n\n  \r\n{"text": "Hello"}')
    is_well, rows = await judged(source)
    assert is_well
    assert [row["action"] for row in rows] == ["block", "allow"]
    assert await judged(io.BytesIO()) == (True, [])


async def test_filters_judge_as_in_a_chat_but_those_that_count() -> None:
    too_fast = TooFast(person_per_minute=1, channel_per_minute=1, clock=FakeClock())
    assert too_fast.name in COUNTING_FILTERS
    _, rows = await judged(
        lines(*[{"text": "Hello"}] * 20, {"text": "sour grapes"}),
        opening(too_fast, WordList(("grapes",))),
    )
    assert {row["action"] for row in rows[:20]} == {"allow"}
    assert (rows[20]["action"], rows[20]["category"]) == ("block", "word")


class Slow(FakeFilter):
    """Answers the later the shorter a text is, once so many wait, and counts them."""

    num_waiting = most_waiting = 0

    def __init__(self) -> None:
        super().__init__(lambda subject: ALLOW)
        self._is_full = asyncio.Event()

    @override
    async def judge(self, subject: object) -> Verdict:
        self.num_waiting += 1
        self.most_waiting = max(self.most_waiting, self.num_waiting)
        if self.num_waiting == NUM_AT_ONCE:
            self._is_full.set()
        await self._is_full.wait()
        length = len(subject.text)  # type: ignore[attr-defined]
        for _ in range(100 - length):
            await asyncio.sleep(0)
        self.num_waiting -= 1
        return Verdict(Action.FLAG, "x", length / 100, "fake", "x")


async def test_order_is_kept_and_not_more_than_a_bound_wait_at_once() -> None:
    slow = Slow()
    lengths = [1 + 37 * number % 97 for number in range(300)]
    _, rows = await judged(
        lines(*({"text": "x" * length} for length in lengths)), opening(slow)
    )
    assert [row["score"] for row in rows] == [length / 100 for length in lengths]
    assert slow.most_waiting == NUM_AT_ONCE


async def test_row_is_answered_before_the_next_one_is_written() -> None:
    read_end, write_end = os.pipe()
    out = io.StringIO()
    with os.fdopen(read_end, "rb") as source:
        moderating = asyncio.create_task(
            moderate(source, out, open_filters=GUARD, policy=STANDARD)
        )
        async with asyncio.timeout(10):
            for number in range(1, 4):
                os.write(write_end, b'{"text": "Hello"}\n')
                # Nothing tells of a write to a StringIO: look again.
                while out.getvalue().count("\n") < number:  # noqa: ASYNC110
                    await asyncio.sleep(0.001)
            os.close(write_end)
            assert await moderating


async def test_reader_does_not_run_ahead_of_who_reads() -> None:
    source = io.BytesIO(b"x\n" * 100_000)
    reading = read_lines(source)
    assert await anext(reading) == b"x\n"
    for _ in range(100):
        await asyncio.sleep(0)
    assert source.tell() < 2 * 1000
    await reading.aclose()  # type: ignore[attr-defined]


def test_file_is_opened_and_closed_and_told_where_it_is_not(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), open_lines(tmp_path / "none.jsonl"):
        pass
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"{}\n")
    with open_lines(path) as source:
        assert source.readline() == b"{}\n"
    assert source.closed


def test_what_is_piped_in_is_left_open() -> None:
    with open_lines(None) as source:
        pass
    assert (source.fileno(), source.closed) == (0, False)


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
async def test_output_fits_its_encoding(encoding: str) -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding)
    await moderate(lines(3, {"text": "好"}), out, open_filters=GUARD, policy=STANDARD)
    rows = raw.getvalue().decode(encoding).splitlines()
    assert json.loads(rows[0]) == {"error": "the line is not an object with a text"}


async def test_two_thousand_rows_take_seconds() -> None:
    begun_s = time.process_time()
    _, rows = await judged(lines(*[{"text": "What a fine day it is."}] * 2000))
    assert len(rows) == 2000
    assert time.process_time() - begun_s < 5  # measured: 0.5 s
